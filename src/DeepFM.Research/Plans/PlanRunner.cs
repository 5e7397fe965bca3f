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
    readonly List<string> running = [];
    readonly Stopwatch time = new();
    double workDone, workAll;           // of the runs that were not there
    int done, count;

    /// <summary>Told about runs and their training; never by two threads at once.</summary>
    public IProgress<PlanProgress>? Progress { get; init; }

    /// <summary>Makes the runs that are missing; those that must be alone come last, one after the other.</summary>
    /// <returns>All runs of the plan, in its order.</returns>
    /// <exception cref="UserErrorException">A report of other data is in the way, or settings do not go with the data.</exception>
    /// <exception cref="TrainingFailedException">A run's loss is not a number; the message names the run.</exception>
    /// <exception cref="IOException">A run cannot be written; those before it stay.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> asked for it.</exception>
    public IReadOnlyList<FinishedRun> Run(ExperimentPlan plan, DataSplits data, CancellationToken cancel = default) =>
        // All are looked at first, so that a report in the way is found before hours of training, not after.
        Run(plan, store.Find(plan), data, cancel);

    /// <summary>As the other, for a caller who has looked already at what is there.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="found">What the store finds of it.</param>
    /// <param name="data">The rows.</param>
    /// <param name="cancel">Stops between two steps.</param>
    internal IReadOnlyList<FinishedRun> Run(ExperimentPlan plan, IReadOnlyList<FinishedRun?> found, DataSplits data,
        CancellationToken cancel)
    {
        FinishedRun?[] results = [.. found];
        DataShape shape = new(data.Train.FieldCount, data.Train.RowCount, data.Valid?.RowCount ?? 0);
        int[] missing = [.. Enumerable.Range(0, results.Length).Where(i => results[i] is null)];
        double[] work = [.. plan.Runs.Select(run => RunCost.Of(run.Settings, shape))];
        (count, done) = (results.Length, results.Length - missing.Length);
        (workAll, workDone) = (missing.Sum(i => work[i]), 0);
        time.Restart();
        Tell();

        int[] together = [.. missing.Where(i => !plan.Runs[i].Alone)], alone = [.. missing.Where(i => plan.Runs[i].Alone)];
        int sideBySide = Math.Clamp(Math.Min(jobs, threads), 1, Math.Max(1, together.Length));
        SideBySide(together, sideBySide, (i, stop) => Make(i, Math.Max(1, threads / sideBySide), stop), cancel);
        foreach (int i in alone) { Make(i, threads, cancel); }
        return results!;

        void Make(int i, int share, CancellationToken stop) => results[i] = Execute(plan.Runs[i], data, share, work[i], stop);
    }

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
        lock (gate) { running.Add(run.Title); }
        Tell();
        try
        {
            store.Sweep(run);
            RunReport report = TrainingRun.Execute(run.Settings, data, run.Seed, share, store.DirectoryOf(run),
                run.KeepsScores ? RunOutputs.Scores : RunOutputs.Report, Progress is null ? null
                    : new Forwarder(training => Tell(training)), cancel);
            FinishedRun finished = new(run, report, store.DirectoryOf(run), WasThere: false);
            lock (gate)
            {
                (done, workDone) = (done + 1, workDone + work);
                running.Remove(run.Title);
            }
            Tell(completed: finished);
            return finished;
        }
        catch (TrainingFailedException failed)
        {
            throw new TrainingFailedException($"{run.Title}, {run.Name}: {failed.Message}", failed);
        }
    }

    void Tell(TrainingProgress? training = null, FinishedRun? completed = null)
    {
        if (Progress is null) { return; }
        lock (gate)
        {
            double? left = workDone > 0 ? time.Elapsed.TotalSeconds * (workAll - workDone) / workDone : null;
            Progress.Report(new(done, count, workAll == 0 ? 1 : workDone / workAll, left, [.. running], training, completed));
        }
    }

    sealed class Forwarder(Action<TrainingProgress> to) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => to(value);
    }
}
