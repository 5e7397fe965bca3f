using System.Globalization;
using System.Runtime.InteropServices;

namespace DeepFM.Cli;

/// <summary>The cultures of the process: whole ones for the cells of notebooks, the invariant one for the kit itself.</summary>
/// <remarks>
/// The kit's other programs have invariant globalization, but so would the code of users' cells. Left out here, .NET takes its cultures
/// from the system's ICU, and ends a process that finds none, as in many containers. So ICU is looked for first, as .NET itself does
/// it; without one the process goes on with invariant globalization, in which a culture can still be made by its name
/// (PredefinedCulturesOnly is false), though it has the invariant one's formats. What is written without a culture, such as the kit's
/// own numbers, is invariant in both cases, whatever LANG says.
/// </remarks>
static class Cultures
{
    /// <summary>Must come before anything that asks for a culture.</summary>
    public static void Prepare()
    {
        if (OperatingSystem.IsLinux() && !HasIcu()) { AppContext.SetSwitch("System.Globalization.Invariant", true); }
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
    }

    static bool HasIcu()
    {
        try { return LoadIcu() != 0; }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException) { return false; }
    }

    [DllImport("libSystem.Globalization.Native", EntryPoint = "GlobalizationNative_LoadICU")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int LoadIcu();
}
