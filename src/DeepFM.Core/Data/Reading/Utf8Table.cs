using System.Runtime.CompilerServices;

namespace DeepFM.Data.Reading;

/// <summary>Numbers distinct byte strings 0, 1, 2, … in the order in which they are added.</summary>
/// <remarks>
/// A string costs its bytes and some 40 to 72 more; nothing is allocated per string. One of up to eight bytes, as most ids
/// are, is found within one cache line: its slot holds it whole.
/// </remarks>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "The buffer frees itself with its owner.")]
sealed unsafe class Utf8Table
{
    readonly TextSlots slots = new();   // at most half full; a string's number plus one
    long[] ends = new long[8];          // [Count]; string i is bytes [ends[i − 1], ends[i])
    byte[] bytes = new byte[64];

    public int Count { get; private set; }

    /// <summary>Memory of the table, bytes.</summary>
    public long ByteCount => slots.ByteCount + ends.Length * sizeof(long) + bytes.Length;

    /// <summary>Bytes of all strings.</summary>
    public long TextBytes => Count == 0 ? 0 : ends[Count - 1];

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
        int number = (int)SlotOf(text, ShortText.Of(text))->Value - 1;
        GC.KeepAlive(this);                 // the slots free themselves with their owner
        return number;
    }

    /// <summary>The numbers of many strings, or -1: all slots are asked for before the first is looked at.</summary>
    /// <param name="texts">At most <see cref="RowReader.GroupSize"/>.</param>
    /// <param name="numbers">Overwritten, as many.</param>
    public void Find(ReadOnlySpan<Cell> texts, Span<int> numbers)
    {
        ShortText* keys = stackalloc ShortText[RowReader.GroupSize];
        slots.Ask(texts, keys);
        for (int i = 0; i < texts.Length; i++) { numbers[i] = (int)SlotOf(texts[i].Text, keys[i])->Value - 1; }
        GC.KeepAlive(this);
    }

    /// <summary>The number of a string, which is added when it is new.</summary>
    public int GetOrAdd(ReadOnlySpan<byte> text)
    {
        ShortText key = ShortText.Of(text);
        TextSlot* slot = SlotOf(text, key);
        if (slot->Value > 0) { return (int)slot->Value - 1; }

        if (2L * (Count + 1) > slots.Length)
        {
            slots.Grow();
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
        *slot = new() { Prefix = key.Prefix, Tag = key.Tag, Value = (uint)++Count };
        return Count - 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    TextSlot* SlotOf(ReadOnlySpan<byte> text, ShortText key)
    {
        TextSlot* slot = slots.First(key);
        while (slot->Value != 0 && !(slot->Has(key) && (key.IsWhole || this[(int)slot->Value - 1].SequenceEqual(text))))
        {
            slot = slots.Next(slot);
        }
        return slot;
    }
}
