using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using DeepFM.Notebooks.Files;

namespace DeepFM.Notebooks.Tests.Shipped;

/// <summary>What every committed notebook must be like; whether it runs is for Jupyter.</summary>
public sealed partial class CommittedNotebookTests
{
    const int MostLines = 15, MostColumns = 140, MostBytes = 1_500_000;

    public static TheoryData<string> Names => [.. Committed.Names];

    [Fact]
    public void AllSevenAreThere() => Assert.Equal(
        ["00-quickstart", "01-data", "02-models", "03-comparison", "04-efficiency", "05-hyperparameters", "06-your-data"],
        Committed.Names.Select(Path.GetFileNameWithoutExtension));

    [Theory, MemberData(nameof(Names))]
    public void ItOpensWithWhatItShows_AndHowLongItTakes(string name)
    {
        Notebook notebook = Committed.Read(name);
        NotebookCell first = notebook.Cells[0];
        Assert.Equal(("markdown", "C#"), (first.Kind, notebook.Language));
        Assert.StartsWith("# ", first.Source, StringComparison.Ordinal);
        Assert.Contains("**What it shows:**", first.Source, StringComparison.Ordinal);
        Assert.Contains("**How long it takes:**", first.Source, StringComparison.Ordinal);
        Assert.Single(notebook.Cells, cell => cell.Tags.Contains("parameters"));
        Assert.Equal("#r \"../artifacts/bin/DeepFM.Notebooks/release/DeepFM.Notebooks.dll\"", Code(notebook).First().Source);
    }

    [Theory, MemberData(nameof(Names))]
    public void ItsCellsAreSmall(string name)
    {
        Notebook notebook = Committed.Read(name);
        Assert.All(Code(notebook), cell =>
        {
            string[] lines = cell.Source.Split('\n');
            Assert.InRange(lines.Length, 1, MostLines);
            Assert.All(lines, line => Assert.InRange(line.Length, 0, MostColumns));
        });
        Assert.InRange(notebook.Cells.Count(cell => cell.Kind == "markdown"), 3, int.MaxValue);
    }

    [Theory, MemberData(nameof(Names))]
    public void ItsCSharpRunsInOtherKernelsToo(string name)
    {
        NotebookCell[] cells = [.. Code(Committed.Read(name))];
        Assert.All(cells.Where(cell => !cell.Source.StartsWith("#!fsharp\n", StringComparison.Ordinal)), cell =>
        {
            string[] lines = cell.Source.Split('\n');
            Assert.DoesNotContain(lines, line => line.StartsWith("#!", StringComparison.Ordinal));
            Assert.DoesNotContain(lines, line => NotInScripts().IsMatch(line));
            int usings = lines.Count(line => line.StartsWith("using ", StringComparison.Ordinal));
            Assert.True(usings == 0 || usings == lines.Length, $"usings stand in a cell of their own, not in:\n{cell.Source}");
        });
    }

    [Fact]
    public void OneHasAnFSharpCell_AndSaysWhatItNeeds()
    {
        NotebookCell[] cells = [.. Committed.Names.SelectMany(name => Committed.Read(name).Cells)];
        int at = Array.FindIndex(cells, cell => cell.IsCode && cell.Source.StartsWith("#!fsharp", StringComparison.Ordinal));
        Assert.Contains("needs a kernel that knows more than one language", cells[at - 1].Source, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Names))]
    public void ItHasOutputsOfOneWholeRun_WithoutErrors(string name)
    {
        NotebookCell[] cells = [.. Code(Committed.Read(name))];
        Assert.Equal(Enumerable.Range(1, cells.Length), cells.Select(cell => (int?)cell.Json["execution_count"] ?? 0));
        JsonObject[] outputs = [.. cells.SelectMany(Outputs)];
        Assert.NotEmpty(outputs);
        Assert.DoesNotContain(outputs, output => (string?)output["output_type"] == "error" || (string?)output["name"] == "stderr");
        Assert.All(outputs.Where(output => output["data"] is not null), output => Assert.NotNull(output["data"]!["text/plain"]));
    }

    [Theory, MemberData(nameof(Names))]
    public void EveryChartHasItsPicture_AndNoScript(string name)
    {
        string[] pages = [.. Code(Committed.Read(name)).SelectMany(Outputs).Select(output => output["data"]?["text/html"])
            .OfType<JsonNode>().Select(Text)];
        string all = string.Concat(pages);
        Assert.DoesNotContain("<script", all, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("needs a viewer that runs scripts", all, StringComparison.Ordinal);
        Assert.DoesNotContain("its formatter failed", File.ReadAllText(Committed.PathOf(name)), StringComparison.Ordinal);

        int charts = Regex.Count(all, "class=\"chart-still\"");
        Assert.Equal(charts, Regex.Count(all, "class=\"chart-still\"><img src=\"data:image/svg\\+xml;base64,"));
        MatchCollection pictures = Picture().Matches(all);
        Assert.InRange(pictures.Count, Math.Max(1, charts), int.MaxValue);
        Assert.All(pictures, picture =>
        {
            XElement svg = XElement.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(picture.Groups[1].Value)));
            Assert.Equal("svg", svg.Name.LocalName);
            Assert.DoesNotContain("NaN", svg.ToString(), StringComparison.Ordinal);
        });
    }

    [Theory, MemberData(nameof(Names))]
    public void ItIsSmall_AndNamesNoPlaceOfAMachine(string name)
    {
        string text = File.ReadAllText(Committed.PathOf(name));
        Assert.InRange(Encoding.UTF8.GetByteCount(text), 1, MostBytes);
        Assert.DoesNotMatch(@"(?<![\w.])/(home|root|tmp|work|Users|usr|mnt)/\w|[A-Z]:\\\\\w", text);
        Assert.Equal(Notebook.Parse(text, name).ToJson(), text);           // as the kit writes it: no noise in later changes
    }

    static IEnumerable<NotebookCell> Code(Notebook notebook) => notebook.Cells.Where(cell => cell.IsCode);

    static IEnumerable<JsonObject> Outputs(NotebookCell cell) => cell.Json["outputs"]!.AsArray().Select(output => output!.AsObject());

    static string Text(JsonNode text) =>
        text is JsonArray lines ? string.Concat(lines.Select(line => (string?)line)) : (string?)text ?? "";

    // Spans, namespaces and using declarations do not go at the top level of a script.
    [GeneratedRegex(@"^(ReadOnlySpan|Span|namespace|using var)\b|^using [\w<>?\[\]]+ \w+ =")]
    private static partial Regex NotInScripts();

    [GeneratedRegex("<img src=\"data:image/svg\\+xml;base64,([^\"]+)\"")]
    private static partial Regex Picture();
}
