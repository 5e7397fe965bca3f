using DeepFM.Data.Reading;

namespace DeepFM.Data.Encoders;

/// <summary>Counts texts, and lays out those that are frequent enough.</summary>
sealed class TextCounts
{
    readonly Utf8Table texts = new();
    long[] counts = new long[8];

    public long Total { get; private set; }

    public void Add(ReadOnlySpan<byte> text, long count = 1)
    {
        int index = texts.GetOrAdd(text);
        if (index == counts.Length) { Array.Resize(ref counts, 2 * counts.Length); }
        counts[index] += count;
        Total += count;
    }

    public void Merge(TextCounts other)
    {
        for (int index = 0; index < other.texts.Count; index++) { Add(other.texts[index], other.counts[index]); }
    }

    /// <summary>The texts with an id of their own: by falling count, equal counts by rising bytes.</summary>
    public (Utf8Table Texts, FittedIds Ids) Select(long missingCount, int minCount)
    {
        int[] kept = [.. Enumerable.Range(0, texts.Count).Where(index => counts[index] >= minCount)];
        Array.Sort(kept, (a, b) => counts[a] != counts[b]
            ? counts[b].CompareTo(counts[a])
            : texts[a].SequenceCompareTo(texts[b]));
        Utf8Table ordered = new();
        foreach (int index in kept) { ordered.GetOrAdd(texts[index]); }
        return (ordered, FittedIds.Create([.. kept.Select(index => counts[index])], texts.Count, Total, missingCount, minCount));
    }
}
