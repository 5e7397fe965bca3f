using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DeepFM.Notebooks.Files;

namespace DeepFM.Notebooks.Tests.Shipped;

/// <summary>Notebooks that Jupyter has executed into the folder that DEEPFM_EXECUTED_NOTEBOOKS names; <c>.ci/run</c> does so.</summary>
public sealed class ExecutedNotebookTests
{
    public static TheoryData<string> Names => [.. Committed.Names];

    [Theory, MemberData(nameof(Names))]
    public void NoCellFailed_EveryChartHasItsPicture_AndTheLibraryComesOnce(string name)
    {
        string? folder = Environment.GetEnvironmentVariable("DEEPFM_EXECUTED_NOTEBOOKS");
        if (folder is null) { Assert.Skip("Needs notebooks that Jupyter has executed: .ci/run makes them, and sets the variable."); }

        NotebookCell[] cells = [.. Notebook.Read(Path.Combine(folder, name)).Cells.Where(cell => cell.IsCode)];
        JsonNode[] outputs = [.. cells.SelectMany(cell => cell.Json["outputs"]!.AsArray()).OfType<JsonNode>()];

        Assert.Equal(Committed.Read(name).Cells.Count(cell => cell.IsCode), cells.Length);
        Assert.All(cells, cell => Assert.NotNull(cell.Json["execution_count"]));
        Assert.DoesNotContain(outputs, output => (string?)output["output_type"] == "error");
        string all = string.Concat(outputs.Select(output => output["data"]?["text/html"]).OfType<JsonNode>()
            .Select(html => html is JsonArray lines ? string.Concat(lines.Select(line => (string?)line)) : (string?)html));
        int charts = Regex.Count(all, "class=\"chart-still\"");
        Assert.Equal(charts, Regex.Count(all, "class=\"chart-still\"><img src=\"data:image/svg\\+xml;base64,"));
        Assert.Equal(charts > 0 ? 1 : 0, Regex.Count(all, @"plotly\.js v\d"));
    }
}
