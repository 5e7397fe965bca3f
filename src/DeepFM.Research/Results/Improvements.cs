using DeepFM.Research.Paper;
using DeepFM.Research.Reporting;

namespace DeepFM.Research.Results;

/// <summary>The relative improvements of DeepFM that the paper's text states, measured.</summary>
public static class Improvements
{
    static readonly (ImprovementOver Over, string Title, string[] Models)[] rows =
    [
        (ImprovementOver.Lr, "over LR", ["lr"]),
        (ImprovementOver.SecondBest, "over the best of FM, FNN, IPNN, OPNN and PNN*",
            ["fm", "fnn", "ipnn", "opnn", "pnn-star"]),
        (ImprovementOver.WideAndDeep, "over the better of LR & DNN and FM & DNN", ["lr-dnn", "fm-dnn"]),
    ];

    static readonly (PaperData Data, string Name, string Title)[] columnData =
        [(PaperData.Company, "company", "Company*"), (PaperData.Criteo, "criteo", "Criteo")];

    /// <summary>The table; null without DeepFM or without any of the others.</summary>
    public static ResultTable? Build(Table2Input input)
    {
        if (input.Find("deepfm") is not { } own) { return null; }
        // The paper's own, where its tables are made anew or the rows are its rows.
        (PaperData Data, string Name, string Title)[] published =
            [.. columnData.Where(column => input.Data.IsGenerated || input.Data.AreCriteo && column.Data == PaperData.Criteo)];
        List<IReadOnlyList<object?>> cells = [];
        foreach ((ImprovementOver over, string title, string[] models) in rows)
        {
            ModelFigures[] others = [.. models.Select(input.Find).OfType<ModelFigures>()];
            if (others.Length == 0) { continue; }
            ModelFigures bestAuc = others.MaxBy(other => other.Auc.Mean)!, bestLoss = others.MinBy(other => other.LogLoss.Mean)!;
            cells.Add(
            [
                title, bestAuc.DisplayName, 100 * (own.Auc.Mean / bestAuc.Auc.Mean - 1),
                bestLoss.DisplayName, 100 * (1 - own.LogLoss.Mean / bestLoss.LogLoss.Mean),
                .. Stated(over, PaperSource.V1Text, published), .. Stated(over, PaperSource.IjcaiText, published),
            ]);
        }
        const string percent = "+0.00;-0.00;0.00";
        return cells.Count == 0 ? null : new("table2-improvements", "Relative improvement of DeepFM, percent",
            [
                new("over", "DeepFM"),
                new("best_auc_model", "best of them in AUC"), new("auc_percent", "AUC, %", percent),
                new("best_log_loss_model", "best of them in log loss"), new("log_loss_percent", "log loss, %", percent),
                .. Columns("v1", "arXiv v1", published), .. Columns("ijcai", "IJCAI 2017", published),
            ], cells)
        {
            Notes =
            [
                "AUC: by how many percent of the other's AUC DeepFM's is higher; log loss: by how many percent of the other's it is lower. "
                    + "Negative: DeepFM is behind.",
                .. published.Length == 0 ? Array.Empty<string>() :
                [
                    "Published: as the texts of the two versions state them (section 3.2), \"more than\" in all but those over LR; "
                        + "those of IJCAI 2017 match its own table only roughly.",
                ],
            ],
        };
    }

    static IEnumerable<ResultColumn> Columns(string name, string title, (PaperData Data, string Name, string Title)[] published)
    {
        foreach ((_, string data, string dataTitle) in published)
        {
            yield return new($"auc_percent_{name}_{data}", $"AUC, {dataTitle}, {title}, %") { Published = true };
            yield return new($"log_loss_percent_{name}_{data}", $"log loss, {dataTitle}, {title}, %") { Published = true };
        }
    }

    static IEnumerable<object?> Stated(ImprovementOver over, PaperSource source, (PaperData Data, string Name, string Title)[] published)
    {
        foreach ((PaperData data, _, _) in published)
        {
            PublishedImprovement stated = PaperResults.Improvements
                .Single(row => row.Over == over && row.Data == data && row.Auc.Source == source);
            yield return stated.Auc.Printed;
            yield return stated.LogLoss.Printed;
        }
    }
}
