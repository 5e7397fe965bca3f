using DeepFM.Models;
using DeepFM.Research.Paper;
using DeepFM.Research.Reporting;

namespace DeepFM.Research.Results;

/// <summary>Table 1 of the paper: what models can do and what they need, read from their definitions.</summary>
public static class Table1
{
    /// <summary>The paper's rows, then the other models; the published row stands beside.</summary>
    public static ResultTable Build() => new("table1", "Table 1. Comparison of deep models for CTR prediction",
        [
            new("model", "model"),
            new("no_pretraining", "no pre-training"),
            new("high_order", "high-order features"),
            new("low_order", "low-order features"),
            new("no_feature_engineering", "no feature engineering"),
            new("published", "as published, in the same order") { Published = true },
        ],
        [.. PaperResults.Table1.Select(PaperRow), .. Others().Select(OtherRow)])
    {
        Notes =
        [
            "The four columns follow from the definitions of this kit's models: a pre-trained start; a hidden layer; a linear or pair-sum "
                + "term beside it; and a linear wide part without pairs, which needs crosses made by hand.",
            $"Published: {PaperSource.Table1.Citation}. " + (Disagreeing() is { Count: > 0 } rows
                ? $"The definitions disagree with it for {Words.List(rows)}."
                : "The definitions agree with it in every cell."),
        ],
    };

    static IEnumerable<CatalogModel> Others() =>
        ModelCatalog.All.Where(model => !PaperResults.Table1.Any(row => row.Models.Contains(model.Name)));

    static List<string> Disagreeing() =>
        [.. PaperResults.Table1.Where(row => row.Models.Any(model => !Traits(model).SequenceEqual(row.Traits))).Select(row => row.Name)];

    static IReadOnlyList<object?> PaperRow(PublishedTraits row)
    {
        string here = Words.Models(row.Models);
        return [row.Name == here ? row.Name : $"{row.Name} ({here})", .. Traits(row.Models[0]).Select(Mark),
            string.Join(' ', row.Traits.Select(Mark))];
    }

    static IReadOnlyList<object?> OtherRow(CatalogModel model) =>
        [model.DisplayName, .. Traits(model.Name).Select(Mark), null];

    static IReadOnlyList<bool> Traits(string model)
    {
        CatalogModel entry = ModelCatalog.Get(model);
        return ModelTraits.Of(entry.Create(entry.Options)).InOrder;
    }

    static string Mark(bool has) => has ? "√" : "×";
}
