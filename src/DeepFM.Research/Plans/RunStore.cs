using System.Text.Json.Nodes;
using DeepFM.Data;
using DeepFM.Training;

namespace DeepFM.Research.Plans;

/// <summary>The runs of a plan on disk: a directory each, complete when it has a report.</summary>
/// <param name="directory">Gets <c>runs/NAME/report.json</c> and <c>scores.safetensors</c>.</param>
/// <param name="digest">The digest of the data that runs must have been made with.</param>
/// <param name="split">The split, in words, that runs must have been made with.</param>
public sealed class RunStore(string directory, string digest, string split)
{
    /// <summary>Whether a run of other data is made again; otherwise it is an error.</summary>
    public bool Replace { get; init; }

    /// <summary>Where a run is written.</summary>
    public string DirectoryOf(PlannedRun run) => Path.Combine(directory, "runs", run.Name);

    /// <summary>The run's result if it is there and whole; null when it has to be made.</summary>
    /// <exception cref="UserErrorException">There is a report of other data and it must not be replaced, or it is damaged.</exception>
    public FinishedRun? Find(PlannedRun run)
    {
        string folder = DirectoryOf(run), path = Path.Combine(folder, TrainingRun.ReportName);
        if (!File.Exists(path) || run.KeepsScores && !File.Exists(Path.Combine(folder, TrainingRun.ScoresName))) { return null; }
        RunReport report;
        try
        {
            report = RunReport.Read(path);
            if (run.KeepsScores) { using SafeTensorsFile whole = SafeTensorsFile.Open(Path.Combine(folder, TrainingRun.ScoresName)); }
        }
        catch (UserErrorException damaged)
        {
            return Replace ? null : throw new UserErrorException(
                $"{damaged.Message} Delete {folder} or give --force, and the run is made again.", damaged);
        }
        string? other = report.Data.Digest != digest ? "data"
            : report.Data.Split != split ? $"rows (split: {report.Data.Split})"
            : report.Seed != run.Seed ? $"seed ({report.Seed})"
            : Difference(report.Settings.ToJson(), run.Key) is { } setting ? $"settings ({setting})"
            : null;
        if (other is null) { return new(run, report, folder, WasThere: true); }
        return Replace ? null : throw new UserErrorException(
            $"{path} is a run with other {other}. Choose another --out, or give --force to replace it.");
    }

    // The first setting that is not alike: "training.learningRate 0.01, here 0.001".
    static string? Difference(string there, string here)
    {
        if (there == here) { return null; }
        Dictionary<string, string> first = Settings(JsonNode.Parse(there)).ToDictionary(), second = Settings(JsonNode.Parse(here)).ToDictionary();
        string key = first.Keys.Union(second.Keys).First(key => first.GetValueOrDefault(key) != second.GetValueOrDefault(key));
        return $"{key} {first.GetValueOrDefault(key, "not set")}, here {second.GetValueOrDefault(key, "not set")}";
    }

    static IEnumerable<(string Key, string Value)> Settings(JsonNode? node, string name = "") => node is JsonObject parts
        ? parts.SelectMany(part => Settings(part.Value, name.Length == 0 ? part.Key : $"{name}.{part.Key}"))
        : [(name, node?.ToJsonString() ?? "null")];

    /// <summary>The result of each run of a plan, in its order; null where it has to be made.</summary>
    /// <exception cref="UserErrorException">There is a report of other data and it must not be replaced, or it is damaged.</exception>
    /// <remarks>
    /// Times are compared with each other. So, when a run whose time is its result has to be made, those that another machine, another
    /// build or another number of threads left have to be made again, too.
    /// </remarks>
    /// <param name="plan">The plan.</param>
    /// <param name="threads">Of the runs that would be made.</param>
    public IReadOnlyList<FinishedRun?> Find(ExperimentPlan plan, int threads)
    {
        FinishedRun?[] found = [.. plan.Runs.Select(Find)];
        int[] timed = [.. Enumerable.Range(0, found.Length).Where(i => plan.Runs[i].Alone)];
        bool whole = timed.All(i => found[i] is not null), alike = timed.Select(i => Circumstances(found[i])).Distinct().Count() <= 1;
        if (!whole || !alike)
        {
            foreach (int i in timed.Where(i => Circumstances(found[i]) != Circumstances(MachineReport.Current, threads))) { found[i] = null; }
        }
        return found;
    }

    static string Circumstances(FinishedRun? run) => run is null ? "" : Circumstances(run.Report.Machine, run.Report.Threads);

    static string Circumstances(MachineReport machine, int threads) =>
        $"{machine.Processor}, {machine.Cores} cores, {machine.VectorBits} bits, {machine.Framework}, {machine.Commit}, {threads} threads";

    /// <summary>Removes what a killed process left half-written in the run's directory.</summary>
    public void Sweep(PlannedRun run) => Unfinished.Sweep(DirectoryOf(run));
}
