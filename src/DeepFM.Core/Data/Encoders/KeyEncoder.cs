using System.Text.Json;
using DeepFM.Data.Reading;
using DeepFM.Data.Schemas;

namespace DeepFM.Data.Encoders;

/// <summary>One id for each key of a <see cref="KeyRule"/> that was frequent enough in training, in rising order.</summary>
sealed class KeyEncoder : FieldEncoder
{
    readonly KeyRule rule;
    readonly long[] keys;
    readonly FittedIds ids;
    readonly Dictionary<long, int> localIds;

    public KeyEncoder(string name, KeyRule rule, int firstId, long[] keys, FittedIds ids)
        : base(new(name, FieldShape.OneId, firstId, ids.IdCount))
    {
        (this.rule, this.keys, this.ids) = (rule, keys, ids);
        localIds = keys.Select((key, index) => KeyValuePair.Create(key, ids.FirstValue + index)).ToDictionary();
    }

    public override FieldFigures Figures => new(ids.RowCount, ids.MissingCount, ids.RareCount, ids.DistinctCount);

    public override void Encode(RowReader row, EncodedDataBuilder to)
    {
        int localId = !rule.TryRead(row, out long key) ? ids.Missing
            : localIds.TryGetValue(key, out int known) ? known
            : FittedIds.Unseen;
        to.Ids.Add(Field.FirstId + localId);
    }

    public override string Describe(int localId) => ids.Special(localId) ?? rule.Describe(keys[localId - ids.FirstValue]);

    public override long TrainingCount(int localId) => ids.CountOf(localId);

    public override void Write(Utf8JsonWriter json)
    {
        ids.Write(json);
        json.WriteStartArray("keys");
        foreach (long key in keys) { json.WriteNumberValue(key); }
        json.WriteEndArray();
    }

    public static KeyEncoder Read(string name, KeyRule rule, int firstId, JsonElement json)
    {
        FittedIds ids = FittedIds.Read(json);
        long[] keys = [.. json.GetProperty("keys").EnumerateArray().Select(key => key.GetInt64())];
        return keys.Length == ids.Counts.Length
            ? new(name, rule, firstId, keys, ids)
            : throw new FormatException($"{keys.Length} keys, but {ids.Counts.Length} counts");
    }
}

/// <summary>Counts the keys of a field.</summary>
sealed class KeyFitter(FieldSpec spec, KeyRule rule, int minCount) : FieldFitter
{
    readonly Dictionary<long, long> counts = [];
    long missing;

    public override void Add(RowReader row)
    {
        if (rule.TryRead(row, out long key)) { Count(key, 1); }
        else { missing++; }
    }

    public override void Merge(FieldFitter other)
    {
        KeyFitter from = (KeyFitter)other;
        foreach ((long key, long count) in from.counts) { Count(key, count); }
        missing += from.missing;
    }

    public override FieldEncoder Build(int firstId)
    {
        long[] kept = [.. counts.Where(entry => entry.Value >= minCount).Select(entry => entry.Key).Order()];
        FittedIds ids = FittedIds.Create([.. kept.Select(key => counts[key])], counts.Count, counts.Values.Sum(), missing, minCount);
        return new KeyEncoder(spec.Name, rule, firstId, kept, ids);
    }

    void Count(long key, long count) =>
        System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _) += count;
}
