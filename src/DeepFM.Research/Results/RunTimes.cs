using DeepFM.Research.Plans;
using static System.FormattableString;

namespace DeepFM.Research.Results;

/// <summary>How long the runs of a report took, over all the starts that made them.</summary>
static class RunTimes
{
    /// <summary>The time of all runs, and what the present start has of it.</summary>
    /// <param name="runs">All runs of the report; those that were there were made by earlier starts.</param>
    /// <param name="elapsed">What the present start took, from the reading of the data to the report.</param>
    /// <param name="threads">Its threads.</param>
    public static string Sentence(IReadOnlyList<FinishedRun> runs, TimeSpan elapsed, int threads)
    {
        FinishedRun[] made = [.. runs.Where(run => !run.WasThere)];
        string start = made.Length == runs.Count ? "All were made in this start"
            : made.Length == 0 ? "All were made before this start"
            : Invariant($"{made.Length} of them, {Minutes(made):0.0} minutes, {(made.Length == 1 ? "was" : "were")} made in this start");
        return Invariant($"{Counted.Of(runs.Count, "run")}, {Minutes(runs):0.0} minutes of training and validation when those that ran side by side ")
            + Invariant($"are added up. {start}, which took {elapsed.TotalMinutes:0.0} minutes with {Counted.Of(threads, "thread")}.");
    }

    static double Minutes(IEnumerable<FinishedRun> runs) => runs.Sum(run => run.Seconds) / 60;
}
