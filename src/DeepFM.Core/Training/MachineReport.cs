using System.Reflection;
using System.Runtime.InteropServices;
using DeepFM.Numerics;

namespace DeepFM.Training;

/// <summary>Where a run took place: figures of speed mean nothing without it.</summary>
/// <param name="Processor">Its name as the operating system gives it.</param>
/// <param name="Cores">Logical processors that the process may use.</param>
/// <param name="MemoryBytes">Memory that the process may use.</param>
/// <param name="VectorBits">Width of the registers that the kernels use; the bits of results depend on it.</param>
/// <param name="OperatingSystem">Name and version.</param>
/// <param name="Framework">The .NET version.</param>
/// <param name="Kit">Version of this kit.</param>
/// <param name="Commit">The kit's git commit, where the build knew it.</param>
/// <param name="WidestVectorBits">
/// Width of the widest registers that the processor has, 0 without any; the bits of results depend on it too. Null in old reports.
/// </param>
public sealed record MachineReport(string Processor, int Cores, long MemoryBytes, int VectorBits, string OperatingSystem,
    string Framework, string Kit, string? Commit, int? WidestVectorBits = null)
{
    /// <summary>This machine, as it is now.</summary>
    public static MachineReport Current { get; } = Read();

    static MachineReport Read()
    {
        // The build writes "version+commit" when it knows the commit.
        string[] version = (typeof(MachineReport).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "").Split('+', 2);
        return new(ProcessorName(), Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            Kernels.Current.Bits,
            RuntimeInformation.OSDescription, RuntimeInformation.FrameworkDescription,
            version[0], version.Length > 1 ? version[1] : null, Kernels.WidestBits);
    }

    static string ProcessorName()
    {
        const string linux = "/proc/cpuinfo";
        string? line = File.Exists(linux)
            ? File.ReadLines(linux).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?.Split(':', 2)[1].Trim()
            ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")       // Windows
            ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
