using DeepFM.Research.Reporting;
using DeepFM.Research.Results;
using DeepFM.Training;
using static System.FormattableString;

namespace DeepFM.Notebooks.Display;

/// <summary>How trainings, runs and comparisons are shown.</summary>
static class RunViews
{
    /// <summary>The curve, and why training ended.</summary>
    public static View Of(TrainingHistory history)
    {
        View epochs = View.Table(["epoch", "training loss", "validation log loss", "validation AUC", "seconds"],
        [
            .. history.Epochs.Select(epoch => new[]
            {
                $"{epoch.Epoch}", Invariant($"{epoch.TrainLoss:0.0000}"),
                epoch.Valid is { } valid ? Invariant($"{valid.LogLoss:0.000000}") : "–",
                epoch.Valid?.Auc is { } auc ? Invariant($"{auc:0.000000}") : "–", Invariant($"{epoch.TrainSeconds:0.00}"),
            }),
        ], history.Outcome);
        if (history.Epochs.Count == 0) { return epochs; }
        View curve = ChartViews.Of(Curve(history));
        return new(epochs.Text, () => curve.Html() + epochs.Html());
    }

    /// <summary>A run: its figures and its curve.</summary>
    public static View Of(RunReport report)
    {
        List<string[]> rows = [];
        foreach ((string name, Metrics.EvaluationMetrics? figures) in new[] { ("validation", report.Valid), ("test", report.Test) })
        {
            if (figures is null) { continue; }
            rows.Add([name, Invariant($"{figures.Rows:N0}"), figures.Auc is { } auc ? Invariant($"{auc:0.000000}") : "not defined",
                Invariant($"{figures.LogLoss:0.000000}")]);
        }
        return View.Stack(
            View.Line(Invariant($"{report.DisplayName}, seed {report.Seed}: {Counted.Of(report.ParameterCount, "parameter")}, ")
                + Invariant($"{report.SamplesPerSecond:N0} samples/s, {report.TotalTrainSeconds:0.0} s of training")),
            View.Table([" rows of", "rows", "AUC", "log loss"], rows),
            Of(report.Training),
            View.Notices(report.Notices));
    }

    /// <summary>A comparison: a row a model.</summary>
    public static View Of(ComparisonTable table)
    {
        string[] lines = table.ToMarkdown().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[][] cells = [.. lines.Where(line => line.StartsWith('|'))
            .Select(line => line.Trim('|').Split(" | ").Select(cell => cell.Trim(' ', '|')).ToArray())];
        string[] columns = [.. cells[0].Select((heading, at) => at == 0 ? " " + heading : heading)];
        return View.Table(columns, [.. cells.Skip(2)], [.. lines.Where(line => !line.StartsWith('|'))]);
    }

    static Figure Curve(TrainingHistory history)
    {
        double[] epochs = [.. history.Epochs.Select(epoch => (double)epoch.Epoch)];
        Axis x = new("epoch");
        List<Series> losses = [new("training", SeriesKind.Line, epochs, [.. history.Epochs.Select(epoch => (double?)epoch.TrainLoss)])];
        List<Panel> panels = [];
        if (history.Epochs.Any(epoch => epoch.Valid is not null))
        {
            losses.Add(new("validation", SeriesKind.Line, epochs, [.. history.Epochs.Select(epoch => epoch.Valid?.LogLoss)]));
        }
        panels.Add(new("Log loss", x, new("nats per sample"), losses));
        if (history.Epochs.Any(epoch => epoch.Valid?.Auc is not null))
        {
            panels.Add(new("AUC", x, new("AUC"),
                [new("validation", SeriesKind.Line, epochs, [.. history.Epochs.Select(epoch => epoch.Valid?.Auc)])]));
        }
        return new("training", "Training", panels);
    }
}
