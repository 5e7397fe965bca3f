using DeepFM.Data.Encoders;
using DeepFM.Data.Schemas;

namespace DeepFM.Data;

/// <summary>Computes a <see cref="DataDescription"/> from fitted encodings, and from other data under them.</summary>
static class DescriptionBuilder
{
    /// <param name="features">Fitted on the data to describe.</param>
    /// <param name="others">Other data, encoded; each is disposed of.</param>
    /// <param name="topCount">How many of the most frequent values to list.</param>
    public static DataDescription Build(FeatureMap features, IEnumerable<EncodedData> others, int topCount)
    {
        int F = features.Fields.Count;
        long[] unseen = new long[F], totals = new long[F];
        long otherRows = 0;
        foreach (EncodedData other in others)
        {
            using (other)
            {
                otherRows += other.RowCount;
                for (int row = 0; row < other.RowCount; row++) { CountUnseen(other, row, unseen, totals); }
            }
        }
        return new(features.TrainingRowCount, (double)features.TrainingPositiveCount / features.TrainingRowCount,
            features.FeatureCount, otherRows, [.. Enumerable.Range(0, F).Select(Field)]);

        FieldDescription Field(int f)
        {
            FieldEncoder encoder = features.Encoders[f];
            FieldSpec spec = features.Schema.Fields[f];
            FieldFigures figures = encoder.Figures;
            bool hasUnseen = spec is not (ValueSpec or QuantileSpec);
            return new(encoder.Field.Name, spec.Kind, encoder.Field.IdCount, figures.DistinctCount,
                Share(figures.MissingCount, features.TrainingRowCount), Share(figures.RareCount, figures.RowCount),
                hasUnseen && totals[f] > 0 ? Share(unseen[f], totals[f]) : null, Top(encoder, topCount));
        }
    }

    static void CountUnseen(EncodedData data, int row, long[] unseen, long[] totals)
    {
        ReadOnlySpan<int> ids = data.Ids(row), bag = data.BagIds(row);
        for (int f = 0; f < ids.Length; f++)
        {
            EncodedField field = data.Fields[f];
            ReadOnlySpan<int> own = ids.Slice(f, 1);
            if (field.Shape == FieldShape.Bag)
            {
                own = bag[..ids[f]];
                bag = bag[ids[f]..];
            }
            unseen[f] += own.Count(field.FirstId + FittedIds.Unseen);
            totals[f] += own.Length;
        }
    }

    static ValueCount[] Top(FieldEncoder encoder, int count) => encoder.Field.Shape == FieldShape.Value ? [] :
        [.. Enumerable.Range(0, encoder.Field.IdCount)
            .Select(id => (Id: id, Count: encoder.TrainingCount(id)))
            .Where(entry => entry.Count > 0)
            .OrderByDescending(entry => entry.Count)
            .Take(count)
            .Select(entry => new ValueCount(encoder.Describe(entry.Id), entry.Count))];

    static double Share(long part, long all) => all == 0 ? 0 : (double)part / all;
}
