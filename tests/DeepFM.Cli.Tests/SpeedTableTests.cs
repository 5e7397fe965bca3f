using System.Text.Json;
using System.Text.RegularExpressions;

namespace DeepFM.Cli.Tests;

/// <summary>README's table of speeds is that of the newest committed measurements.</summary>
public sealed partial class SpeedTableTests
{
    // A processor with AVX-512 and one without.
    const string Wide = "tests/DeepFM.Benchmarks/results/zen4-epyc-2-cores", Narrow = "tests/DeepFM.Benchmarks/results/zen3-epyc-2-cores";

    [Fact]
    public void Readme_PrintsTheNewestMeasurements()
    {
        Dictionary<string, string> wide = Measured(Wide), narrow = Measured(Narrow);

        string[][] rows = [.. RowRegex().Matches(Part())
            .Select(row => new[] { row.Groups["what"].Value, row.Groups["wide"].Value, row.Groups["narrow"].Value })];

        Assert.Equal(wide.Select(row => new[] { row.Key, row.Value, narrow[row.Key] }), rows);
    }

    [Theory, InlineData(Wide), InlineData(Narrow)]
    public void Readme_NamesTheirCommit(string folder)
    {
        string[] commits = [.. Newest(folder).Values.Select(path => JsonDocument.Parse(File.ReadAllText(path)).RootElement
            .GetProperty("machine").GetProperty("commit").GetString()![..12]).Distinct()];

        Assert.All(commits, commit => Assert.Contains(commit, Part(), StringComparison.Ordinal));
    }

    // Each row's cell, from its file; a dash for a step that was not measured.
    static Dictionary<string, string> Measured(string folder)
    {
        Dictionary<string, JsonElement> files = Newest(folder).ToDictionary(file => file.Key,
            file => JsonDocument.Parse(File.ReadAllText(file.Value)).RootElement);
        string Step(string what)
        {
            if (!files.TryGetValue($"step-{what}", out JsonElement step)) { return "–"; }
            return Text($"{Number(step, "samplesPerSecond"):N0} samples/s")
                + (step.TryGetProperty("shareOfBound", out JsonElement share) && share.ValueKind == JsonValueKind.Number
                    ? Text($", {100 * share.GetDouble():0} % of the bound") : "");
        }
        string Ratio(string what) => Text($"{Number(files[$"torchsharp-{what}-peer"], "ratio", "median"):0.00} ×");
        JsonElement gemm = files["gemm"];
        return new()
        {
            ["matrix products of 4096×400×400, all three, one thread"] = Text(
                $"{Number(gemm, "oneThread", "allGflops", "median"):0} GFLOP/s, ")
                + Text($"{100 * Number(gemm, "oneThread", "shareOfPeak"):0} % of the peak ")
                + Text($"({Number(gemm, "oneThread", "peakGflops", "median"):0})"),
            ["the same, two threads against one"] = Text($"{Number(gemm, "speedup"):0.00} ×"),
            ["DeepFM step, batch 4096, 1 M ids"] = Step("deepfm-1m"),
            ["DeepFM step, 100 k ids"] = Step("deepfm-100k"),
            ["DeepFM step, 10 M ids"] = Step("deepfm-10m"),
            ["DeepFM step, batch 1024"] = Step("deepfm-batch1024"),
            ["DeepFM step, batch 256"] = Step("deepfm-batch256"),
            ["DeepFM step, one thread"] = Step("deepfm-1m-1thread"),
            ["DeepFM step, 256-bit registers (`DEEPFM_SIMD=256`)"] = Step("deepfm-1m-256bit"),
            ["LR with FTRL"] = Step("lr"),
            ["FM with Adagrad"] = Step("fm-adagrad"),
            ["FM with Adam"] = Step("fm-adam"),
            ["FNN, without pre-training"] = Step("fnn"),
            ["IPNN"] = Step("ipnn"),
            ["OPNN"] = Step("opnn"),
            ["PNN*"] = Step("pnn-star"),
            ["LR & DNN"] = Step("lr-dnn"),
            ["FM & DNN"] = Step("fm-dnn"),
            ["scoring, DeepFM"] = Text($"{Number(files["score-deepfm"], "samplesPerSecond"):N0} samples/s"),
            ["exact AUC of 10 M scores"] = Text($"{Number(files["auc"], "medianMilliseconds") / 1000:0.00} s"),
            ["Criteo text to encoded rows, both passes"] = Text($"{Number(files["read"], "rowsPerSecond", "median"):N0} rows/s"),
            ["DeepFM step against TorchSharp 0.107.0 with its dense Adam, in turn"] = Ratio("adam-1m"),
            ["the same, TorchSharp with sparse gradients and plain SGD"] = Ratio("sparse-sgd-1m"),
            ["the same, dense Adam, 100 k ids"] = Ratio("adam-100k"),
            ["the same, dense Adam, batch 1024"] = Ratio("adam-batch1024"),
            ["an epoch of Frappe's shape and settings, evaluation included, against TorchSharp's"] = Ratio("frappe-epoch"),
        };
    }

    // Of several files for one measurement, the one of the latest date.
    static Dictionary<string, string> Newest(string folder) => Directory.GetFiles(Path.Combine(Documents.Root, folder), "*.json")
        .Select(path => (Path: path, Name: NameRegex().Match(Path.GetFileName(path))))
        .Where(file => file.Name.Success)
        .GroupBy(file => file.Name.Groups["what"].Value)
        .ToDictionary(same => same.Key, same => same.MaxBy(file =>
            JsonDocument.Parse(File.ReadAllText(file.Path)).RootElement.GetProperty("date").GetDateTimeOffset()).Path);

    static string Part() => PartRegex().Match(Documents.Read("README.md")).Value;

    static string Text(FormattableString text) => FormattableString.Invariant(text);

    static double Number(JsonElement from, params string[] path) =>
        path.Aggregate(from, (element, name) => element.GetProperty(name)).GetDouble();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d-[0-9a-f]+-(?<what>.+)\.json$")]
    private static partial Regex NameRegex();

    [GeneratedRegex("<!-- speed -->.*<!-- end of speed -->", RegexOptions.Singleline)]
    private static partial Regex PartRegex();

    [GeneratedRegex(@"^\| (?!what \|)(?<what>[^|]+) \| (?<wide>[^|]+) \| (?<narrow>[^|]+) \| `", RegexOptions.Multiline)]
    private static partial Regex RowRegex();
}
