using DeepFM.Research.Paper;
using DeepFM.Research.Reporting;
using DeepFM.Research.Statistics;

namespace DeepFM.Research.Results;

/// <summary>What Table 2 is computed from.</summary>
/// <param name="Models">The models' figures, in the order of the table; at least one.</param>
/// <param name="Differences">DeepFM against each other model; empty without DeepFM.</param>
/// <param name="Data">What the rows are.</param>
public sealed record Table2Input(IReadOnlyList<ModelFigures> Models, IReadOnlyList<ModelDifference> Differences, DataFacts Data)
{
    /// <summary>A model's figures; null when it was not trained.</summary>
    public ModelFigures? Find(string model) => Models.FirstOrDefault(figures => figures.Model == model);

    /// <summary>The p-values of the differences in AUC, adjusted after Holm for their number; null with one seed.</summary>
    public IReadOnlyList<double>? AucP => Adjusted(Differences.Select(row => row.AucTest));

    /// <summary>The same of log loss.</summary>
    public IReadOnlyList<double>? LogLossP => Adjusted(Differences.Select(row => row.LogLossTest));

    static double[]? Adjusted(IEnumerable<PairedTTest?> tests)
    {
        double[] p = [.. tests.OfType<PairedTTest>().Select(test => test.P)];
        return p.Length == 0 ? null : Holm.Adjust(p);
    }
}

/// <summary>DeepFM minus another model.</summary>
/// <param name="Model">The other model.</param>
/// <param name="Auc">Interval of the difference of AUC over resampled rows, mean of the seeds.</param>
/// <param name="AucTest">Paired t-test of AUC over the seeds; null with one seed.</param>
/// <param name="LogLossTest">The same of log loss.</param>
public sealed record ModelDifference(string Model, AucInterval Auc, PairedTTest? AucTest, PairedTTest? LogLossTest);

/// <summary>Table 2 of the paper: AUC and log loss of all models, beside the published ones.</summary>
public static class Table2
{
    /// <summary>The main table.</summary>
    public static ResultTable Build(Table2Input input)
    {
        DataFacts data = input.Data;
        List<(ResultColumn Column, Func<ModelFigures, object?> Cell)> columns =
        [
            (new("model", "model"), row => row.DisplayName),
            (new("auc", "AUC", "0.0000"), row => row.Auc),
            (new("log_loss", "log loss", "0.0000"), row => row.LogLoss),
        ];
        if (data.Best is { } best)
        {
            columns.Add((new("auc_below_best", "AUC below the best reachable", "0.0000"), row => best.Auc - row.Auc.Mean));
            columns.Add((new("log_loss_above_best", "log loss above it", "0.0000"), row => row.LogLoss.Mean - best.LogLoss));
        }
        foreach ((string name, string title, Func<string, PublishedScore?> score) in data.Published)
        {
            columns.Add((new($"auc_{name}", $"AUC, {title}") { Published = true }, row => score(row.Model)?.Auc.Printed));
            columns.Add((new($"log_loss_{name}", $"log loss, {title}") { Published = true }, row => score(row.Model)?.LogLoss.Printed));
        }
        columns.Add((new("parameters", "parameters", "N0"), row => row.Runs[0].Report.ParameterCount));
        columns.Add((new("runs", "runs", "0"), row => row.Runs.Count));
        return new("table2", "Table 2. Performance on CTR prediction", [.. columns.Select(column => column.Column)],
            [.. input.Models.Select(row => (IReadOnlyList<object?>)[.. columns.Select(column => column.Cell(row))])])
        {
            Notes = [.. data.Notes(input.Models)],
        };
    }

