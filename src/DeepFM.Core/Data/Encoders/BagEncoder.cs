using System.Text;
using System.Text.Json;
using DeepFM.Data.Reading;
using DeepFM.Data.Schemas;

namespace DeepFM.Data.Encoders;

/// <summary>Any number of ids a row, each with a weight; a missing cell is an empty bag.</summary>
/// <remarks>
/// For mean pooling the weights are divided by their sum, so a row's weights add up to 1. When they are all 0 they stay 0.
/// </remarks>
sealed class BagEncoder(EncodedField field, MultiValuedSpec spec, BagCells cells, Utf8Table texts, FittedIds ids)
    : FieldEncoder(field)
{
    public override long TextBytes => texts.TextBytes;

    public override FieldFigures Figures => new(ids.RowCount, ids.MissingCount, ids.RareCount, ids.DistinctCount);

    public override int Encode(RowReader row, EncodedDataBuilder to)
    {
        double sum = 0;
        int count = 0;
        BagCells.Position at = default;
        for (; cells.Next(row, ref at, out ReadOnlySpan<byte> text, out float weight); count++)
        {
            int index = texts.Find(text);
            to.BagIds.Add(Field.FirstId + (index < 0 ? FittedIds.Unseen : ids.FirstValue + index));
            to.BagWeights.Add(weight);
            sum += weight;
        }
        if (!spec.Mean || sum <= 0) { return count; }
        for (long i = to.BagWeights.Count - count; i < to.BagWeights.Count; i++)
        {
            to.BagWeights[i] = (float)(to.BagWeights[i] / sum);
        }
        return count;
    }

    public override string Describe(int localId) =>
        ids.Special(localId) ?? Encoding.UTF8.GetString(texts[localId - ids.FirstValue]);

    // An empty bag has no id, so it is counted with none.
    public override long TrainingCount(int localId) => localId == FittedIds.Unseen ? ids.RareCount : ids.CountOf(localId);

    public override void Write(Utf8JsonWriter json)
    {
        ids.Write(json);
        CategoricalEncoder.WriteTexts(json, texts);
    }

    public static BagEncoder Read(MultiValuedSpec spec, BagCells cells, int firstId, FittedField json)
    {
        FittedIds ids = FittedIds.Read(json);
        return Create(spec, cells, firstId, CategoricalEncoder.ReadTexts(json, ids), ids);
    }

    internal static BagEncoder Create(MultiValuedSpec spec, BagCells cells, int firstId, Utf8Table texts, FittedIds ids) =>
        new(new(spec.Name, FieldShape.Bag, firstId, ids.IdCount, spec.PairsWithin), spec, cells, texts, ids);
}

/// <summary>Counts the entries of a field's bags.</summary>
sealed class BagFitter(MultiValuedSpec spec, BagCells cells) : FieldFitter
{
    readonly TextCounts counts = new();
    long emptyBags;
    (Utf8Table Texts, FittedIds Ids) laidOut;

    public override void Add(RowReader row)
    {
        bool isEmpty = true;
        for (BagCells.Position at = default; cells.Next(row, ref at, out ReadOnlySpan<byte> text, out _); isEmpty = false)
        {
            counts.Add(text);
        }
        if (isEmpty) { emptyBags++; }
    }

    public override long TableBytes => counts.ByteCount;

    public override void Complete()
    {
        (Utf8Table texts, FittedIds ids) = counts.Select(missingCount: 0, spec.MinCount);
        laidOut = (texts, ids with { MissingCount = emptyBags });
    }

    public override FieldEncoder Build(int firstId) => BagEncoder.Create(spec, cells, firstId, laidOut.Texts, laidOut.Ids);
}
