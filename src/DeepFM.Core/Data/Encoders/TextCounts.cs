using System.Buffers.Binary;
using DeepFM.Data.Reading;
using DeepFM.Numerics;

namespace DeepFM.Data.Encoders;

/// <summary>Counts texts, and lays out those that are frequent enough.</summary>
/// <remarks>
/// A text of up to eight bytes lives in its slot together with its count: 16 bytes, and one cache line a look-up, whatever
/// the number of distinct texts. Longer ones have a table of their own.
/// </remarks>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "The buffer frees itself with its owner.")]
sealed unsafe class TextCounts
{
    NativeBuffer<Slot> slots = new(64);     // a power of two long, at most three quarters full
    int shortCount;
    readonly Utf8Table longTexts = new();
    long[] longCounts = new long[8];

    public long Total { get; private set; }

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
        int mask = (int)(slots.Length - 1);
        for (int i = 0; i < texts.Length; i++)
        {
            keys[i] = ShortText.Of(texts[i]);
            Cache.Prefetch(slots.Pointer + keys[i].Slot(mask));
        }
        for (int i = 0; i < texts.Length; i++)
        {
            Slot* slot = slots.Pointer + keys[i].Slot(mask);
            if (slot->Prefix == keys[i].Prefix && slot->Tag == keys[i].Tag && slot->Count is > 0 and < uint.MaxValue)
            {
                slot->Count++;
                Total++;
            }
            else { Add(texts[i].Text, keys[i]); }
        }
    }

    /// <summary>
    /// The texts with an id of their own: by falling count, equal counts by rising bytes. The counts are freed.
    /// </summary>
    public (Utf8Table Texts, FittedIds Ids) Select(long missingCount, int minCount)
    {
        List<Entry> kept = [];
        for (long i = 0; i < slots.Length; i++)
        {
            Slot slot = slots.Pointer[i];
            if (slot.Count > 0 && slot.Count >= minCount) { kept.Add(new(slot.Count, slot.Key, -1)); }
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
        Slot* slot = SlotOf(key);
        if (slot->Count == 0)
        {
            (slot->Prefix, slot->Tag) = key;
            shortCount++;
        }
        slot->Count = checked(slot->Count + 1);
    }

    Slot* SlotOf(ShortText key)
    {
        int mask = (int)(slots.Length - 1), at = key.Slot(mask);
        while (slots.Pointer[at].Count != 0 && slots.Pointer[at].Key != key) { at = (at + 1) & mask; }
        return slots.Pointer + at;
    }

    /// <summary>Makes room, so that adding as many texts moves no slot.</summary>
    void Reserve(int more)
    {
        if (4L * (shortCount + more) <= 3 * slots.Length) { return; }
        using NativeBuffer<Slot> old = slots;
        slots = new(2 * old.Length);
        for (long i = 0; i < old.Length; i++)
        {
            if (old.Pointer[i].Count != 0) { *SlotOf(old.Pointer[i].Key) = old.Pointer[i]; }
        }
        Reserve(more);
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

    /// <summary>A text of up to eight bytes and how often it was seen; 0 is free. 16 bytes, so none lies on two cache lines.</summary>
    struct Slot
    {
        public ulong Prefix;
        public uint Tag, Count;

        public readonly ShortText Key => new(Prefix, Tag);
    }

    /// <summary>A text to lay out; the index is -1 for one that its key holds whole.</summary>
    readonly record struct Entry(long Count, ShortText Key, int LongIndex);
}
