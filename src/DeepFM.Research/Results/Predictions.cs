using DeepFM.Data;
using DeepFM.Research.Reporting;

namespace DeepFM.Research.Results;

/// <summary>A model's predictions of rows, as a table and as a chart.</summary>
public static class Predictions
{
    /// <summary>The rows that the model thinks most likely to be clicked, and whether they were.</summary>
    /// <param name="features">The encodings that made the rows.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="logits">The model's scores of all of them, [rows].</param>
    /// <param name="count">How many to show; at least 1.</param>
    /// <param name="fields">Fields whose values are shown beside.</param>
    /// <exception cref="ArgumentException">There is not one score for each row.</exception>
    /// <exception cref="UserErrorException">There is no such field.</exception>
    public static ResultTable Highest(FeatureMap features, EncodedData rows, IReadOnlyList<float> logits, int count,
        params IReadOnlyList<string> fields)
    {
        Require.Shape(logits.Count, [rows.RowCount]);
        string[] known = [.. features.Fields.Select(field => field.Name)];
        if (fields.FirstOrDefault(field => !known.Contains(field)) is { } unknown) { throw UnknownName.Error("field", unknown, known); }
        int[] best = [.. Enumerable.Range(0, rows.RowCount).OrderByDescending(row => logits[row])
            .Take(Require.InRange(count, 1, int.MaxValue))];
        return new("highest", FormattableString.Invariant($"The {best.Length} highest of {rows.RowCount:N0} predictions"),
            [
                .. fields.Select(field => new ResultColumn(field, field)),
                new("probability", "predicted", "0.0000"), new("click", "click", "0"),
            ],
            [.. best.Select(row => (IReadOnlyList<object?>)
                [.. fields.Select(field => EncodedRows.Value(features, rows, row, field)), Probability(logits[row]), rows.Labels[row]])]);
    }

    /// <summary>Whether predicted probabilities come true: the click rate of groups of rows by their mean prediction.</summary>
    /// <param name="logits">The model's scores, [rows].</param>
    /// <param name="rows">The rows.</param>
    /// <param name="groups">Groups of equal size, by rising score; in [2, 1000] and at most one a row.</param>
    /// <exception cref="ArgumentException">There is not one score for each row.</exception>
    public static Figure Reliability(EncodedData rows, IReadOnlyList<float> logits, int groups = 10)
    {
        Require.Shape(logits.Count, [rows.RowCount]);
        Require.InRange(groups, 2, Math.Min(1000, rows.RowCount));
        int[] order = [.. Enumerable.Range(0, rows.RowCount).OrderBy(row => logits[row])];
        double[] predicted = new double[groups], clicked = new double[groups], errors = new double[groups];
        for (int group = 0; group < groups; group++)
        {
            int[] members = order[(int)((long)group * order.Length / groups)..(int)((group + 1L) * order.Length / groups)];
            predicted[group] = members.Average(row => Probability(logits[row]));
            clicked[group] = members.Average(row => (double)rows.Labels[row]);
            errors[group] = Math.Sqrt(clicked[group] * (1 - clicked[group]) / members.Length);
        }
        double[] ends = [0, predicted[^1]];
        return new("reliability", "Do predictions come true?",
        [
            new("", new("predicted probability, mean of the group"), new("click rate of the group"),
            [
                new("as predicted", SeriesKind.Line, ends, [.. ends.Select(end => (double?)end)]),
                new("clicks", SeriesKind.Marks, predicted, [.. clicked.Select(rate => (double?)rate)])
                {
                    Deviations = [.. errors.Select(error => (double?)error)],
                },
            ]),
        ])
        {
            Caption = FormattableString.Invariant($"{Counted.Of(rows.RowCount, "row")} in {Counted.Of(groups, "group")} by rising prediction. ")
                + "Bars are standard errors.",
        };
    }

    // σ(z) from an exponential that cannot overflow.
    static double Probability(double z)
    {
        double t = Math.Exp(-Math.Abs(z));
        return (z >= 0 ? 1 : t) / (1 + t);
    }
}
