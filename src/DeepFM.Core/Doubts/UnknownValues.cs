using DeepFM.Data;
using DeepFM.Data.Encoders;
using DeepFM.Data.Schemas;
using static System.FormattableString;

namespace DeepFM.Doubts;

/// <summary>A field that says nothing: all its values, or nearly all, are rare or missing in training, or unseen or missing in a part.</summary>
static class UnknownValues
{
    const double NearlyAll = 0.99, SeldomMissing = 0.5;

    /// <summary>Whether so many are all, or nearly all, of some.</summary>
    public static bool IsNearlyAll(long count, long all) => all > 0 && count >= NearlyAll * all;

    /// <summary>Of the rows that the fields were fitted on.</summary>
    public static IEnumerable<string> InTraining(FeatureMap features)
    {
        for (int f = 0; f < features.Fields.Count; f++)
        {
            FieldFigures figures = features.Encoders[f].Figures;
            string name = ShownText.Short(features.Fields[f].Name);
            if (IsAllMissing(features, f))
            {
                if (!features.Joins.FindsNone(JoinOf(features.Schema, f), part: 0))
                {
                    yield return Invariant($"Field '{name}' is missing in all {features.TrainingRowCount:N0} training rows, so it says nothing. Check ")
                        + "its column in the schema, and the texts under \"missing\".";
                }
            }
            else if (IsRare(features, f))
            {
                bool isAll = figures.RareCount == PresentOf(features, f);
                double share = (double)figures.RareCount / PresentOf(features, f);
                string seldom = $"occur less than {MinCountOf(features.Schema.Fields[f])} times in training and share one id, so the field says";
                yield return (isAll ? Invariant($"All {figures.DistinctCount:N0} values of field '{name}' {seldom} nothing")
                        : Invariant($"{share:P1} of the cells of field '{name}' hold values that {seldom} next to nothing"))
                    + ". Lower its \"minCount\" in the schema, or leave the field out.";
            }
        }
    }

    /// <summary>Of rows that only are evaluated or scored.</summary>
    /// <param name="features">What they are encoded with.</param>
    /// <param name="tally">What of each field occurs in them.</param>
    /// <param name="joins">What their joins find.</param>
    /// <param name="joinPart">Which part of <paramref name="joins"/> they are.</param>
    /// <param name="part">What the rows are called.</param>
    public static IEnumerable<string> In(FeatureMap features, ValueTally tally, JoinTally joins, int joinPart, string part)
    {
        for (int f = 0; f < features.Fields.Count; f++)
        {
            if (!ValueTally.HasUnseen(features.Schema.Fields[f]) || IsAllMissing(features, f) || IsRare(features, f)
                || joins.FindsNone(JoinOf(features.Schema, f), joinPart))
            {
                continue;
            }
            string name = ShownText.Short(features.Fields[f].Name);
            long present = tally.Total[f] - tally.Missing[f], known = present - tally.Unseen[f];
            double missing = (double)features.Encoders[f].Figures.MissingCount / features.TrainingRowCount;
            if (present == 0 && missing < SeldomMissing && tally.RowCount >= FewOfAClass.Enough)
            {
                yield return Invariant($"Field '{name}' is missing in all {tally.RowCount:N0} {part} rows, but in {missing:P1} of the training rows. ")
                    + $"Check its column in the {part} rows.";
            }
            else if (IsNearlyAll(tally.Unseen[f], present))
            {
                yield return (known == 0 ? Invariant($"No value of field '{name}' in the {tally.RowCount:N0} {part} rows has an id from training")
                        : Invariant($"Only {known:N0} of the {present:N0} values of field '{name}' in the {part} rows {(known == 1 ? "has" : "have")} an id from training"))
                    + $", so the field says {(known == 0 ? "nothing" : "next to nothing")} there. If it should, check that all files write it alike "
                    + "('1.0' is not '1'); if it cannot, leave it out of the schema.";
            }
        }
    }

    static bool IsAllMissing(FeatureMap features, int f) => features.Encoders[f].Figures.MissingCount == features.TrainingRowCount;

    static bool IsRare(FeatureMap features, int f) => MinCountOf(features.Schema.Fields[f]) is > 1
        && IsNearlyAll(features.Encoders[f].Figures.RareCount, PresentOf(features, f));

    // Values in training; of a bag, its entries, of which none is missing.
    static long PresentOf(FeatureMap features, int f) => features.Encoders[f].Figures is var figures
        && features.Fields[f].Shape == FieldShape.Bag ? figures.RowCount : figures.RowCount - figures.MissingCount;

    // The place of the table that gives the field its column; -1 for a column of the rows.
    static int JoinOf(Schema schema, int field) => schema.Fields[field].Columns.FirstOrDefault() is { } column
        ? schema.Joins.ToList().FindIndex(join => join.Source.Columns?.Contains(column) == true && column != join.Key && column != join.On
            && schema.Source.Columns?.Contains(column) != true)
        : -1;

    static int? MinCountOf(FieldSpec spec) => spec switch
    {
        CategoricalSpec { MinCount: var count } => count,
        LogSquaredSpec { MinCount: var count } => count,
        MultiValuedSpec { MinCount: var count } => count,
        TimeSpec { MinCount: var count } => count,
        _ => null,
    };
}
