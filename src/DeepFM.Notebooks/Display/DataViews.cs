using DeepFM.Data;
using DeepFM.Research.Generation;
using static System.FormattableString;

namespace DeepFM.Notebooks.Display;

/// <summary>How data are shown.</summary>
static class DataViews
{
    const int LongestTop = 60;

    /// <summary>A description: what there is, and a row a field.</summary>
    public static View Of(DataDescription data)
    {
        bool hasUnseen = data.Fields.Any(field => field.UnseenShare is not null);
        string[] columns = [" field", " kind", "ids", "distinct", "missing", "rare", .. (string[])(hasUnseen ? ["unseen"] : []),
            " most frequent"];
        string head = Invariant($"{Counted.Of(data.RowCount, "row")}, {data.PositiveRate:P2} positive, ")
            + $"{Counted.Of(data.Fields.Count, "field")}, {Counted.Of(data.FeatureCount, "feature")} (D)";
        string other = data.OtherRowCount > 0 ? $"; compared with {Counted.Of(data.OtherRowCount, "other row")}" : "";
        return View.Stack(View.Line(head + other),
            View.Table(columns, [.. data.Fields.Select(field => Row(field, hasUnseen))]),
            View.Notices(data.Notices));
    }

    /// <summary>Encoded data: the parts, and a row a field.</summary>
    public static View Of(DataSplits data)
    {
        List<string[]> parts = [];
        foreach ((string name, EncodedData? rows) in new[] { ("training", data.Train), ("validation", data.Valid), ("test", data.Test) })
        {
            if (rows is not null) { parts.Add([name, Invariant($"{rows.RowCount:N0}"), Invariant($"{rows.PositiveRate:P2}")]); }
        }
        string head = $"{data.Features.Schema.Name}: {Counted.Of(data.Features.Fields.Count, "field")}, "
            + $"{Counted.Of(data.Features.FeatureCount, "feature")} (D)";
        return View.Stack(View.Line(head),
            View.Table([" part", "rows", "positive"], parts,
                $"Split: {data.SplitDescription}. Data digest {data.Digest[..Math.Min(12, data.Digest.Length)]}."),
            View.Table([" field", " a row has", "ids"], [.. data.Features.Fields.Select(field =>
                new[] { ShownText.Short(field.Name), Words(field), Invariant($"{field.IdCount:N0}") })]),
            View.Notices(data.Notices));
    }

    /// <summary>The bound that generated rows set to every model.</summary>
    public static View Of(BestReachable best) =>
        View.Line(Invariant($"The best that any model can reach on the test day: AUC {best.Auc:0.0000}, ")
            + Invariant($"log loss {best.LogLoss:0.0000} nats per row"));

    static string[] Row(FieldDescription field, bool hasUnseen)
    {
        string top = string.Join(", ", field.TopValues.Select(value =>
            Invariant($"{ShownText.Short(value.Value, LongestTop)} ({value.Count:N0})")));
        return [ShownText.Short(field.Name), field.KindText, Invariant($"{field.IdCount:N0}"), Invariant($"{field.DistinctCount:N0}"),
            Invariant($"{field.MissingShare:P1}"), Invariant($"{field.RareShare:P1}"),
            .. (string[])(hasUnseen ? [field.UnseenShare is { } unseen ? Invariant($"{unseen:P1}") : "–"] : []),
            ShownText.Short(top, LongestTop)];
    }

    static string Words(EncodedField field) => field.Shape switch
    {
        FieldShape.OneId => "one id",
        FieldShape.Value => "one id with a number",
        FieldShape.Bag => field.PairsWithin ? "several ids, each pair a feature (pairsWithin)" : "several ids",
        _ => field.Shape.ToString(),
    };
}
