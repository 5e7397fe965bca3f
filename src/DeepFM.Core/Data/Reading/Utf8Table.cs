using DeepFM.Numerics;

namespace DeepFM.Data.Reading;

/// <summary>Numbers distinct byte strings 0, 1, 2, … in the order in which they are added.</summary>
/// <remarks>
/// A string costs its bytes and some 40 to 72 more; nothing is allocated per string. One of up to eight bytes, as most ids
/// are, is found within one cache line: its slot holds it whole.
/// </remarks>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "The buffer frees itself with its owner.")]
sealed unsafe class Utf8Table
{
    NativeBuffer<Slot> slots = new(16);     // a power of two long, at most half full
    long[] ends = new long[8];              // [Count]; string i is bytes [ends[i − 1], ends[i])
    byte[] bytes = new byte[64];

    public int Count { get; private set; }

    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            int start = index == 0 ? 0 : (int)ends[index - 1];
            return bytes.AsSpan(start, (int)ends[index] - start);
        }
    }

    /// <summary>The number of a string, or -1.</summary>
    public int Find(ReadOnlySpan<byte> text)
    {
        int number = SlotOf(text, ShortText.Of(text))->Number;
        GC.KeepAlive(this);
        return number - 1;
    }

    /// <summary>The numbers of many strings, or -1: all slots are asked for before the first is looked at.</summary>
    /// <param name="texts">At most <see cref="RowReader.GroupSize"/>.</param>
    /// <param name="numbers">Overwritten, as many.</param>
    public void Find(ReadOnlySpan<Cell> texts, Span<int> numbers)
    {
        ShortText* keys = stackalloc ShortText[RowReader.GroupSize];
        int mask = (int)(slots.Length - 1);
        for (int i = 0; i < texts.Length; i++)
        {
            keys[i] = ShortText.Of(texts[i]);
            Cache.Prefetch(slots.Pointer + keys[i].Slot(mask));
        }
        for (int i = 0; i < texts.Length; i++)
        {
            Slot* slot = slots.Pointer + keys[i].Slot(mask);
            numbers[i] = (slot->Prefix == keys[i].Prefix && slot->Tag == keys[i].Tag && keys[i].IsWhole ? slot : SlotOf(texts[i].Text, keys[i]))->Number - 1;
        }
        GC.KeepAlive(this);
    }

    /// <summary>The number of a string, which is added when it is new.</summary>
    public int GetOrAdd(ReadOnlySpan<byte> text)
    {
        ShortText key = ShortText.Of(text);
        Slot* slot = SlotOf(text, key);
        if (slot->Number > 0) { return slot->Number - 1; }

        if (2L * (Count + 1) > slots.Length)
        {
            Rehash();
            slot = SlotOf(text, key);
        }
        if (Count == ends.Length) { Array.Resize(ref ends, 2 * Count); }
        long start = Count == 0 ? 0 : ends[Count - 1];
        if (start + text.Length > bytes.Length)
        {
            if (start + text.Length > Array.MaxLength)
            {
                throw new UserErrorException(
                    "A column has more than 2 GiB of distinct texts. Leave it out, or shorten its values.");
            }
            Array.Resize(ref bytes, (int)Math.Min(Math.Max(2L * bytes.Length, start + text.Length), Array.MaxLength));
        }
        text.CopyTo(bytes.AsSpan((int)start));
        ends[Count] = start + text.Length;
        *slot = new() { Prefix = key.Prefix, Tag = key.Tag, Number = ++Count };
        return Count - 1;
    }

    Slot* SlotOf(ReadOnlySpan<byte> text, ShortText key)
    {
        int mask = (int)(slots.Length - 1);
        for (int at = key.Slot(mask); ; at = (at + 1) & mask)
        {
            Slot* slot = slots.Pointer + at;
            if (slot->Number == 0
                || (slot->Key == key && (key.IsWhole || this[slot->Number - 1].SequenceEqual(text))))
            {
                return slot;
            }
        }
    }

    void Rehash()
    {
        using NativeBuffer<Slot> old = slots;
        slots = new(2 * old.Length);
        int mask = (int)(slots.Length - 1);
        for (long i = 0; i < old.Length; i++)
        {
            Slot* entry = old.Pointer + i;
            if (entry->Number == 0) { continue; }
            int at = entry->Key.Slot(mask);
            while (slots.Pointer[at].Number != 0) { at = (at + 1) & mask; }
            slots.Pointer[at] = *entry;
        }
    }

    /// <summary>A string's key, and its number plus one; 0 is free. 16 bytes, so none lies on two cache lines.</summary>
    struct Slot
    {
        public ulong Prefix;
        public uint Tag;
        public int Number;

        public readonly ShortText Key => new(Prefix, Tag);
    }
}
