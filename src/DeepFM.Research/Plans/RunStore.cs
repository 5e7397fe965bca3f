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

    /// <summary>What is there of a plan, and what of it counts.</summary>
    /// <exception cref="UserErrorException">There is a report of other data and it must not be replaced, or it is damaged.</exception>
    /// <remarks>
    /// The runs of a plan are compared with each other. So, when one has to be made, those that have other <see cref="Arithmetic"/> have to
    /// be made again. And when one whose time is its result has to be made, so have those that another machine, another build or another
    /// number of threads left. A plan that is whole and alike stays as it is.
    /// </remarks>
    /// <param name="plan">The plan.</param>
    /// <param name="threads">Of the runs that would be made.</param>
    public FoundRuns Find(ExperimentPlan plan, int threads)
    {
        FinishedRun?[] there = [.. plan.Runs.Select(Find)], found = [.. there];
        int[] all = [.. Enumerable.Range(0, found.Length)], timed = [.. all.Where(i => plan.Runs[i].Alone)];
        string here = Circumstances(MachineReport.Current, threads);
        for (int missing = -1; missing < found.Count(run => run is null);)      // one that has to be made may be the reason for others
        {
            missing = found.Count(run => run is null);
            DropUnlike(found, all, run => run.Report.Arithmetic, Arithmetic.Current);
            DropUnlike(found, timed, run => Circumstances(run.Report.Machine, run.Report.Threads), here);
        }
        return new(found, [.. Notices([.. all.Where(i => found[i] is null).Select(i => there[i]).OfType<FinishedRun>()])]);
    }

    /// <summary>What is there of a plan, for a report on it as it stands: whatever made a run, it counts.</summary>
    /// <exception cref="UserErrorException">There is a report of other data, or it is damaged.</exception>
    public IReadOnlyList<FinishedRun> FindAll(ExperimentPlan plan) => [.. plan.Runs.Select(Find).OfType<FinishedRun>()];

    static void DropUnlike<T>(FinishedRun?[] found, int[] among, Func<FinishedRun, T> kind, T here)
    {
        if (among.All(i => found[i] is not null) && among.Select(i => kind(found[i]!)).Distinct().Count() <= 1) { return; }
        foreach (int i in among)
        {
            if (found[i] is { } run && !Equals(kind(run), here)) { found[i] = null; }
        }
    }

    static IEnumerable<string> Notices(IReadOnlyList<FinishedRun> dropped)
    {
        string Runs(int count) => count == 1 ? "1 run that is there is made again" : $"{count} runs that are there are made again";
        FinishedRun[] others = [.. dropped.Where(run => run.Report.Arithmetic != Arithmetic.Current)];
        if (others.Length > 0)
        {
            yield return $"{Runs(others.Length)} with {Arithmetic.Current}, so that the figures of a table compare: "
                + $"{(others.Length == 1 ? "it has" : "they have")} {string.Join("; ", others.Select(run => run.Report.Arithmetic).Distinct())}.";
        }
        int timed = dropped.Count - others.Length;
        if (timed > 0)
        {
            yield return $"{Runs(timed)}, so that times compare: another machine, build or number of threads made "
                + $"{(timed == 1 ? "it" : "them")}.";
        }
    }

    static string Circumstances(MachineReport machine, int threads) =>
        $"{machine.Processor}, {machine.Cores} cores, {machine.VectorBits} bits, {machine.Framework}, {machine.Commit}, {threads} threads";

    /// <summary>Removes what a killed process left half-written in the run's directory.</summary>
    public void Sweep(PlannedRun run) => Unfinished.Sweep(DirectoryOf(run));
}

/// <summary>What is there of a plan.</summary>
/// <param name="Runs">The result of each run, in the plan's order; null where it has to be made.</param>
/// <param name="Notices">Which runs are there and are made again all the same, a plain sentence each.</param>
public sealed record FoundRuns(IReadOnlyList<FinishedRun?> Runs, IReadOnlyList<string> Notices);
