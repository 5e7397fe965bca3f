using System.Globalization;
using DeepFM.Metrics;
using DeepFM.Training;

namespace DeepFM.Cli;

/// <summary>Results in words, for a reader of the standard output.</summary>
static class Results
{
    /// <summary>One line a figure, all digits, so that two runs can be compared by eye.</summary>
    public static void Print(TextWriter output, string split, EvaluationMetrics metrics)
    {
        Line(output, $"{split} rows", $"{metrics.Rows:N0} ({metrics.ClickRate:P2} positive)");
        Line(output, $"{split} AUC", Number(metrics.Auc));
        Line(output, $"{split} log loss", Number(metrics.LogLoss));
        Line(output, $"{split} calibration", Number(metrics.Calibration));
        Line(output, $"{split} information gain", Number(metrics.RelativeInformationGain));
        if (metrics.GroupedAuc is { } grouped)
        {
            Line(output, $"{split} grouped AUC", $"{Number(grouped.ImpressionWeighted)} by rows, "
                + $"{Number(grouped.PlainMean)} plain, over {Counted.Of(grouped.Groups, "group")} "
                + $"({grouped.LeftOutGroups} of one class left out)");
        }
        if (metrics.WhyUndefined is { } why) { output.WriteLine(why); }
    }

    /// <summary>A run's result.</summary>
    public static void Print(TextWriter output, RunReport report, string directory)
    {
        Line(output, "model", $"{report.DisplayName}, seed {report.Seed}, {Counted.Of(report.ParameterCount, "parameter")}");
        Line(output, "training rows", $"{report.Data.Train.Rows:N0} ({report.Data.Train.PositiveRate:P2} positive)");
        if (report.Valid is { } valid) { Print(output, "validation", valid); }
        if (report.Test is { } test) { Print(output, "test", test); }
        string pretraining = report.Pretraining is { } first ? $", after {first.TrainSeconds:0.0} s of pre-training" : "";
        Line(output, "training", $"{report.Training.TrainSeconds:0.0} s{pretraining}, {report.SamplesPerSecond:N0} samples/s");
        Line(output, "batches",
            $"{report.Training.BatchSize:N0} rows, {Steps(report):N0} steps an epoch; the output starts at {report.Training.StartBias:0.###}");
        if (TakenFromRows.Of(report) is { Length: > 0 } taken) { Line(output, "taken from the rows", taken); }
        output.WriteLine(report.Training.Outcome);
        PrintNotices(output, report.Notices);
        output.WriteLine($"Written: {Path.Combine(directory, TrainingRun.ReportName)}, "
            + Path.Combine(directory, TrainingRun.ModelName));
    }

    /// <summary>What is doubtful in the results above, a line each.</summary>
    public static void PrintNotices(TextWriter output, IEnumerable<string> notices)
    {
        foreach (string notice in notices) { output.WriteLine($"Note: {ShownText.Of(notice)}"); }
    }

    static long Steps(RunReport report) => (report.Training.Rows + report.Training.BatchSize - 1L) / report.Training.BatchSize;

    static void Line(TextWriter output, string name, FormattableString value) =>
        Line(output, name, value.ToString(CultureInfo.InvariantCulture));

    static void Line(TextWriter output, string name, string value) => output.WriteLine($"{name,-27} {value}");

    static string Number(double? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "not defined";
}
