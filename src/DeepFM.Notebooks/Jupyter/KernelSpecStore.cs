using System.Reflection;
using System.Text.RegularExpressions;
using DeepFM.Training;

namespace DeepFM.Notebooks.Jupyter;

/// <summary>The kernel specs below one data folder of Jupyter.</summary>
/// <param name="dataFolder">The data folder, such as ~/.local/share/jupyter.</param>
public sealed partial class KernelSpecStore(string dataFolder)
{
    /// <summary>The name that C# notebooks ask for: that of .NET Interactive, so that they open here unchanged.</summary>
    public const string StandardName = ".net-csharp";

    static readonly string[] logos = ["logo-64x64.png", "logo-svg.svg"];
    readonly string kernels = Path.Combine(dataFolder, "kernels");

    /// <summary>Installs this kit's kernel under a name, or brings its spec up to date.</summary>
    /// <param name="name">Letters, digits, '.', '_' and '-'.</param>
    /// <param name="program">The full path of deepfm.dll.</param>
    /// <param name="force">Replaces a kernel spec that this kit has not installed.</param>
    /// <returns>What now stands there.</returns>
    /// <exception cref="UserErrorException">The name is not allowed, the place is taken, or nothing can be written there.</exception>
    public KernelSpec Install(string name, string program, bool force)
    {
        string folder = FolderOf(name);
        AtomicFile.RequireFolder(folder);
        if (Directory.Exists(folder))
        {
            KernelSpec there = KernelSpec.Read(folder);
            if (!there.IsOurs && !force)
            {
                throw new UserErrorException($"{folder}: there is a kernel '{there.DisplayName}' that this kit has not installed. "
                    + "Replace it with --force, or choose another name with --name.");
            }
            if (!there.IsOurs) { Remove(folder); }
        }
        string displayName = name == StandardName ? ".NET (C#)" : $".NET (C#) {name}";
        Assembly assembly = typeof(KernelSpecStore).Assembly;
        foreach (string logo in logos)
        {
            AtomicFile.Write(Path.Combine(folder, logo), file =>
            {
                using Stream drawing = assembly.GetManifestResourceStream(logo)!;
                drawing.CopyTo(file);
            });
        }
        // Last, because it makes the folder a kernel spec.
        JsonFiles.Write(Path.Combine(folder, KernelSpec.FileName), KernelSpec.Content(Host(), program, displayName));
        return KernelSpec.Read(folder);
    }

    /// <summary>Removes a kernel spec that this kit has installed, and returns what stood there.</summary>
    /// <exception cref="UserErrorException">There is none, or this kit has not installed it.</exception>
    public KernelSpec Uninstall(string name)
    {
        string folder = FolderOf(name);
        if (!Directory.Exists(folder))
        {
            string names = string.Join(", ", List().Where(spec => spec.IsOurs).Select(spec => spec.Name));
            throw new UserErrorException($"{folder}: there is no such kernel. "
                + (names.Length > 0 ? $"Installed by this kit there: {names}."
                    : "This kit has installed none there; see 'deepfm jupyter list'."));
        }
        KernelSpec spec = KernelSpec.Read(folder);
        if (!spec.IsOurs)
        {
            throw new UserErrorException($"{folder}: this kit has not installed the kernel '{spec.DisplayName}'. "
                + $"Remove it with: jupyter kernelspec remove {name}");
        }
        Remove(folder);
        return spec;
    }

    /// <summary>All kernel specs below the folder, by name.</summary>
    public IReadOnlyList<KernelSpec> List()
    {
        if (!Directory.Exists(kernels)) { return []; }
        return [.. Directory.EnumerateDirectories(kernels)
            .Where(folder => File.Exists(Path.Combine(folder, KernelSpec.FileName)))
            .Order(StringComparer.Ordinal).Select(KernelSpec.Read)];
    }

    // The program that runs this process: the one whose runtime is loaded, wherever it was installed.
    internal static string Host()
    {
        string file = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        // …/shared/Microsoft.NETCore.App/10.0.0/
        string runtime = System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory();
        string found = Path.GetFullPath(Path.Combine(runtime, "..", "..", "..", file));
        return File.Exists(found)
            ? found
            : throw new UserErrorException($"{found}: the dotnet program is not where its runtime is. Install .NET 10 with its host.");
    }

    string FolderOf(string name) => NameRegex().IsMatch(name) && name is not ("." or "..")
        ? Path.Combine(kernels, name.ToLowerInvariant())
        : throw new UserErrorException($"The kernel name '{name}' is not allowed: Jupyter takes letters, digits, '.', '_' and '-' only.");

    // kernel.json goes first: what is left of a folder that could not be removed whole is no kernel.
    static void Remove(string folder)
    {
        string file = Path.Combine(folder, KernelSpec.FileName);
        if (File.Exists(file)) { File.Delete(file); }
        Directory.Delete(folder, recursive: true);
    }

    [GeneratedRegex(@"^[A-Za-z0-9._-]+\z")]
    private static partial Regex NameRegex();
}
