using System.Text.Json;
using System.Text.RegularExpressions;
using DeepFM.Research.Reporting;

namespace DeepFM.Research.Results;

/// <summary>Measurements of speed that <c>deepfm bench</c> and the peers' program have left as files of one machine.</summary>
/// <remarks>Of several files for the same measurement, the newest counts. The files: <c>tests/DeepFM.Benchmarks/results</c>.</remarks>
public sealed partial class SpeedResults
{
    readonly IReadOnlyList<(string What, JsonElement Content)> files;

    SpeedResults(IReadOnlyList<(string, JsonElement)> files) => this.files = files;

    /// <summary>Reads a machine's folder.</summary>
    /// <param name="folder">Has files called DATE-COMMIT-WHAT.json.</param>
    /// <exception cref="UserErrorException">There is no such folder, it has no such file, or one is no JSON.</exception>
    public static SpeedResults Read(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new UserErrorException($"{folder}: there is no such folder. "
                + "Give one with measurements, such as one of tests/DeepFM.Benchmarks/results.");
        }
        List<(string What, JsonElement Content)> found = [];
        foreach (string path in Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            if (FileName().Match(Path.GetFileName(path)) is not { Success: true } name) { continue; }
            using JsonDocument document = JsonText.Parse(File.ReadAllText(path), path, "Take the file as the measurement printed it.");
            found.Add((name.Groups["what"].Value, document.RootElement.Clone()));
        }
        return found.Count > 0
            ? new([.. found.GroupBy(file => file.What)
                .Select(same => same.MaxBy(file => Text(file.Content, "date"), StringComparer.Ordinal))])
            : throw new UserErrorException($"{folder} has no measurements: no file is called DATE-COMMIT-WHAT.json.");
    }

    /// <summary>The kit beside other programs, measured in turn, in the same minutes.</summary>
    public ResultTable Peers() => new("peers", "The kit and its peers, in turn on the same rows",
        [
            new("measurement", "measurement"), new("peer", "peer"), new("peer_samples_per_second", "its samples/s", "N0"),
            new("kit", "the kit"), new("kit_samples_per_second", "the kit's samples/s", "N0"),
            new("ratio", "kit / peer", "0.00"), new("ratio_min", "lowest round", "0.00"), new("ratio_max", "highest", "0.00"),
        ],
        [.. Compared().Select(file => (IReadOnlyList<object?>)
        [
            file.What, Text(file.Content, "peer", "name"), Number(file.Content, "peer", "samplesPerSecond"),
            Text(file.Content, "kit", "name"), Number(file.Content, "kit", "samplesPerSecond"),
            Number(file.Content, "ratio", "median"), Number(file.Content, "ratio", "min"), Number(file.Content, "ratio", "max"),
        ])])
    {
        Notes = [Machine()],
    };

    /// <summary>The same as bars.</summary>
    public Figure DrawPeers()
    {
        (string What, JsonElement Content)[] compared = [.. Compared()];
        Axis axis = new("measurement", [.. compared.Select(file => file.What)]);
        double[] places = [.. Enumerable.Range(0, compared.Length).Select(place => (double)place)];
        Series Bars(string name, string member) => new(name, SeriesKind.Bars, places,
            [.. compared.Select(file => Number(file.Content, member, "samplesPerSecond"))]);
        return new("peers", "Training speed beside that of peers",
            [new("", axis, new("samples/s"), [Bars("the kit", "kit"), Bars("peer", "peer")])])
        {
            Caption = Machine(),
        };
    }

    /// <summary>Every model's training step: samples per second, and how near that comes to what the matrix products alone allow.</summary>
    public ResultTable Steps() => new("steps", "Training steps",
        [
            new("measurement", "measurement"), new("model", "model"), new("batch", "batch", "N0"), new("vocabulary", "ids", "N0"),
            new("threads", "threads", "0"), new("register_bits", "register bits", "0"), new("samples_per_second", "samples/s", "N0"),
            new("share_of_bound", "share of the bound", "P0"),
        ],
        [.. files.Where(file => Text(file.Content, "benchmark") == "step" && Text(file.Content, "settings", "model").Length > 0)
            .OrderBy(file => file.What, StringComparer.Ordinal)
            .Select(file => (IReadOnlyList<object?>)
            [
                file.What, Words.Name(Text(file.Content, "settings", "model")), Number(file.Content, "settings", "training", "batchSize"),
                Number(file.Content, "vocabulary"), Number(file.Content, "threads"), Number(file.Content, "registerBits"),
                Number(file.Content, "samplesPerSecond"), Number(file.Content, "shareOfBound"),
            ])])
    {
        Notes =
        [
            "The bound is what dense matrix products alone allow at the processor's peak, measured in the same run. The kit passes over "
                + "units that relu or dropout made 0, so it may be exceeded.",
            Machine(),
        ],
    };

    IEnumerable<(string What, JsonElement Content)> Compared() => files
        .Where(file => Number(file.Content, "peer", "samplesPerSecond") is not null)
        .Select(file => (file.What.EndsWith("-peer", StringComparison.Ordinal) ? file.What[..^5] : file.What, file.Content))
        .OrderBy(file => file.Item1, StringComparer.Ordinal);

    string Machine() => string.Join("; ", files.Select(file => file.Content).Select(content =>
        FormattableString.Invariant($"{Text(content, "machine", "processor")}, {Number(content, "machine", "cores")} cores, ")
        + Text(content, "machine", "framework")).Distinct()) + ". Medians.";

    static JsonElement? Member(JsonElement from, string[] path)
    {
        foreach (string name in path)
        {
            if (from.ValueKind != JsonValueKind.Object || !from.TryGetProperty(name, out from)) { return null; }
        }
        return from;
    }

    static string Text(JsonElement from, params string[] path) =>
        Member(from, path) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";

    static double? Number(JsonElement from, params string[] path) =>
        Member(from, path) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d-[0-9a-f]+-(?<what>.+)\.json$")]
    private static partial Regex FileName();
}
