using DeepFM.Training;

namespace DeepFM.Research.Plans;

/// <summary>A list of runs in which each is there once, however many tables and figures use it.</summary>
public sealed class ExperimentPlan
{
    /// <summary>Joins runs of the same settings and seed: their uses add up, and one that must be alone stays so.</summary>
    /// <param name="runs">In the order of their importance; the first of a kind gives the place.</param>
    public ExperimentPlan(IEnumerable<PlannedRun> runs) =>
        Runs = [.. runs.GroupBy(run => (run.Key, run.Seed)).Select(same => same.First() with
        {
            Uses = [.. same.SelectMany(run => run.Uses).Distinct()],
            Alone = same.Any(run => run.Alone),
            KeepsScores = same.Any(run => run.KeepsScores),
        })];

    /// <summary>Each run once.</summary>
    public IReadOnlyList<PlannedRun> Runs { get; }

    /// <summary>Several models with several seeds, for one use.</summary>
    public static IEnumerable<PlannedRun> Cross(IEnumerable<RunSettings> settings, IEnumerable<ulong> seeds, string use,
        bool alone = false, bool keepsScores = false) =>
        from one in settings from seed in seeds select new PlannedRun(one, seed, [use], alone, keepsScores);
}
