using DeepFM.Data.Encoders;
using DeepFM.Doubts;

namespace DeepFM.Data;

/// <summary>Computes a <see cref="DataDescription"/> from fitted encodings, and from other data under them.</summary>
static class DescriptionBuilder
{
    /// <param name="features">Fitted on the data to describe.</param>
    /// <param name="others">Other data, encoded; each is disposed of.</param>
    /// <param name="topCount">How many of the most frequent values to list.</param>
    public static DataDescription Build(FeatureMap features, IEnumerable<EncodedData> others, int topCount)
    {
        ValueTally tally = new(features, enough: long.MaxValue);
        foreach (EncodedData other in others)
        {
            using (other) { tally.Add(other); }
        }
        return new(features.TrainingRowCount, (double)features.TrainingPositiveCount / features.TrainingRowCount,
            features.FeatureCount, tally.RowCount, [.. Enumerable.Range(0, features.Fields.Count).Select(Field)]);

        FieldDescription Field(int f)
        {
            FieldEncoder encoder = features.Encoders[f];
            FieldFigures figures = encoder.Figures;
            return new(encoder.Field.Name, features.Schema.Fields[f].Kind, encoder.Field.IdCount, figures.DistinctCount,
                Share(figures.MissingCount, features.TrainingRowCount), Share(figures.RareCount, figures.RowCount),
                tally.Total[f] > 0 ? Share(tally.Unseen[f], tally.Total[f]) : null, Top(encoder, topCount), encoder.Field.PairsWithin);
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
