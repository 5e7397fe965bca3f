using System.Text.Json;

namespace DeepFM.Data.Encoders;

/// <summary>
/// How a field's ids are laid out, and how often each occurred in training: id 0 for unseen and rare values, id 1 for
/// missing ones when they occurred often enough to be trained, then a value each.
/// </summary>
/// <param name="RowCount">Training rows (for a bag, its entries).</param>
/// <param name="MissingCount">Those without a value; for a bag, rows whose bag is empty, which have no id at all.</param>
/// <param name="RareCount">Those whose value, present, is too rare for an id of its own.</param>
/// <param name="DistinctCount">Distinct values in training, rare ones included.</param>
/// <param name="HasMissingId">
/// Whether missing values have an id of their own; otherwise they share that of unseen ones.
/// </param>
/// <param name="Counts">Training count of each value with an id of its own, in id order.</param>
sealed record FittedIds(long RowCount, long MissingCount, long RareCount, long DistinctCount,
    bool HasMissingId, long[] Counts)
{
    public const int Unseen = 0;

    public int Missing => HasMissingId ? 1 : Unseen;

    public int FirstValue => HasMissingId ? 2 : 1;

    public int IdCount => checked(FirstValue + Counts.Length);

    /// <summary>Lays out values that were counted, keeping the order given.</summary>
    /// <param name="kept">Counts of the values with an id of their own.</param>
    /// <param name="distinctCount">Distinct values, rare ones included.</param>
    /// <param name="presentCount">Rows with a value.</param>
    /// <param name="missingCount">Rows without one.</param>
    /// <param name="minCount">Missing values that are rarer share the id of unseen ones too.</param>
    public static FittedIds Create(long[] kept, long distinctCount, long presentCount, long missingCount, int minCount) =>
        new(presentCount + missingCount, missingCount, presentCount - kept.Sum(), distinctCount, missingCount >= minCount, kept);

    /// <summary>How many training rows have the id.</summary>
    public long CountOf(int localId) =>
        localId >= FirstValue ? Counts[localId - FirstValue]
        : localId == Unseen ? RareCount + (HasMissingId ? 0 : MissingCount)
        : MissingCount;

    /// <summary>Names the ids that are no value's; null for those that are.</summary>
    public string? Special(int localId) =>
        localId >= FirstValue ? null : localId == Unseen ? FieldEncoder.UnseenText : FieldEncoder.MissingText;

    public void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("rows", RowCount);
        json.WriteNumber("missing", MissingCount);
        json.WriteNumber("rare", RareCount);
        json.WriteNumber("distinct", DistinctCount);
        json.WriteBoolean("missingHasId", HasMissingId);
        json.WriteStartArray("counts");
        foreach (long count in Counts)
        {
            json.WriteNumberValue(count);
            FeatureMapFile.FlushWhenLong(json);
        }
        json.WriteEndArray();
    }

    public static FittedIds Read(FittedField json) => new(json["rows"].GetInt64(),
        json["missing"].GetInt64(), json["rare"].GetInt64(), json["distinct"].GetInt64(),
        json["missingHasId"].GetBoolean(),
        json.Longs("counts"));
}
