using System.Diagnostics;
using System.Runtime.ExceptionServices;
using DeepFM.Data;
using DeepFM.Training;

namespace DeepFM.Research.Plans;

/// <summary>Runs what a plan asks for and is not there yet.</summary>
/// <param name="store">Where runs are written and found.</param>
/// <param name="threads">Threads of the whole plan, at least 1.</param>
/// <param name="jobs">Runs side by side, at least 1; each gets its share of the threads.</param>
public sealed class PlanRunner(RunStore store, int threads, int jobs)
{
    readonly Lock gate = new();
    readonly List<UnderWay> running = [];
    readonly Stopwatch time = new();
    TimeLeft recent = new();
    double workDone, workAll;           // of the runs that were not there
    double? expected;                   // seconds for all of these, before the first begins
    int done, count;
    IReadOnlyList<string> notices = [];

    /// <summary>Told about runs and their training; never by two threads at once.</summary>
    public IProgress<PlanProgress>? Progress { get; init; }

    /// <summary>Memory that may be taken, bytes; null when unknown.</summary>
    internal Func<long?> Memory { get; init; } = static () => AvailableMemory.Bytes;

    /// <summary>
    /// Whether the time left is told from the start, after a measurement of half a second; otherwise once work is done. It has no
    /// effect when nobody is told.
    /// </summary>
    public bool EstimatesFirst { get; init; }

    /// <summary>Makes the runs that are missing; those that must be alone come last, one after the other.</summary>
    /// <returns>All runs of the plan, in its order.</returns>
    /// <exception cref="UserErrorException">A report of other data is in the way, or settings do not go with the data.</exception>
    /// <exception cref="TrainingFailedException">A run's loss is not a number; the message names the run.</exception>
    /// <exception cref="IOException">A run cannot be written; those before it stay.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> asked for it.</exception>
    public IReadOnlyList<FinishedRun> Run(ExperimentPlan plan, DataSplits data, CancellationToken cancel = default) =>
        // All are looked at first, so that a report in the way is found before hours of training, not after.
        Run(plan, store.Find(plan, threads), data, cancel);

    /// <summary>As the other, for a caller who has looked already at what is there.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="found">What the store finds of it.</param>
    /// <param name="data">The rows.</param>
    /// <param name="cancel">Stops between two steps.</param>
    internal IReadOnlyList<FinishedRun> Run(ExperimentPlan plan, FoundRuns found, DataSplits data, CancellationToken cancel)
    {
        FinishedRun?[] results = [.. found.Runs];
        notices = found.Notices;
        DataShape shape = new(data.Train.FieldCount, data.Train.RowCount, data.Valid?.RowCount ?? 0);
        int[] missing = [.. Enumerable.Range(0, results.Length).Where(i => results[i] is null)];
        double[] work = [.. plan.Runs.Select(run => RunCost.Of(run.Settings, shape))];
        (count, done) = (results.Length, results.Length - missing.Length);
        (workAll, workDone) = (missing.Sum(i => work[i]), 0);
        expected = EstimatesFirst && Progress is not null
            ? TimeEstimate.Of([.. results.OfType<FinishedRun>()], [.. missing.Select(i => plan.Runs[i])], shape, threads, cancel).Seconds
            : null;
        recent = new(longestWindow: 600, shareOfTime: 1 / 3.0);     // runs differ, so it takes some to tell the speed
        time.Restart();
        Tell();

        int[] together = [.. missing.Where(i => !plan.Runs[i].Alone)], alone = [.. missing.Where(i => plan.Runs[i].Alone)];
        int sideBySide = Math.Clamp(Math.Min(jobs, threads), 1, Math.Max(1, together.Length));
        RequireMemory([.. together.Select(i => plan.Runs[i].Settings)], data, sideBySide);
        SideBySide(together, sideBySide, (i, stop) => Make(i, Math.Max(1, threads / sideBySide), stop), cancel);
        foreach (int i in alone) { Make(i, threads, cancel); }
        return results!;

        void Make(int i, int share, CancellationToken stop) => results[i] = Execute(plan.Runs[i], data, share, work[i], stop);
    }

    // Each run looks at what is free by itself, but those beside it have not taken theirs yet.
    void RequireMemory(RunSettings[] runs, DataSplits data, int sideBySide)
    {
        if (sideBySide == 1 || Memory() is not { } there) { return; }
        double[] largest = LargestBytes(runs, data, sideBySide);
        int fit = Enumerable.Range(1, sideBySide).LastOrDefault(count => largest.Take(count).Sum() <= there, 1);
        AvailableMemory.Require(largest.Sum(), $"{sideBySide} runs side by side", $"Give --jobs {fit}.", there);
    }

