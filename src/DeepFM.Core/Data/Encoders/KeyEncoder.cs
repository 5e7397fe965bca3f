using System.Runtime.InteropServices;
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
    readonly int[] smallIds = new int[SmallKeys];       // local ids of keys 0, 1, 2, …
    readonly Dictionary<long, int> localIds;

    /// <summary>Keys below, from 0 on, are looked up in an array.</summary>
    public const int SmallKeys = 512;

    public KeyEncoder(string name, KeyRule rule, int firstId, long[] keys, FittedIds ids)
        : base(new(name, FieldShape.OneId, firstId, ids.IdCount))
    {
        (this.rule, this.keys, this.ids) = (rule, keys, ids);
        localIds = keys.Select((key, index) => KeyValuePair.Create(key, ids.FirstValue + index)).ToDictionary();
        for (int key = 0; key < smallIds.Length; key++) { smallIds[key] = localIds.GetValueOrDefault(key, FittedIds.Unseen); }
    }

    public override int? MissingId => ids.HasMissingId ? ids.Missing : null;

    public override FieldFigures Figures => new(ids.RowCount, ids.MissingCount, ids.RareCount, ids.DistinctCount);

    public override int Encode(RowReader row, EncodedDataBuilder to) => Field.FirstId
        + (!rule.TryRead(row, out long key) ? ids.Missing
            : (ulong)key < (ulong)smallIds.Length ? smallIds[key]
            : localIds.GetValueOrDefault(key, FittedIds.Unseen));

    public override string Describe(int localId) => ids.Special(localId) ?? rule.Describe(keys[localId - ids.FirstValue]);

    public override long TrainingCount(int localId) => ids.CountOf(localId);

    public override void Write(Utf8JsonWriter json)
    {
        ids.Write(json);
        json.WriteStartArray("keys");
        foreach (long key in keys) { json.WriteNumberValue(key); }
        json.WriteEndArray();
    }

    public static KeyEncoder Read(string name, KeyRule rule, int firstId, FittedField json)
    {
        FittedIds ids = FittedIds.Read(json);
        long[] keys = json.Longs("keys");
        return keys.Length == ids.Counts.Length
            ? new(name, rule, firstId, keys, ids)
            : throw new FormatException($"{keys.Length} keys, but {ids.Counts.Length} counts");
    }
}

/// <summary>Counts the keys of a field.</summary>
sealed class KeyFitter(FieldSpec spec, KeyRule rule, int minCount) : FieldFitter
{
    readonly long[] small = new long[KeyEncoder.SmallKeys];     // of keys 0, 1, 2, …
    readonly Dictionary<long, long> others = [];
    long missing;

    public override void Add(RowReader row)
    {
        if (!rule.TryRead(row, out long key)) { missing++; }
        else if ((ulong)key < (ulong)small.Length) { small[key]++; }
        else { CollectionsMarshal.GetValueRefOrAddDefault(others, key, out _)++; }
    }

    public override long TableBytes => small.Length * sizeof(long) + DictionaryBytes(others);

    public override FieldEncoder Build(int firstId)
    {
        (long Key, long Count)[] counts = [.. small.Select((count, key) => ((long)key, count)).Where(entry => entry.count > 0),
            .. others.Select(entry => (entry.Key, entry.Value))];
        (long Key, long Count)[] kept = [.. counts.Where(entry => entry.Count >= minCount).OrderBy(entry => entry.Key)];
        FittedIds ids = FittedIds.Create([.. kept.Select(entry => entry.Count)], counts.Length,
            counts.Sum(entry => entry.Count), missing, minCount);
        return new KeyEncoder(spec.Name, rule, firstId, [.. kept.Select(entry => entry.Key)], ids);
    }
}
