using DeepFM.Data;
using DeepFM.Research.Results;
using DeepFM.Training;

namespace DeepFM.Research.Plans;

/// <summary>Several models on the same rows with the same seeds: a plan, and a table that is written after each run.</summary>
/// <remarks>
/// A run whose report is there already, with the same settings, data and split, is not repeated, unless another kit or machine made it with
/// other <see cref="Arithmetic"/> and the others are not like it.
/// </remarks>
public sealed class Comparison
{
    readonly ExperimentPlan plan;
    readonly int threads;
    readonly string directory;

    /// <summary>Says what is compared, and where it is written.</summary>
    /// <param name="models">The models' settings; each name at most once.</param>
    /// <param name="seeds">At least one; each at most once.</param>
    /// <param name="threads">Threads to compute with, at least 1.</param>
    /// <param name="directory">Gets <c>runs/NAME-seedN/report.json</c>, <c>table.md</c> and <c>table.csv</c>.</param>
    /// <exception cref="UserErrorException">
    /// There is no model or no seed, one comes twice, or nothing can be written to the directory.
    /// </exception>
    public Comparison(IReadOnlyList<RunSettings> models, IReadOnlyList<ulong> seeds, int threads, string directory)
    {
        RequireDistinct("model", models.Select(settings => settings.Model));
        RequireDistinct("seed", seeds.Select(seed => $"{seed}"));
        AtomicFile.RequireFolder(directory);
        (this.threads, this.directory) = (threads, directory);
        // A model comes once, so its name is enough to tell its runs from the others'.
        plan = new(models.SelectMany(settings => seeds.Select(seed =>
            new PlannedRun(settings, seed, []) { Name = $"{settings.Model}-seed{seed}" })));
    }

    /// <summary>Whether a report of other settings or other data is replaced; otherwise it is an error.</summary>
    public bool Replace { get; init; }

    /// <summary>Told about runs and their training.</summary>
    public IProgress<PlanProgress>? Progress { get; init; }

    /// <summary>Trains what is not there yet, one run after the other, and writes the table after each.</summary>
    /// <exception cref="UserErrorException">
    /// There are no rows to compare on, or a report of another comparison is in the way.
    /// </exception>
    /// <exception cref="TrainingFailedException">A run's loss is not a number; the message names the run.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> asked for it.</exception>
    public ComparisonTable Run(DataSplits data, CancellationToken cancel = default)
    {
        using FolderLock held = new(directory);
        return RunHeld(data, cancel);
    }

    /// <summary>The same on rows that are loaded once the directory is known to be free.</summary>
    /// <param name="request">The rows.</param>
    /// <param name="reading">Told about their reading.</param>
    /// <param name="cancel">Stops between two blocks or steps.</param>
    /// <exception cref="UserErrorException">As the other, or a file is wrong.</exception>
    public ComparisonTable Run(DataRequest request, IProgress<DataProgress>? reading = null, CancellationToken cancel = default)
    {
        using FolderLock held = new(directory);
        using DataSplits data = DataLoader.Load(request, reading, cancel);
        return RunHeld(data, cancel);
    }

    ComparisonTable RunHeld(DataSplits data, CancellationToken cancel)
    {
        DataCheck.RequireRowsToCompareOn(data);
        foreach (PlannedRun run in plan.Runs) { run.Settings.RequireFields(data.Features.Fields); }
        RunStore store = new(directory, data.Digest, data.SplitDescription) { Replace = Replace };
        FoundRuns found = store.Find(plan, threads);
        TableKeeper keeper = new([.. found.Runs.OfType<FinishedRun>()], Write, Progress);
        return Write(new PlanRunner(store, threads, jobs: 1) { Progress = keeper }.Run(plan, found, data, cancel));
    }

    ComparisonTable Write(IReadOnlyList<FinishedRun> runs)
    {
        ComparisonTable table = new([.. runs.Select(run => run.Report)]);
        JsonFiles.WriteText(Path.Combine(directory, "table.md"), table.ToMarkdown());
        JsonFiles.WriteText(Path.Combine(directory, "table.csv"), table.ToCsv());
        return table;
    }

    static void RequireDistinct(string what, IEnumerable<string> names)
    {
        string[] all = [.. names];
        if (all.Length == 0) { throw new UserErrorException($"A comparison needs at least one {what}."); }
        if (all.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new UserErrorException($"The {what} {twice.Key} is given more than once; give each {what} once.");
        }
    }

    /// <summary>Writes the table of what is there whenever a run has ended, and passes progress on.</summary>
    sealed class TableKeeper(List<FinishedRun> done, Func<IReadOnlyList<FinishedRun>, ComparisonTable> write,
        IProgress<PlanProgress>? next) : IProgress<PlanProgress>
    {
        public void Report(PlanProgress value)
        {
            if (value.Completed is { } finished)
            {
                done.Add(finished);
                write(done);
            }
            next?.Report(value);
        }
    }
}
