using DeepFM.Metrics;
using DeepFM.Research.Plans;
using static System.FormattableString;

namespace DeepFM.Cli;

/// <summary>Tells a view how a plan goes: its share and time left, and a line for each run that has ended.</summary>
/// <param name="view">What is told.</param>
/// <param name="tellsEpochs">Whether it is told about epochs too: where runs are few and one after the other.</param>
sealed class PlanNarrator(ProgressView view, bool tellsEpochs = false) : IProgress<PlanProgress>
{
    bool begun;

    public void Report(PlanProgress value)
    {
        if (!begun)
        {
            begun = true;
            view.Line($"{Counted.Of(value.Count, "run")}, {value.Done} of them done before.");
            foreach (string notice in value.Notices ?? []) { view.Line(notice); }
        }
        if (value.Completed is { } finished)
        {
            EvaluationMetrics? figures = finished.Report.Test ?? finished.Report.Valid;
            view.Line(Invariant($"run {value.Done} of {value.Count}, {finished.Run.Title}: AUC ")
                + (figures?.Auc is { } auc ? Invariant($"{auc:0.0000}, log loss ") : "not defined, log loss ")
                + Invariant($"{figures?.LogLoss:0.0000}, ")
                + Invariant($"{finished.Report.TotalTrainSeconds:0.0} s{Left(value)}"));
        }
        string place = $"run {Math.Min(value.Done + 1, value.Count)} of {value.Count}";
        if (tellsEpochs && value is { Training: { } training, Running: [string run] })
        {
            view.Title = $"{place}, {run}";
            view.Report(training);
        }
        else { view.Whole($"{place}{Left(value)}: {string.Join("; ", value.Running)}", value.Share); }
    }

    static string Left(PlanProgress value) => value.SecondsLeft is { } seconds ? $", {Duration(seconds)} left" : "";

    /// <summary>"45 s", "12 min", "3.5 h", "2.1 days".</summary>
    public static string Duration(double seconds) => seconds switch
    {
        < 90 => Invariant($"{seconds:0} s"),
        < 90 * 60 => Invariant($"{seconds / 60:0} min"),
        < 48 * 3600 => Invariant($"{seconds / 3600:0.0} h"),
        _ => Invariant($"{seconds / 86_400:0.0} days"),
    };
}
