using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using DeepFM.Data.Reading;

namespace DeepFM.Data.Encoders;

/// <summary>Counts texts, and lays out those that are frequent enough.</summary>
/// <remarks>
/// A text of up to eight bytes lives in its slot together with its count: 16 bytes, and one cache line a look-up, whatever
/// the number of distinct texts. Longer ones have a table of their own.
/// </remarks>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "The buffer frees itself with its owner.")]
sealed unsafe class TextCounts
{
    readonly TextSlots slots = new();       // at most three quarters full; a text's count
    int shortCount;
    readonly Utf8Table longTexts = new();
    long[] longCounts = new long[8];

    public long Total { get; private set; }

    /// <summary>Memory of the tables, bytes.</summary>
    public long ByteCount => slots.ByteCount + longTexts.ByteCount + longCounts.Length * sizeof(long);

    public void Add(ReadOnlySpan<byte> text)
    {
        Reserve(1);
        Add(text, ShortText.Of(text));
    }

    /// <summary>Counts many: all slots are asked for before the first is looked at.</summary>
    /// <param name="texts">At most <see cref="RowReader.GroupSize"/>, none of them empty.</param>
    public void Add(ReadOnlySpan<Cell> texts)
    {
        ShortText* keys = stackalloc ShortText[RowReader.GroupSize];
        Reserve(texts.Length);
        slots.Ask(texts, keys);
        for (int i = 0; i < texts.Length; i++) { Add(texts[i].Text, keys[i]); }
    }

    /// <summary>
    /// The texts with an id of their own: by falling count, equal counts by rising bytes. The counts are freed.
    /// </summary>
    public (Utf8Table Texts, FittedIds Ids) Select(long missingCount, int minCount)
    {
        List<Entry> kept = [];
        for (long i = 0; i < slots.Length; i++)
        {
            TextSlot slot = *slots[i];
            if (slot.Value > 0 && slot.Value >= minCount) { kept.Add(new(slot.Value, new(slot.Prefix, slot.Tag), -1)); }
        }
        for (int i = 0; i < longTexts.Count; i++)
        {
            if (longCounts[i] >= minCount) { kept.Add(new(longCounts[i], ShortText.Of(longTexts[i]), i)); }
        }
        slots.Dispose();
        kept.Sort(Compare);

        Utf8Table ordered = new();
        Span<byte> bytes = stackalloc byte[ShortText.MaxLength];
        foreach (Entry entry in kept)
        {
            ordered.GetOrAdd(entry.LongIndex < 0 ? entry.Key.WriteTo(bytes) : longTexts[entry.LongIndex]);
        }
        return (ordered, FittedIds.Create([.. kept.Select(entry => entry.Count)], shortCount + longTexts.Count, Total,
            missingCount, minCount));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    void Add(ReadOnlySpan<byte> text, ShortText key)
    {
        Total++;
        if (!key.IsWhole)
        {
            int index = longTexts.GetOrAdd(text);
            if (index == longCounts.Length) { Array.Resize(ref longCounts, 2 * index); }
            longCounts[index]++;
            return;
        }
        TextSlot* slot = slots.First(key);
        while (slot->Value != 0 && !slot->Has(key)) { slot = slots.Next(slot); }
        if (slot->Value == 0)
        {
            (slot->Prefix, slot->Tag) = key;
            shortCount++;
        }
        slot->Value = checked(slot->Value + 1);
    }

    /// <summary>Makes room, so that adding as many texts moves no slot.</summary>
    void Reserve(int more)
    {
        while (4L * (shortCount + more) > 3 * slots.Length) { slots.Grow(); }
    }

    int Compare(Entry a, Entry b)
    {
        if (a.Count != b.Count) { return b.Count.CompareTo(a.Count); }
        // Bytes compare as the big-endian numbers that they are; where these are equal, a shorter text comes first.
        int byPrefix = BinaryPrimitives.ReverseEndianness(a.Key.Prefix).CompareTo(BinaryPrimitives.ReverseEndianness(b.Key.Prefix));
        if (byPrefix != 0) { return byPrefix; }
        return a.LongIndex >= 0 && b.LongIndex >= 0
            ? longTexts[a.LongIndex].SequenceCompareTo(longTexts[b.LongIndex])
            : LengthOf(a).CompareTo(LengthOf(b));
    }

    int LengthOf(Entry entry) => entry.LongIndex < 0 ? entry.Key.Length : longTexts[entry.LongIndex].Length;

    /// <summary>A text to lay out; the index is -1 for one that its key holds whole.</summary>
    readonly record struct Entry(long Count, ShortText Key, int LongIndex);
}
