using System.Text;
using DeepFM.Metrics;
using DeepFM.Models;
using DeepFM.Research.Statistics;
using DeepFM.Training;
using static System.FormattableString;

namespace DeepFM.Research.Results;

/// <summary>One model's line of the table.</summary>
/// <param name="Settings">What was trained, and how.</param>
/// <param name="Auc">AUC over the seeds; null when it is not defined on the rows.</param>
/// <param name="LogLoss">Log loss over the seeds, nats.</param>
/// <param name="ParameterCount">Numbers that training adjusts.</param>
/// <param name="SamplesPerSecond">Mean over the seeds.</param>
/// <param name="TrainSeconds">Mean time of the training, without pre-training and evaluation.</param>
/// <param name="PretrainSeconds">Mean time of the pre-training; 0 for most models.</param>
/// <param name="TimeOfLr">Training and pre-training by the same of LR; null when LR was not compared.</param>
/// <param name="Epochs">Mean number of epochs that were trained.</param>
/// <param name="Runs">Number of seeds.</param>
/// <param name="Arithmetics">What the last digits depend on; more than one when the runs were made differently.</param>
public sealed record ComparisonRow(RunSettings Settings, Spread? Auc, Spread LogLoss, long ParameterCount,
    double SamplesPerSecond, double TrainSeconds, double PretrainSeconds, double? TimeOfLr, double Epochs, int Runs,
    IReadOnlyList<Arithmetic> Arithmetics)
{
    /// <summary>The model's name as the paper writes it.</summary>
    public string DisplayName => ModelCatalog.Get(Settings.Model).DisplayName;
}

/// <summary>The table of a comparison: computed from reports, never typed.</summary>
public sealed class ComparisonTable
{
    readonly RunReport sample;
    readonly IReadOnlyList<string> circumstances;
    readonly string arithmetic;
    readonly string? takenFromRows;

    /// <summary>Sums reports up, one row a model, in the order of the catalog.</summary>
    /// <param name="reports">At least one; all on the same data.</param>
    public ComparisonTable(IReadOnlyList<RunReport> reports)
    {
        sample = reports[0];
        circumstances = [.. reports.Select(Circumstances).Distinct()];
        arithmetic = Words.ArithmeticOf(reports);
        takenFromRows = Words.TakenFromRowsOf(reports.OrderBy(report => ModelCatalog.Names.ToList().IndexOf(report.Settings.Model)));
        Seeds = [.. reports.Select(report => report.Seed).Distinct().Order()];
        OnTest = reports.All(report => report.Test is not null);
        Notices = RunNotices.Of(reports);
        double? lrSeconds = reports.Where(report => report.Settings.Model == "lr")
            .Select(report => (double?)report.TotalTrainSeconds).Average();
        Rows = [.. reports.GroupBy(report => report.Settings.Model)
            .OrderBy(group => ModelCatalog.Names.ToList().IndexOf(group.Key))
            .Select(group => Row([.. group], lrSeconds))];
    }

    /// <summary>One row a model.</summary>
    public IReadOnlyList<ComparisonRow> Rows { get; }

    /// <summary>The seeds of the runs.</summary>
    public IReadOnlyList<ulong> Seeds { get; }

    /// <summary>Whether the figures are those on test rows; otherwise on validation rows.</summary>
    public bool OnTest { get; }

    /// <summary>What is doubtful in the data or in the runs, a plain sentence each; empty when nothing is.</summary>
    public IReadOnlyList<string> Notices { get; }

    /// <summary>The table for a reader: Markdown, with what it was computed from below it.</summary>
    public string ToMarkdown()
    {
        StringBuilder text = new();
        text.AppendLine("| model | AUC | log loss | parameters | samples/s | training s | time / LR | epochs | runs |");
        text.AppendLine("|---|---|---|---:|---:|---:|---:|---:|---:|");
        foreach (ComparisonRow row in Rows)
        {
            text.AppendLine($"| {row.DisplayName} | {Text(row.Auc)} | {Text(row.LogLoss)} | "
                + Invariant($"{row.ParameterCount:N0} | {row.SamplesPerSecond:N0} | {Seconds(row)} | ")
                + Invariant($"{Times(row.TimeOfLr)} | {row.Epochs:0.#} | {row.Runs} |"));
        }
        text.AppendLine();
        foreach (string line in Notes()) { text.AppendLine(line); }
        foreach (string notice in Notices) { text.AppendLine($"Note: {notice}"); }
        return text.ToString().ReplaceLineEndings("\n");
    }

