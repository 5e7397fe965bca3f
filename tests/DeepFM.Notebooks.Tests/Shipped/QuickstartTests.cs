using DeepFM.Notebooks.Files;

namespace DeepFM.Notebooks.Tests.Shipped;

/// <summary>The quick start, run with few rows by the runner; all notebooks are run by Jupyter in <c>.ci/run</c>.</summary>
[Collection(nameof(Alone))]
public sealed class QuickstartTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("quickstart-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task ItRunsFromTopToBottom_AndTheStaticCopyHasPicturesAlone()
    {
        string assembly = Path.Combine(Committed.Folder, "..", "artifacts", "bin", "DeepFM.Notebooks", "release", "DeepFM.Notebooks.dll");
        if (!File.Exists(assembly)) { Missing.Skip("Needs the release build, which the notebooks refer to: dotnet build -c Release."); }
        string copy = Path.Combine(folder, "copy.ipynb");
        NotebookRunner runner = new()
        {
            Static = true,
            TimeoutSeconds = 120,
            Parameters = new Dictionary<string, string> { ["trainRows"] = "5000", ["testRows"] = "2000", ["folder"] = folder },
        };

        await runner.RunAsync(Committed.PathOf("00-quickstart.ipynb"), copy, TestContext.Current.CancellationToken);

        Notebook notebook = Notebook.Read(copy);
        string text = File.ReadAllText(copy);
        Assert.Contains("trainRows = 5000;", notebook.Cells.Single(cell => cell.Tags.Contains("injected-parameters")).Source,
            StringComparison.Ordinal);
        Assert.DoesNotContain("<script", text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("chart-still", text, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(folder, "deepfm", "report.json")));
        Assert.Equal(2001, File.ReadLines(Path.Combine(folder, "data", "test.csv")).Count());
    }
}
