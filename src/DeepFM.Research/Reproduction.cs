using System.Diagnostics;
using DeepFM.Data;
using DeepFM.Doubts;
using DeepFM.Research.Plans;
using DeepFM.Research.Reporting;
using DeepFM.Research.Results;
using DeepFM.Training;

namespace DeepFM.Research;

/// <summary>What a reproduction left behind.</summary>
/// <param name="Report">The report that was written.</param>
/// <param name="MainTable">Table 2; the first table there is when it was not asked for; null without any.</param>
/// <param name="Path">The report's page.</param>
/// <param name="Notices">What is doubtful in the rows or in the runs, a plain sentence each; in the report, too.</param>
public sealed record ReproductionResult(Report Report, ResultTable? MainTable, string Path, IReadOnlyList<string> Notices);

/// <summary>What a reproduction would do.</summary>
/// <param name="Done">Runs that are there.</param>
/// <param name="Missing">Runs that would be made.</param>
/// <param name="Estimate">How long these would take; null where the size of the data is not known.</param>
/// <param name="Notices">Which runs are there and would be made again, and why; a plain sentence each.</param>
public sealed record PlanPreview(IReadOnlyList<FinishedRun> Done, IReadOnlyList<PlannedRun> Missing, TimeEstimate Estimate,
    IReadOnlyList<string> Notices)
{
    /// <summary>What is doubtful in the rows or in the runs, as far as it is known before these; a plain sentence each.</summary>
    public IReadOnlyList<string> Doubts { get; init; } = [];
}

/// <summary>The paper's tables and figures, made anew: plans the runs, makes those that are missing, and writes the report.</summary>
/// <param name="options">What to make.</param>
/// <param name="data">On which rows.</param>
/// <param name="directory">Gets <c>report.html</c>, <c>report.md</c>, CSV of every table, and <c>runs/</c>.</param>
/// <param name="threads">Threads of the whole plan, at least 1; the figures do not depend on them, times do.</param>
/// <exception cref="UserErrorException">A setting is unknown or not allowed.</exception>
public sealed class Reproduction(ReproductionOptions options, ReproductionData data, string directory, int threads)
{
    readonly ReproductionPlan plan = new(options);

    /// <summary>Runs side by side; null takes the profile's number. Runs that are timed are alone in any case.</summary>
    public int? Jobs { get; init; }

    /// <summary>Whether runs of other data in the directory are made again; otherwise they are an error.</summary>
    public bool Replace { get; init; }

    /// <summary>Whether no run is made: the report shows what is there of a plan that is under way, or was stopped.</summary>
    public bool ReportOnly { get; init; }

    /// <summary>Told about the making of data.</summary>
    public IProgress<WriteProgress>? Preparation { get; init; }

    /// <summary>Told about the reading of data.</summary>
    public IProgress<DataProgress>? Reading { get; init; }

    /// <summary>Told about the plan.</summary>
    public IProgress<PlanProgress>? Running { get; init; }

    /// <summary>Makes what is missing, unless asked not to, and writes the report. What is done stays when it is stopped.</summary>
    /// <exception cref="UserErrorException">
    /// The directory cannot be written, the data are not fit to compare models on, or no run is there to report on.
    /// </exception>
    /// <exception cref="TrainingFailedException">A run's loss is not a number.</exception>
    /// <exception cref="IOException">The disk is full.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> asked for it.</exception>
    public ReproductionResult Run(CancellationToken cancel = default)
    {
        AtomicFile.RequireFolder(directory);
        using FolderLock? held = ReportOnly ? null : new(directory);     // a report of a plan that is under way must be possible
        Stopwatch time = Stopwatch.StartNew();
        if (ReportOnly && !data.IsReady) { throw NothingToReport(); }
        data.Prepare(threads, Preparation, cancel);
        using DataSplits rows = DataLoader.Load(data.Request(threads), Reading, cancel);
        DataCheck.RequireBothClasses(rows);
        RunStore store = new(directory, rows.Digest, rows.SplitDescription) { Replace = Replace };
        IReadOnlyList<FinishedRun> runs = ReportOnly
            ? store.FindAll(plan.Experiments)
            : new PlanRunner(store, threads, Jobs ?? options.Profile.Jobs ?? 1) { Progress = Running, EstimatesFirst = true }
                .Run(plan.Experiments, rows, cancel);
        int planned = plan.Experiments.Runs.Count;
        if (runs.Count == 0 && planned > 0) { throw NothingToReport(); }

        Running?.Report(new(runs.Count, planned, (double)runs.Count / Math.Max(1, planned), 0, ["tables and figures"]));
        ReportBuilder builder = new(options, plan, data, runs, rows, threads);
        Report report = builder.Build(directory, time.Elapsed, cancel);
        ReportWriter.Write(report, directory);
        Running?.Report(new(runs.Count, runs.Count, 1, 0, []));
        return new(report, report.Blocks.OfType<TableBlock>().Select(block => block.Table).OrderBy(table => table.Name == "table2" ? 0 : 1)
            .FirstOrDefault(), Path.Combine(directory, ReportWriter.HtmlName), builder.Notices);
    }

    UserErrorException NothingToReport() =>
        new($"No run of the plan is finished in {directory}, so there is nothing to report on. Leave out --report-only to start it.");

    /// <summary>What <see cref="Run"/> would do, without doing it.</summary>
    /// <exception cref="UserErrorException">A report of other data is in the way.</exception>
    public PlanPreview Preview(CancellationToken cancel = default)
    {
        DataRequest request = data.Request(threads);
        RunStore? store = data.IsReady
            ? new(directory, DataDigest.Compute(request, cancel), DataLoader.SplitDescriptionOf(request)) { Replace = Replace }
            : null;
        FoundRuns found = store?.Find(plan.Experiments, threads) ?? new(new FinishedRun?[plan.Experiments.Runs.Count], []);
        List<FinishedRun> done = [.. found.Runs.OfType<FinishedRun>()];
        List<PlannedRun> missing = [.. plan.Experiments.Runs.Where((_, i) => found.Runs[i] is null)];
        (DataShape shape, IReadOnlyList<string> doubts) = Known(done, request, cancel);
        int rows = (int)Math.Min(int.MaxValue, shape.TrainRows);
        return new(done, missing, TimeEstimate.Of(done, missing, shape, threads, cancel), found.Notices)
        {
            Doubts = [.. doubts.Concat(missing.SelectMany(run => RunDoubts.Of(run.Settings, rows, shape.FieldCount))).Distinct()],
        };
    }

    // From reports if there are any, from what the generator will write, or by reading the files.
    (DataShape Shape, IReadOnlyList<string> Doubts) Known(List<FinishedRun> done, DataRequest request, CancellationToken cancel)
    {
        if (done is [{ Report.Data: { } known }, ..])
        {
            return (new(known.FieldCount, known.Train.Rows, known.Valid?.Rows ?? 0), RunNotices.Of([.. done.Select(run => run.Report)]));
        }
        if (data.Rows is { } rows) { return (new(request.Schema.Fields.Count, rows.Train, rows.Evaluated), []); }
        using DataSplits read = DataLoader.Load(request, Reading, cancel);
        DataCheck.RequireBothClasses(read);
        return (new(read.Train.FieldCount, read.Train.RowCount, read.Valid?.RowCount ?? 0), [.. read.Notices]);
    }
}
