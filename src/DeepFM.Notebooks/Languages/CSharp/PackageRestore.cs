using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using DeepFM.Notebooks.Execution;

namespace DeepFM.Notebooks.Languages.CSharp;

/// <summary>Restores <c>#r "nuget: Package, Version"</c> with the SDK's own restore, in a project of its own.</summary>
/// <remarks>
/// All packages of a session are restored together, so that they agree on what they share. The projects stay in a cache:
/// the same packages need neither network nor restore a second time.
/// </remarks>
/// <param name="context">Told the assemblies.</param>
sealed partial class PackageRestore(CellLoadContext context)
{
    const string Framework = "net10.0";
    readonly SortedDictionary<string, string> packages = new(StringComparer.OrdinalIgnoreCase);   // name to version, "*" for the newest
    readonly HashSet<string> given = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Where restored projects are kept.</summary>
    static string CacheFolder => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "deepfm", "packages");

    /// <summary>Whether a reference names a package.</summary>
    public static bool IsPackage(string reference) => reference.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the package of a reference has been restored.</summary>
    public bool Has(string reference) => packages.ContainsKey(Parse(reference).Name);

    /// <summary>Restores packages, and says in the cell what was installed.</summary>
    /// <returns>The assemblies that were not there before.</returns>
    /// <exception cref="CellFailedException">A package has another version already, or cannot be restored.</exception>
    public IReadOnlyList<string> Restore(IEnumerable<string> references, CellContext cell)
    {
        List<string> added = [];
        foreach (string reference in references)
        {
            (string name, string version) = Parse(reference);
            if (packages.TryGetValue(name, out string? before) && (version == before || version == "*")) { continue; }
            if (before is not null && before != "*")
            {
                throw Failed($"{name} {before} is in use already, so version {version} cannot be taken. Restart the kernel to change it.");
            }
            packages[name] = version;
            added.Add(name);
        }
        if (added.Count == 0) { return []; }
        try
        {
            string assets = Project(cell);
            (List<string> assemblies, Dictionary<string, string> installed, IEnumerable<string> late) = ReadAssets(assets);
            foreach (string line in late) { cell.Write("stderr", line + "\n"); }
            IEnumerable<string> names = added.Select(name => $"{name} {installed.GetValueOrDefault(name, "")}".TrimEnd());
            cell.Write("stdout", $"Installed {string.Join(", ", names)}\n");
            return [.. assemblies.Where(given.Add)];
        }
        catch
        {
            foreach (string name in added) { packages.Remove(name); }
            throw;
        }
    }

    static (string Name, string Version) Parse(string reference)
    {
        Match match = Form().Match(reference);
        if (!match.Success)
        {
            throw Failed($"'{reference}' is no package reference; "
                + "write \"nuget: Name, Version\", such as \"nuget: Humanizer.Core, 2.14.1\".");
        }
        string version = match.Groups["version"] is { Success: true } given ? given.Value : "*";
        if (!char.IsAsciiDigit(version[0]) && version[0] is not ('*' or '[' or '('))
        {
            throw Failed($"'{version}' is no version of a package; write one such as 2.14.1, or none for the newest.");
        }
        return (match.Groups["name"].Value, version);
    }

    // The project's assets file: from the cache, or restored.
    string Project(CellContext cell)
    {
        StringBuilder text = new("<Project Sdk=\"Microsoft.NET.Sdk\">\n  <PropertyGroup>\n");
        text.Append($"    <TargetFramework>{Framework}</TargetFramework>\n");
        text.Append("    <ManagePackageVersionsCentrally>false</ManagePackageVersionsCentrally>\n  </PropertyGroup>\n  <ItemGroup>\n");
        foreach ((string name, string version) in packages)
        {
            text.Append($"    <PackageReference Include=\"{SecurityElement.Escape(name)}\" ")
                .Append($"Version=\"{SecurityElement.Escape(version)}\" />\n");
        }
        text.Append("  </ItemGroup>\n</Project>\n");
        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
        string folder = Path.Combine(CacheFolder, digest), assets = Path.Combine(folder, "obj", "project.assets.json");
        if (File.Exists(assets) && IsWhole(assets)) { return assets; }

        Directory.CreateDirectory(folder);
        string project = Path.Combine(folder, "packages.csproj");
        File.WriteAllText(project, text.ToString());
        foreach (string shield in new[] { "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props" })
        {
            File.WriteAllText(Path.Combine(folder, shield), "<Project />\n");   // of the folders above nothing shall count
        }
        try { Run(project, cell); }
        catch
        {
            if (File.Exists(assets)) { File.Delete(assets); }       // a failed restore leaves one too, a stopped one not even its folder
            throw;
        }
        return assets;
    }

    static void Run(string project, CellContext cell)
    {
        ProcessStartInfo start = new("dotnet", ["restore", project, "--nologo", "-v", "quiet"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(project)!,
        };
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        StringBuilder said = new();
        int code;
        try
        {
            using Process process = Process.Start(start)!;
            process.OutputDataReceived += (_, line) => { lock (said) { said.AppendLine(line.Data); } };
            process.ErrorDataReceived += (_, line) => { lock (said) { said.AppendLine(line.Data); } };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            using (cell.Cancellation.Register(() => process.Kill(entireProcessTree: true))) { process.WaitForExit(); }
            code = process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            throw Failed($"The 'dotnet' command of the .NET SDK is needed to restore packages, and cannot be started: {missing.Message}");
        }
        cell.Cancellation.ThrowIfCancellationRequested();
        if (code == 0) { return; }
        throw Failure(said.ToString(), code);
    }

    /// <summary>What NuGet says of its failure, and what helps.</summary>
    /// <param name="said">All that the restore wrote.</param>
    /// <param name="code">Its exit code.</param>
    internal static CellFailedException Failure(string said, int code)
    {
        string[] errors = [.. said.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line.Contains("error", StringComparison.OrdinalIgnoreCase))
            .Select(line => ErrorCode().Match(line) is { Success: true } found ? line[found.Index..].Split(" [/")[0] : line).Distinct()];
        string advice = (errors.Length == 0 ? "" : ErrorCode().Match(errors[0]).Value) switch
        {
            "NU1101" => "Check the package's name.",
            "NU1102" or "NU1103" => "Check the version.",
            "NU1605" or "NU1107" or "NU1608" => "Packages of a notebook share one version of what they need: ask for the higher one, "
                + "or leave the version out. Packages of cells that ran before count too, until the kernel is restarted.",
            "NU1202" or "NU1213" => "Take a version of the package that is made for .NET 10 or earlier.",
            "NU1301" or "NU1300" or "" => "Check the network, or restore the package once where there is one.",
            _ => "",
        };
        string reason = string.Join(' ', new[] { "The restore failed:", errors.FirstOrDefault() ?? $"exit code {code}", advice }
            .Where(part => part.Length > 0));
        return new("PackageError", reason, [.. errors, .. advice.Length > 0 ? [advice] : Array.Empty<string>()]);
    }

    /// <summary>The assemblies and the packages in an assets file; those who load cells are told where their files are.</summary>
    /// <returns>Also what to say of assemblies of which another build is loaded already.</returns>
    internal (List<string> Assemblies, Dictionary<string, string> Installed, IEnumerable<string> Late) ReadAssets(string assets)
    {
        Dictionary<string, string> installed = new(StringComparer.OrdinalIgnoreCase);
        List<string> files = [];
        string rid = RuntimeInformation.RuntimeIdentifier;
        foreach ((string library, JsonElement content, string folder) in Libraries(assets))
        {
            string[] parts = library.Split('/');
            installed[parts[0]] = parts[1];
            files.AddRange(Items(content, "runtime").Where(item => item.Name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
                .Select(item => Path.Combine(folder, item.Name)));
            foreach (JsonProperty item in Items(content, "runtimeTargets"))
            {
                string target = item.Value.GetProperty("rid").GetString() ?? "";
                bool fits = rid == target || rid.StartsWith(target + "-", StringComparison.Ordinal) || target == GenericRid;
                if (target.Length == 0 || !fits) { continue; }
                string path = Path.Combine(folder, item.Name);
                if (item.Value.GetProperty("assetType").GetString() == "native") { context.AddNativeFolder(Path.GetDirectoryName(path)!); }
            }
        }
        string?[] late = [.. files.Select(file => context.AddFile(file) is { } loaded ? AssemblyFile.Late(file, loaded) : null)];
        return (files, installed, late.OfType<string>());
    }

    static string GenericRid => (OperatingSystem.IsWindows() ? "win-" : OperatingSystem.IsMacOS() ? "osx-" : "linux-")
        + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    // Whether all packages were found once, and their files are still there.
    bool IsWhole(string assets)
    {
        List<(string Name, JsonElement Content, string Folder)> libraries;
        try { libraries = Libraries(assets); }
        catch (Exception damaged) when (damaged is JsonException or KeyNotFoundException or InvalidOperationException) { return false; }
        return packages.Keys.All(name => libraries.Any(library => library.Name.StartsWith(name + "/", StringComparison.OrdinalIgnoreCase)))
            && libraries.SelectMany(library => Items(library.Content, "runtime").Select(item => Path.Combine(library.Folder, item.Name)))
                .All(File.Exists);
    }

    static List<(string Name, JsonElement Content, string Folder)> Libraries(string assets)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(assets));
        JsonElement root = json.RootElement;
        string[] roots = [.. root.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name)];
        JsonElement known = root.GetProperty("libraries");
        return [.. root.GetProperty("targets").EnumerateObject().First().Value.EnumerateObject()
            .Where(library => known.GetProperty(library.Name).GetProperty("type").GetString() == "package")
            .Select(library =>
            {
                string path = known.GetProperty(library.Name).GetProperty("path").GetString()!;
                string? folder = roots.Select(root => Path.Combine(root, path)).FirstOrDefault(Directory.Exists);
                return (library.Name, library.Value.Clone(), folder ?? path);
            })];
    }

    static IEnumerable<JsonProperty> Items(JsonElement library, string kind) =>
        library.TryGetProperty(kind, out JsonElement items)
            ? items.EnumerateObject().Where(item => !item.Name.EndsWith("_._", StringComparison.Ordinal))
            : [];

    static CellFailedException Failed(string message) => new("PackageError", message, [message]);

    [GeneratedRegex(@"^nuget:\s*(?<name>[\w.-]+)\s*(,\s*(?<version>[\w.*+\[\](),-]+))?\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex Form();

    [GeneratedRegex(@"NU\d{4}")]
    private static partial Regex ErrorCode();
}