    /// <summary>The table for programs: comma-separated, with a header, invariant numbers.</summary>
    public string ToCsv()
    {
        StringBuilder text = new();
        text.AppendLine("model,name,split,auc_mean,auc_deviation,log_loss_mean,log_loss_deviation,parameters,"
            + "samples_per_second,train_seconds,pretrain_seconds,time_of_lr,epochs,runs,optimizer,update_rows,numerics_version,vector_bits");
        foreach (ComparisonRow row in Rows)
        {
            TrainingOptions training = row.Settings.Training;
            text.AppendLine(Invariant($"{row.Settings.Model},{row.DisplayName},{(OnTest ? "test" : "validation")},")
                + Invariant($"{row.Auc?.Mean},{row.Auc?.Deviation},{row.LogLoss.Mean},{row.LogLoss.Deviation},")
                + Invariant($"{row.ParameterCount},{row.SamplesPerSecond:0.#},{row.TrainSeconds:0.###},")
                + Invariant($"{row.PretrainSeconds:0.###},{row.TimeOfLr:0.###},{row.Epochs:0.##},{row.Runs},")
                + Invariant($"{training.Optimizer},{training.UpdateRows},")
                + $"{string.Join('+', row.Arithmetics.Select(kind => kind.Version is { } version ? $"{version}" : "none").Distinct())},"
                + string.Join('+', row.Arithmetics.Select(kind => kind.VectorBits).Distinct()));
        }
        return text.ToString().ReplaceLineEndings("\n");
    }

    // What the figures were computed from: without it they mean nothing.
    IEnumerable<string> Notes()
    {
        SplitReport? rows = OnTest ? sample.Data.Test : sample.Data.Valid;
        string over = Seeds.Count == 1 ? $"seed {Seeds[0]}"
            : $"mean ± sample standard deviation over seeds {string.Join(", ", Seeds)}";
        yield return Invariant($"Figures on {(OnTest ? "test" : "validation")} rows ({rows?.Rows:N0}, {rows?.PositiveRate:P2} ")
            + Invariant($"positive), {over}; {Counted.Of(sample.Data.Train.Rows, "training row")}.");
        yield return $"Split: {sample.Data.Split}. Data digest {sample.Data.Digest[..Math.Min(12, sample.Data.Digest.Length)]}.";
        yield return "Time is that of training, with pre-training after a plus sign, without evaluation. "
            + (circumstances.Count == 1 ? $"{circumstances[0]}."
                : $"Not all runs were made alike, so times do not compare: {string.Join("; ", circumstances)}.");
        yield return Words.Optimizers(Rows.Select(row => row.Settings));
        if (takenFromRows is not null) { yield return takenFromRows; }
        yield return arithmetic;
    }

    // What a run's time depends on beside its settings.
    static string Circumstances(RunReport report)
    {
        MachineReport machine = report.Machine;
        string commit = machine.Commit is { Length: >= 12 } known ? $" ({known[..12]})" : "";
        return $"{machine.Processor}, {Counted.Of(report.Threads, "thread")}, {machine.VectorBits}-bit vectors, {machine.Framework}, "
            + $"kit {machine.Kit}{commit}";
    }

    ComparisonRow Row(IReadOnlyList<RunReport> runs, double? lrSeconds)
    {
        EvaluationMetrics[] metrics = [.. runs.Select(run => (OnTest ? run.Test : run.Valid)!)];
        return new(runs[0].Settings,
            metrics.All(figures => figures.Auc is not null)
                ? Spread.Of([.. metrics.Select(figures => figures.Auc!.Value)])
                : null,
            Spread.Of([.. metrics.Select(figures => figures.LogLoss)]),
            runs[0].ParameterCount,
            runs.Average(run => run.SamplesPerSecond),
            runs.Average(run => run.Training.TrainSeconds),
            runs.Average(run => run.Pretraining?.TrainSeconds ?? 0),
            runs.Average(run => run.TotalTrainSeconds) / lrSeconds,
            runs.Average(run => run.Training.Epochs.Count),
            runs.Count,
            [.. runs.Select(run => run.Arithmetic).Distinct()]);
    }

    static string Text(Spread? spread) => spread is null ? "not defined"
        : spread.Deviation is { } deviation ? Invariant($"{spread.Mean:0.0000} ± {deviation:0.0000}")
        : Invariant($"{spread.Mean:0.0000}");

    static string Seconds(ComparisonRow row) => row.PretrainSeconds > 0
        ? Invariant($"{row.TrainSeconds:0.0} + {row.PretrainSeconds:0.0}")
        : Invariant($"{row.TrainSeconds:0.0}");

    static string Times(double? factor) => factor is null ? "–" : Invariant($"{factor:0.0}");
}
