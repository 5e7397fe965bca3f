using System.Text;
using System.Text.Json;
using DeepFM.Data.Reading;
using DeepFM.Data.Schemas;

namespace DeepFM.Data.Encoders;

/// <summary>One id for each text that was frequent enough in training.</summary>
sealed class CategoricalEncoder(EncodedField field, int slot, bool isPair, Utf8Table texts, FittedIds ids)
    : FieldEncoder(field)
{
    public override int? MissingId => ids.HasMissingId ? ids.Missing : null;

    public override long TextBytes => texts.TextBytes;

    public override FieldFigures Figures => new(ids.RowCount, ids.MissingCount, ids.RareCount, ids.DistinctCount);

    public override int Encode(RowReader row, EncodedDataBuilder to)
    {
        Cell text = isPair ? PairCell.Id(row, slot) : row[slot];
        return IdOf(text, text.IsMissing ? -1 : texts.Find(text.Text));
    }

    public override unsafe void EncodeSelected(RowReader rows, int* to, int stride, EncodedDataBuilder data)
    {
        Span<Cell> cells = isPair ? PairCell.TakeIds(rows, slot) : rows.Take(slot);
        Span<int> found = stackalloc int[RowReader.GroupSize];
        texts.Find(cells, found);
        for (int i = 0; i < cells.Length; i++) { to[(long)i * stride] = IdOf(cells[i], found[i]); }
    }

    int IdOf(in Cell text, int index) =>
        Field.FirstId + (index >= 0 ? ids.FirstValue + index : text.IsMissing ? ids.Missing : FittedIds.Unseen);

    public override string Describe(int localId) =>
        ids.Special(localId) ?? Encoding.UTF8.GetString(texts[localId - ids.FirstValue]);

    public override long TrainingCount(int localId) => ids.CountOf(localId);

    public override void Write(Utf8JsonWriter json)
    {
        ids.Write(json);
        WriteTexts(json, texts);
    }

    public static CategoricalEncoder Read(CategoricalSpec spec, int slot, bool isPair, int firstId, FittedField json)
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
        for (int index = 0; index < texts.Count; index++)
        {
            json.WriteStringValue(texts[index]);
            FeatureMapFile.FlushWhenLong(json);
        }
        json.WriteEndArray();
    }

    internal static Utf8Table ReadTexts(FittedField json, FittedIds ids) => json.Values.Count == ids.Counts.Length
        ? json.Values
        : throw new FormatException($"{json.Values.Count} distinct values, but {ids.Counts.Length} counts");
}

/// <summary>Counts the texts of a field.</summary>
sealed class CategoricalFitter(CategoricalSpec spec, int slot, bool isPair) : FieldFitter
{
    readonly TextCounts counts = new();
    long missing;
    (Utf8Table Texts, FittedIds Ids) laidOut;

    public override void Add(RowReader row)
    {
        Cell text = isPair ? PairCell.Id(row, slot) : row[slot];
        if (text.IsMissing) { missing++; }
        else { counts.Add(text.Text); }
    }

    public override void AddSelected(RowReader rows)
    {
        Span<Cell> cells = isPair ? PairCell.TakeIds(rows, slot) : rows.Take(slot);
        int there = 0;
        foreach (Cell cell in cells)
        {
            if (!cell.IsMissing) { cells[there++] = cell; }
        }
        missing += cells.Length - there;
        counts.Add(cells[..there]);
    }

    public override long TableBytes => counts.ByteCount;

    public override void Complete() => laidOut = counts.Select(missing, spec.MinCount);

    public override FieldEncoder Build(int firstId) =>
        CategoricalEncoder.Create(spec, slot, isPair, firstId, laidOut.Texts, laidOut.Ids);
}