    /// <summary>Memory of the runs that take most of it, in falling order, bytes.</summary>
    internal double[] LargestBytes(RunSettings[] runs, DataSplits data, int sideBySide) =>
        [.. runs.Select(run => Trainer.BytesOf(run, data, Math.Max(1, threads / sideBySide))).OrderDescending().Take(sideBySide)];

    // Workers take the next run when they are free. The first failure stops the others between two steps.
    static void SideBySide(int[] items, int workers, Action<int, CancellationToken> make, CancellationToken cancel)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        int next = -1;
        Exception? failure = null;
        Thread[] team = [.. Enumerable.Range(0, workers).Select(_ => new Thread(Work) { IsBackground = true })];
        try
        {
            foreach (Thread worker in team) { worker.Start(); }
        }
        finally
        {
            // The workers read the caller's data, so this thread leaves after them: an interrupt is kept for later.
            foreach (Thread worker in team.Where(worker => !worker.ThreadState.HasFlag(System.Threading.ThreadState.Unstarted)))
            {
                Join(worker);
            }
        }
        if (failure is not null) { ExceptionDispatchInfo.Throw(failure); }

        void Join(Thread worker)
        {
            while (true)
            {
                try
                {
                    worker.Join();
                    return;
                }
                catch (ThreadInterruptedException interrupted) { Fail(interrupted); }
            }
        }

        void Fail(Exception failed)
        {
            if (Interlocked.CompareExchange(ref failure, failed, null) is null) { stop.Cancel(); }
        }

        void Work()
        {
            for (int i; (i = Interlocked.Increment(ref next)) < items.Length && failure is null;)
            {
                try
                {
                    make(items[i], stop.Token);
                }
                catch (Exception failed)            // of any kind: it is thrown again on the caller's thread
                {
                    Fail(failed);
                }
            }
        }
    }

    FinishedRun Execute(PlannedRun run, DataSplits data, int share, double work, CancellationToken cancel)
    {
        UnderWay own = new(run.Title, work);
        lock (gate) { running.Add(own); }
        Tell();
        try
        {
            store.Sweep(run);
            RunReport report = TrainingRun.Execute(run.Settings, data, run.Seed, share, store.DirectoryOf(run),
                run.KeepsScores ? RunOutputs.Scores : RunOutputs.Report, Progress is null ? null
                    : new Forwarder(training => Tell(own, training)), cancel);
            FinishedRun finished = new(run, report, store.DirectoryOf(run), WasThere: false);
            Tell(own, completed: finished);
            return finished;
        }
        catch (TrainingFailedException failed)
        {
            throw new TrainingFailedException($"{run.Title}, {run.Name}: {failed.Message}", failed);
        }
    }

    // In one piece, so that two runs that end at once are told as two.
    void Tell(UnderWay? own = null, TrainingProgress? training = null, FinishedRun? completed = null)
    {
        lock (gate)
        {
            if (completed is not null)
            {
                (done, workDone) = (done + 1, workDone + own!.Work);
                running.Remove(own);
            }
            else if (training is not null) { own!.Share = ShareOf(training); }
            double share = workAll == 0 ? 1 : Math.Min(1, (workDone + running.Sum(run => run.Work * run.Share)) / workAll);
            Progress?.Report(new(done, count, share, SecondsLeft(share, recent.Last(time.Elapsed.TotalSeconds, share), expected),
                [.. running.Select(run => run.Title)], training, completed, notices));
        }
    }

    /// <summary>Seconds until the end of a plan; null while nothing tells.</summary>
    /// <remarks>
    /// The expectation stands in for what is missing of the first tenth: the first runs, short ones in a cold process, say little. Later
    /// it is the plan's own speed that counts.
    /// </remarks>
    /// <param name="share">Share of the work that is done, in [0, 1].</param>
    /// <param name="recent">A time up to now, and the share of the work that was done in it.</param>
    /// <param name="expected">Seconds that all of it was expected to take; null when unknown.</param>
    internal static double? SecondsLeft(double share, (double Seconds, double Share) recent, double? expected)
    {
        double trust = expected is null ? 0 : Math.Max(0, 0.1 - share), known = recent.Share + trust;
        return share >= 1 ? 0 : known > 0 ? (1 - share) * (recent.Seconds + trust * (expected ?? 0)) / known : null;
    }

    // Pre-training counts with the rest of a run, which it is a small part of.
    static double ShareOf(TrainingProgress training) => training.Phase == TrainingPhase.Pretraining || training.Epochs == 0 ? 0
        : (training.Epoch - 1 + (training.RowCount == 0 ? 0 : (double)training.RowsDone / training.RowCount)) / training.Epochs;

    /// <summary>A run that has begun.</summary>
    sealed class UnderWay(string title, double work)
    {
        public string Title => title;

        public double Work => work;

        /// <summary>Share of it that is done, in [0, 1].</summary>
        public double Share { get; set; }
    }

    sealed class Forwarder(Action<TrainingProgress> to) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => to(value);
    }
}
