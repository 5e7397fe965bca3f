using DeepFM.Data;
using DeepFM.Data.Encoders;
using DeepFM.Data.Schemas;
using static System.FormattableString;

namespace DeepFM.Doubts;

/// <summary>A field that says nothing: all its values are rare or missing in training, or unseen or missing in a part.</summary>
static class UnknownValues
{
    public static IEnumerable<string> Find(DataSplits data) =>
        InTraining(data.Features).Concat(DataDoubts.Parts(data).Skip(1).SelectMany(part =>
        {
            Tally tally = new(data.Features);
            tally.Add(part.Rows);
            return tally.Sentences(part.Name);
        }));

    static IEnumerable<string> InTraining(FeatureMap features)
    {
        for (int f = 0; f < features.Fields.Count; f++)
        {
            FieldFigures figures = features.Encoders[f].Figures;
            string name = features.Fields[f].Name;
            if (figures.RowCount == 0) { continue; }
            if (figures.MissingCount == figures.RowCount)
            {
                if (JoinOf(features.Schema, f) is null)
                {
                    yield return Invariant($"Field '{name}' is missing in all {figures.RowCount:N0} training rows, so it says nothing. Check its column ")
                        + "in the schema, and the texts under \"missing\".";
                }
            }
            else if (MinCountOf(features.Schema.Fields[f]) is > 1 and int minCount && figures.RareCount + figures.MissingCount == figures.RowCount)
            {
                yield return Invariant($"All {figures.DistinctCount:N0} values of field '{name}' occur less than {minCount} times in training and share ")
                    + "one id, so the field says nothing. Lower its \"minCount\" in the schema, or leave the field out.";
            }
        }
        foreach (JoinSpec join in features.Schema.Joins)
        {
            int[] fields = [.. Enumerable.Range(0, features.Fields.Count).Where(f => JoinOf(features.Schema, f) == join)];
            if (fields.Length > 0 && fields.All(f => features.Encoders[f].Figures is var figures && figures.MissingCount == figures.RowCount))
            {
                yield return $"No training row has a key that {join.File} has: all that it adds by '{join.On}' is missing. Keys are compared as "
                    + "text ('1.0' is not '1'): write them alike in both files.";
            }
        }
    }

    // The table that gives the field its column; null for a column of the rows.
    static JoinSpec? JoinOf(Schema schema, int field) => schema.Fields[field].Columns.FirstOrDefault() is { } column
        ? schema.Joins.FirstOrDefault(join => join.Source.Columns?.Contains(column) == true && column != join.Key && column != join.On
            && schema.Source.Columns?.Contains(column) != true)
        : null;

    static int? MinCountOf(FieldSpec spec) => spec switch
    {
        CategoricalSpec { MinCount: var count } => count,
        LogSquaredSpec { MinCount: var count } => count,
        MultiValuedSpec { MinCount: var count } => count,
        TimeSpec { MinCount: var count } => count,
        _ => null,
    };

    /// <summary>What of each field occurs in rows that come in pieces.</summary>
    public sealed class Tally(FeatureMap features)
    {
        // Of fields of which nothing would be said nothing is looked for either.
        readonly bool[] isKnown = [.. Enumerable.Range(0, features.Fields.Count).Select(f => MinCountOf(features.Schema.Fields[f]) is null
            || features.Encoders[f].Figures is var figures && figures.RareCount + figures.MissingCount == figures.RowCount)];
        readonly bool[] isAny = new bool[features.Fields.Count];
        long rowCount;

        /// <summary>Looks at rows until each field has shown a value that training had.</summary>
        public void Add(EncodedData rows)
        {
            rowCount += rows.RowCount;
            for (int row = 0; row < rows.RowCount && isKnown.Contains(false); row++)
            {
                ReadOnlySpan<int> ids = rows.Ids(row), bag = rows.BagIds(row);
                for (int f = 0; f < isKnown.Length; f++)
                {
                    ReadOnlySpan<int> own = ids.Slice(f, 1);
                    if (features.Fields[f].Shape == FieldShape.Bag)
                    {
                        own = bag[..ids[f]];
                        bag = bag[ids[f]..];
                    }
                    isAny[f] |= own.Length > 0;
                    isKnown[f] |= own.ContainsAnyExcept(features.Fields[f].FirstId + FittedIds.Unseen);
                }
            }
        }

        /// <summary>A sentence a field without any such value, where training has some.</summary>
        public IEnumerable<string> Sentences(string part)
        {
            for (int f = 0; f < isKnown.Length; f++)
            {
                if (isKnown[f] || !isAny[f]) { continue; }
                yield return Invariant($"No value of field '{features.Fields[f].Name}' in the {rowCount:N0} {part} rows has an id from training, so ")
                    + "the field says nothing there. If it should, check that all files write it alike ('1.0' is not '1'); if it cannot, leave it "
                    + "out of the schema.";
            }
        }
    }
}
