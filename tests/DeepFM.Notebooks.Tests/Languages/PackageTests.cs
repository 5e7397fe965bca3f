using System.Reflection;
using System.Runtime.InteropServices;
using DeepFM.Notebooks.Execution;
using DeepFM.Notebooks.Languages.CSharp;
using DeepFM.Notebooks.Tests.Execution;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DeepFM.Notebooks.Tests.Languages;

public sealed class PackageTests(HostFixture host) : IClassFixture<HostFixture>
{
    // That of Directory.Packages.props; see the project file.
    static readonly string version = typeof(PackageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(data => data.Key == "Spectre.Console").Value!;

    [Fact]
    public async Task APackage_IsRestoredAndUsed()
    {
        RecordedOutput output = new();
        // A package that this kit builds with, so that it is there without a network; the kernel does not run on it.
        CellResult result = await host.RunAsync(
            $"#r \"nuget: Spectre.Console, {version}\"\nusing Spectre.Console;\nMarkup.Escape(\"[x]\")", output);

        Assert.True(result.Succeeded, string.Join('\n', result.Traceback ?? []));
        Assert.Equal("[[x]]", result.Value!.Data["text/plain"]);
        Assert.Equal($"Installed Spectre.Console {version}\n", output.Out);

        CellResult other = await host.RunAsync("#r \"nuget: Spectre.Console, 0.49.1\"\n1");
        Assert.Equal($"Spectre.Console {version} is in use already, so version 0.49.1 cannot be taken. Restart the kernel to change it.",
            other.ErrorMessage);
    }

    [Fact]
    public async Task AWrongReference_IsExplained()
    {
        CellResult result = await host.RunAsync("#r \"nuget: two words\"\n1");
        Assert.Equal(("PackageError",
            "'nuget: two words' is no package reference; write \"nuget: Name, Version\", such as \"nuget: Humanizer.Core, 2.14.1\"."),
            (result.ErrorName, result.ErrorMessage));
    }

    [Fact]
    public async Task AWrongVersion_IsExplained_BeforeAnythingIsRestored()
    {
        CellResult result = await host.RunAsync("#r \"nuget: Humanizer.Core, newest\"\n1");
        Assert.Equal("'newest' is no version of a package; write one such as 2.14.1, or none for the newest.", result.ErrorMessage);
    }

    [Fact]
    public async Task APackageThatCannotBeHad_IsAnError()
    {
        // A deadline, so that a network that never answers fails the test; nothing is measured.
        using CancellationTokenSource late = new(TimeSpan.FromMinutes(4));
        CellResult result = await host.RunAsync("#r \"nuget: DeepFM.NoSuchPackage.AtAll, 1.0.0\"\n1", cancel: late.Token);
        Assert.Equal("PackageError", result.ErrorName);
        Assert.StartsWith("The restore failed: ", result.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("NU1", result.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NU1605: Warning As Error: Detected package downgrade: Newtonsoft.Json from 13.0.3 to 12.0.1.", "ask for the higher one")]
    [InlineData("NU1101: Unable to find package Nope. No packages exist with this id in source(s): nuget.org", "Check the package's name.")]
    [InlineData("NU1102: Unable to find package X with version (>= 99.0.0)", "Check the version.")]
    [InlineData("NU1301: Unable to load the service index for source https://api.nuget.org/v3/index.json.", "Check the network")]
    [InlineData("NU1202: Package X 1.0.0 is not compatible with net10.0", "made for .NET 10")]
    [InlineData("NU1004: The packages lock file is inconsistent.", "is inconsistent.")]
    public void ARestoreThatFails_SaysNuGetsReason_AndWhatHelps(string reason, string advice)
    {
        string said = $"/tmp/x/packages.csproj : error {reason} [/tmp/x/packages.csproj]\n/tmp/x/packages.csproj : error NU1605:  packages -> A 1.0\n";
        CellFailedException failed = PackageRestore.Failure(said, 1);
        Assert.StartsWith($"The restore failed: {reason}", failed.Message, StringComparison.Ordinal);
        Assert.Contains(advice, failed.Message, StringComparison.Ordinal);
        Assert.Equal(reason.StartsWith("NU1301", StringComparison.Ordinal), failed.Message.Contains("network", StringComparison.Ordinal));
    }

    // As those of TorchSharp and SkiaSharp: code that is not .NET's, for this processor.
    [Fact]
    public void ANativeLibraryOfAPackage_IsFoundByTheCellsThatCallIt()
    {
        string system = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "libSystem.Native.so");
        Assert.SkipUnless(File.Exists(system), "Not on this system.");
        string folder = Directory.CreateTempSubdirectory("native-").FullName, rid = RuntimeInformation.RuntimeIdentifier;
        try
        {
            string library = $"runtimes/{rid}/native/libof-a-package.so", assets = Path.Combine(folder, "project.assets.json");
            string path = Path.Combine(folder, "native.package", "1.0.0", library);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Copy(system, path);
            File.WriteAllText(assets, $$"""
                { "packageFolders": { "{{folder}}/": {} },
                  "libraries": { "Native.Package/1.0.0": { "type": "package", "path": "native.package/1.0.0" } },
                  "targets": { "net10.0": { "Native.Package/1.0.0": {
                    "runtimeTargets": { "{{library}}": { "assetType": "native", "rid": "{{rid}}" } } } } } }
                """);
            CellLoadContext context = new();
            new PackageRestore(context).ReadAssets(assets);

            using MemoryStream image = new(), symbols = new();
            Assert.True(CSharpCompilation.Create("calls",
                [CSharpSyntaxTree.ParseText("public static class Calls { [System.Runtime.InteropServices.DllImport(\"of-a-package\")] "
                    + "public static extern int SystemNative_GetPid(); }", cancellationToken: TestContext.Current.CancellationToken)],
                [MetadataReference.CreateFromFile(typeof(object).Assembly.Location)],
                new(OutputKind.DynamicallyLinkedLibrary)).Emit(image, symbols, cancellationToken: TestContext.Current.CancellationToken).Success);
            image.Position = symbols.Position = 0;
            Assert.Equal(Environment.ProcessId,
                context.LoadCell(image, symbols).GetType("Calls")!.GetMethod("SystemNative_GetPid")!.Invoke(null, null));
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    [Fact]
    public void AnInterruptedRestore_IsNoError()
    {
        const string Reference = "nuget: DeepFM.NoSuchPackage.Interrupted, 1.0.0";
        CellContext cell = new(1, "", new RecordedOutput(), new(), new CancellationToken(canceled: true));
        Assert.ThrowsAny<OperationCanceledException>(() => new PackageRestore(new()).Restore([Reference], cell));
    }
}
