using System.Text;
using System.Text.Json;
using DeepFM.Data.Reading;
using DeepFM.Data.Schemas;

namespace DeepFM.Data.Encoders;

/// <summary>One id for each text that was frequent enough in training.</summary>
sealed class CategoricalEncoder(EncodedField field, int slot, bool isPair, Utf8Table texts, FittedIds ids)
    : FieldEncoder(field)
{
    public override FieldFigures Figures => new(ids.RowCount, ids.MissingCount, ids.RareCount, ids.DistinctCount);

    public override void Encode(RowReader row, EncodedDataBuilder to)
    {
        ReadOnlySpan<byte> text = isPair ? PairCell.Id(row, slot) : row[slot].Text;
        int index = text.IsEmpty ? -1 : texts.Find(text);
        to.Ids.Add(Field.FirstId + (index >= 0 ? ids.FirstValue + index : text.IsEmpty ? ids.Missing : FittedIds.Unseen));
    }

    public override string Describe(int localId) =>
        ids.Special(localId) ?? Encoding.UTF8.GetString(texts[localId - ids.FirstValue]);

    public override long TrainingCount(int localId) => ids.CountOf(localId);

    public override void Write(Utf8JsonWriter json)
    {
        ids.Write(json);
        WriteTexts(json, texts);
    }

    public static CategoricalEncoder Read(CategoricalSpec spec, int slot, bool isPair, int firstId, JsonElement json)
    {
        FittedIds ids = FittedIds.Read(json);
        return Create(spec, slot, isPair, firstId, ReadTexts(json, ids), ids);
    }

    internal static CategoricalEncoder Create(CategoricalSpec spec, int slot, bool isPair, int firstId, Utf8Table texts,
        FittedIds ids) =>
        new(new(spec.Name, FieldShape.OneId, firstId, ids.IdCount), slot, isPair, texts, ids);

    internal static void WriteTexts(Utf8JsonWriter json, Utf8Table texts)
    {
        json.WriteStartArray("values");
        for (int index = 0; index < texts.Count; index++) { json.WriteStringValue(texts[index]); }
        json.WriteEndArray();
    }

    internal static Utf8Table ReadTexts(JsonElement json, FittedIds ids)
    {
        Utf8Table texts = new();
        foreach (JsonElement text in json.GetProperty("values").EnumerateArray())
        {
            texts.GetOrAdd(Encoding.UTF8.GetBytes(text.GetString()!));
        }
        return texts.Count == ids.Counts.Length
            ? texts
            : throw new FormatException($"{texts.Count} distinct values, but {ids.Counts.Length} counts");
    }
}

/// <summary>Counts the texts of a field.</summary>
sealed class CategoricalFitter(CategoricalSpec spec, int slot, bool isPair) : FieldFitter
{
    readonly TextCounts counts = new();
    long missing;

    public override void Add(RowReader row)
    {
        ReadOnlySpan<byte> text = isPair ? PairCell.Id(row, slot) : row[slot].Text;
        if (text.IsEmpty) { missing++; }
        else { counts.Add(text); }
    }

    public override void Merge(FieldFitter other)
    {
        CategoricalFitter from = (CategoricalFitter)other;
        counts.Merge(from.counts);
        missing += from.missing;
    }

    public override FieldEncoder Build(int firstId)
    {
        (Utf8Table texts, FittedIds ids) = counts.Select(missing, spec.MinCount);
        return CategoricalEncoder.Create(spec, slot, isPair, firstId, texts, ids);
    }
}
