using DeepFM.Models;
using DeepFM.Research.Speed;
using DeepFM.Training;
using static System.FormattableString;

namespace DeepFM.Research.Plans;

/// <summary>How long what is missing of a plan will take, and what that is known from.</summary>
/// <param name="Seconds">All runs that are missing, on all threads, every run training all its epochs: so at most, early stops
/// aside.</param>
/// <param name="Basis">A sentence: from finished runs, or from a short measurement.</param>
public sealed record TimeEstimate(double Seconds, string Basis)
{
    /// <summary>Estimates from runs that are done, else from a probe of half a second.</summary>
    /// <param name="done">Runs of the same plan; their times are taken.</param>
    /// <param name="missing">Runs to come.</param>
    /// <param name="shape">The data's.</param>
    /// <param name="threads">Threads of the whole plan.</param>
    /// <param name="cancel">Stops the probe.</param>
    public static TimeEstimate Of(IReadOnlyList<FinishedRun> done, IReadOnlyList<PlannedRun> missing, DataShape shape, int threads,
        CancellationToken cancel = default)
    {
        if (missing.Count == 0) { return new(0, "Nothing is left to run."); }
        done = [.. done.Where(run => RunCost.Of(run.Report, shape) > 0)];      // one that trained no epoch tells no time
        if (done.Count == 0)
        {
            // The longest run's network: how long a narrow one takes says little about wide ones.
            double unit = Probe(missing.MaxBy(run => RunCost.Of(run.Settings, shape))!.Settings, shape, threads, cancel);
            return new(missing.Sum(run => RunCost.Of(run.Settings, shape)) * unit / threads,
                "From a measurement of half a second on this machine and the kit's model of each run's work; at most: early stops "
                    + "save time.");
        }
        double overall = Unit(done, shape);
        Dictionary<string, double> byModel = done.GroupBy(run => run.Run.Settings.Model)
            .ToDictionary(group => group.Key, group => Unit(group, shape));
        return new(missing.Sum(run => RunCost.Of(run.Settings, shape) * byModel.GetValueOrDefault(run.Settings.Model, overall)) / threads,
            Invariant($"From the times of {done.Count} finished runs; at most: early stops save time."));
    }

    // Seconds of one thread for a unit of work.
    static double Unit(IEnumerable<FinishedRun> runs, DataShape shape)
    {
        (double seconds, double work) = (0, 0);
        foreach (FinishedRun run in runs)
        {
            seconds += run.Report.Threads * run.Seconds;
            work += RunCost.Of(run.Report, shape);
        }
        return seconds / work;
    }

    static double Probe(RunSettings settings, DataShape shape, int threads, CancellationToken cancel)
    {
        RunSettings probe = settings with
        {
            Model = "deepfm",
            Training = RunSettings.Fixed("deepfm").Training with
            {
                BatchSize = settings.Training.ForRows((int)Math.Min(shape.TrainRows, int.MaxValue)).BatchSize,
            },
        };
        Workload workload = new()
        {
            Settings = probe,
            FieldCount = shape.FieldCount,
            Vocabulary = 100_000 + shape.FieldCount,
            Threads = threads,
            Seconds = 0.5,
        };
        double rate = StepBenchmark.Measure(workload, cancel).SamplesPerSecond;
        return threads / (rate * RunCost.PerSample(ModelCatalog.Get("deepfm").Create(probe.Options).Build(shape.FieldCount)));
    }
}
