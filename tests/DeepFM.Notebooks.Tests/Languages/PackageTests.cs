using System.Reflection;
using DeepFM.Notebooks.Execution;
using DeepFM.Notebooks.Languages.CSharp;
using DeepFM.Notebooks.Tests.Execution;

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

    [Fact]
    public void AnInterruptedRestore_IsNoError()
    {
        const string Reference = "nuget: DeepFM.NoSuchPackage.Interrupted, 1.0.0";
        CellContext cell = new(1, "", new RecordedOutput(), new(), new CancellationToken(canceled: true));
        Assert.ThrowsAny<OperationCanceledException>(() => new PackageRestore(new()).Restore([Reference], cell));
    }
}
