using DeepFM.Data;

namespace DeepFM.Training;

/// <summary>Where a comparison stands.</summary>
/// <param name="Settings">The run under way, or just ended.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Run">Its number, from 1.</param>
/// <param name="RunCount">Number of all runs.</param>
/// <param name="Training">Where its training stands; null when it has ended.</param>
/// <param name="Completed">Its report when it has ended.</param>
/// <param name="Skipped">Whether the report was there already.</param>
public sealed record ComparisonProgress(RunSettings Settings, ulong Seed, int Run, int RunCount,
    TrainingProgress? Training, RunReport? Completed = null, bool Skipped = false);

/// <summary>Several models on the same rows with the same seeds; each run leaves a report, and a table sums them up.</summary>
/// <remarks>A run whose report is there already, with the same settings, data and split, is not repeated.</remarks>
public sealed class Comparison
{
    readonly IReadOnlyList<RunSettings> models;
    readonly IReadOnlyList<ulong> seeds;
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
        (this.models, this.seeds, this.threads, this.directory) = (models, seeds, threads, directory);
    }

    /// <summary>Whether a report of other settings or other data is replaced; otherwise it is an error.</summary>
    public bool Replace { get; init; }

    /// <summary>Told about runs and their training, on the training thread.</summary>
    public IProgress<ComparisonProgress>? Progress { get; init; }

    /// <summary>Trains what is not there yet, and writes the table after each run.</summary>
    /// <exception cref="UserErrorException">
    /// There are no rows to compare on, or a report of another comparison is in the way.
    /// </exception>
    /// <exception cref="TrainingFailedException">A run's loss is not a number.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> asked for it.</exception>
    public ComparisonTable Run(DataSplits data, CancellationToken cancel = default)
    {
        if (data.Test is null or { RowCount: 0 } && data.Valid is null or { RowCount: 0 })
        {
            throw new UserErrorException("A comparison needs test or validation rows; give --test, --valid or --split.");
        }
        // All are looked at first, so that a report in the way is found before hours of training, not after.
        Job[] jobs = [.. from settings in models from seed in seeds select Plan(settings, seed, data)];

        List<RunReport> reports = [];
        for (int i = 0; i < jobs.Length; i++)
        {
            Job job = jobs[i];
            RunReport report = job.Done ?? TrainingRun.Execute(job.Settings, data, job.Seed, threads, job.Directory,
                RunOutputs.Report, Forward(job, i + 1, jobs.Length), cancel);
            reports.Add(report);
            Progress?.Report(new(job.Settings, job.Seed, i + 1, jobs.Length, null, report, job.Done is not null));
            Write(new(reports));
        }
        return new(reports);
    }

    sealed record Job(RunSettings Settings, ulong Seed, string Directory, RunReport? Done);

    Job Plan(RunSettings settings, ulong seed, DataSplits data)
    {
        string runDirectory = Path.Combine(directory, "runs", $"{settings.Model}-seed{seed}");
        string path = Path.Combine(runDirectory, TrainingRun.ReportName);
        if (!File.Exists(path)) { return new(settings, seed, runDirectory, null); }

        RunReport report = RunReport.Read(path);
        string? other = report.Data.Digest != data.Digest ? "data"
            : report.Data.Split != data.SplitDescription ? $"rows (split: {report.Data.Split})"
            : report.Settings.ToJson() != settings.ToJson() || report.Seed != seed ? "settings"
            : null;
        if (other is null) { return new(settings, seed, runDirectory, report); }
        return Replace ? new(settings, seed, runDirectory, null) : throw new UserErrorException(
            $"{path} is a run with other {other}. Choose another --out, or give --force to replace it.");
    }

    Forwarder? Forward(Job job, int run, int runCount) =>
        Progress is null ? null : new(Progress, training => new(job.Settings, job.Seed, run, runCount, training));

    void Write(ComparisonTable table)
    {
        JsonFiles.WriteText(Path.Combine(directory, "table.md"), table.ToMarkdown());
        JsonFiles.WriteText(Path.Combine(directory, "table.csv"), table.ToCsv());
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

    sealed class Forwarder(IProgress<ComparisonProgress> to, Func<TrainingProgress, ComparisonProgress> wrap)
        : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => to.Report(wrap(value));
    }
}
