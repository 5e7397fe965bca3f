using System.Text.Json;

namespace DeepFM.Cli.Tests;

public sealed class JupyterTests : IDisposable
{
    readonly Workspace workspace = new();

    public void Dispose() => workspace.Dispose();

    [Fact]
    public void Install_List_Uninstall()
    {
        Outcome installed = workspace.Run("jupyter install --prefix @here --name mine");
        Assert.Equal((0, ""), (installed.Code, installed.Error));
        string folder = workspace["here/share/jupyter/kernels/mine"];
        Assert.StartsWith($"Installed the kernel '.NET (C#) mine' in {folder}.", installed.Output, StringComparison.Ordinal);
        Assert.Contains("Jupyter does not look there by itself", installed.Output, StringComparison.Ordinal);
        JsonElement argv = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "kernel.json"))).RootElement.GetProperty("argv");
        Assert.EndsWith("deepfm.dll", argv[1].GetString(), StringComparison.Ordinal);
        Assert.True(File.Exists(argv[1].GetString()));

        Outcome list = workspace.Run("jupyter list --json");
        Assert.Equal((0, ""), (list.Code, list.Error));
        Assert.Equal(JsonValueKind.Array, JsonDocument.Parse(list.Output).RootElement.GetProperty("kernels").ValueKind);

        Assert.Equal(0, workspace.Run("jupyter uninstall --prefix @here --name mine").Code);
        Assert.False(Directory.Exists(folder));
    }

    [Theory]
    [InlineData("jupyter install --user --prefix @here", "--user, --prefix and --sys-prefix exclude one another")]
    [InlineData("jupyter install --prefix @here --name a/b", "The kernel name 'a/b' is not allowed")]
    [InlineData("jupyter install --prefix @train.csv", "is a file, so no folder can be made below it")]
    [InlineData("jupyter install --prefix @taken --name mine", "mine is a file, so no folder can be made below it")]
    [InlineData("jupyter uninstall --prefix @here", "there is no such kernel")]
    [InlineData("jupyter instal", "did you mean 'install'?")]
    [InlineData("kernel --connection-file @none.json", "the connection file cannot be read")]
    [InlineData("kernel --connection-file @train.csv", "line 1, byte 1: this is not JSON")]
    public void WrongUse_IsSaid(string line, string message)
    {
        Directory.CreateDirectory(workspace["taken/share/jupyter/kernels"]);
        workspace.Write("taken/share/jupyter/kernels/mine", "");
        Outcome outcome = workspace.Run(line);
        Assert.Equal((2, ""), (outcome.Code, outcome.Output));
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Install_RefusesAForeignKernel_UnlessForced()
    {
        Directory.CreateDirectory(workspace["here/share/jupyter/kernels/.net-csharp"]);
        string file = workspace.Write("here/share/jupyter/kernels/.net-csharp/kernel.json",
            """{ "argv": ["x"], "display_name": "Theirs" }""");

        Outcome refused = workspace.Run("jupyter install --prefix @here");
        Assert.Equal(2, refused.Code);
        Assert.Contains("Replace it with --force", refused.Error, StringComparison.Ordinal);
        Assert.Contains("Theirs", File.ReadAllText(file), StringComparison.Ordinal);
        Assert.Equal(0, workspace.Run("jupyter install --prefix @here --force").Code);
    }

    [Fact]
    public void Help_ListsJupyter_ButNotTheKernel()
    {
        string help = workspace.Run("--help").Output;
        Assert.Contains("  jupyter ", help, StringComparison.Ordinal);
        Assert.DoesNotContain("  kernel ", help, StringComparison.Ordinal);
        Assert.All(["install", "uninstall", "list"],
            name => Assert.Contains($"  deepfm jupyter {name}", workspace.Run($"jupyter {name} --help").Output, StringComparison.Ordinal));
    }
}