    /// <summary>DeepFM minus each other model, with interval and significance; null without DeepFM or others.</summary>
    public static ResultTable? Differences(Table2Input input)
    {
        IReadOnlyList<ModelDifference> rows = input.Differences;
        if (rows.Count == 0) { return null; }
        IReadOnlyList<double>? auc = input.AucP, logLoss = input.LogLossP;
        static PValue? P(double? p) => p is { } value ? new(value) : null;
        const string difference = "+0.0000;-0.0000;0.0000", p = "0.0000";
        return new("table2-differences", "DeepFM minus each other model",
            [
                new("model", "model"),
                new("auc_difference", "AUC difference", difference),
                new("auc_low", "95 % from", difference),
                new("auc_high", "to", difference),
                new("auc_p", "p, t-test", p),
                new("auc_p_holm", "p, Holm", p),
                new("log_loss_difference", "log loss difference", difference),
                new("log_loss_p", "p, t-test", p),
                new("log_loss_p_holm", "p, Holm", p),
            ],
            [.. rows.Select((row, i) => (IReadOnlyList<object?>)
            [
                Words.Name(row.Model), row.Auc.Difference, row.Auc.Low, row.Auc.High, P(row.AucTest?.P), P(auc?[i]),
                row.LogLossTest?.MeanDifference ?? input.Find("deepfm")!.LogLoss.Mean - input.Find(row.Model)!.LogLoss.Mean,
                P(row.LogLossTest?.P), P(logLoss?[i]),
            ])])
        {
            Notes =
            [
                FormattableString.Invariant($"Interval: bootstrap over rows, clicks and others drawn apart, {rows[0].Auc.Resamples} ")
                    + FormattableString.Invariant($"resamples, ")
                    + "AUC averaged over the seeds. It covers the choice of rows.",
                rows[0].AucTest is { } test
                    ? $"p: paired two-sided t-test over the seeds ({test.Degrees + 1} pairs); then adjusted after Holm for "
                        + "the number of models. The paper's t-test is not said to be paired or two-sided. It covers the choice of seeds; with so few it is weak."
                    : "One seed: no t-test.",
                PaperResults.Significance,
            ],
        };
    }

    /// <summary>The published tables side by side, each labelled.</summary>
    public static ResultTable Published(IReadOnlyList<string> models)
    {
        (string Name, string Title, Func<string, PublishedScore?> Score)[] tables =
        [
            ("v1_company", "Company*, arXiv v1", model => PaperResults.V1(model, PaperData.Company)),
            ("ijcai_company", "Company*, IJCAI 2017", model => PaperResults.Ijcai(model, PaperData.Company)),
            ("v1_criteo", "Criteo, arXiv v1", model => PaperResults.V1(model, PaperData.Criteo)),
            ("ijcai_criteo", "Criteo, IJCAI 2017", model => PaperResults.Ijcai(model, PaperData.Criteo)),
            ("extended_company", "Company*, extended version", model => PaperResults.Extended(model, PaperData.Company)),
            ("extended_criteo", "Criteo-Random, extended version", model => PaperResults.Extended(model, PaperData.Criteo)),
            ("extended_sequential", "Criteo-Sequential, extended version", model => PaperResults
                .Extended(model, PaperData.CriteoSequential)),
        ];
        return new("table2-published", "Table 2 as published",
            [
                new("model", "model"),
                .. tables.SelectMany(table => new ResultColumn[]
                {
                    new($"auc_{table.Name}", $"AUC, {table.Title}") { Published = true },
                    new($"log_loss_{table.Name}", $"log loss, {table.Title}") { Published = true },
                }),
            ],
            [.. models.Select(model => (IReadOnlyList<object?>)
            [
                Words.Name(model),
                .. tables.SelectMany(table => new object?[] { table.Score(model)?.Auc.Printed, table.Score(model)?.LogLoss.Printed }),
            ])])
        {
            Notes =
            [
                .. new[] { PaperSource.V1Table2, PaperSource.IjcaiTable2, PaperSource.ExtendedTable4 }
                    .Select(source => $"{source.Name}: {source.Citation}."),
                "The first version and the conference's print different numbers. In the first version the Criteo AUCs of LR & DNN and "
                    + "FM & DNN look swapped: the later versions have them the other way round.",
            ],
        };
    }
}
