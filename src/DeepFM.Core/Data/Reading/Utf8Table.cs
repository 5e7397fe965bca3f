using System.Numerics;
using System.Runtime.InteropServices;

namespace DeepFM.Data.Reading;

/// <summary>Numbers distinct byte strings 0, 1, 2, … in the order in which they are added.</summary>
/// <remarks>
/// A string costs its bytes and some 40 to 72 more; nothing is allocated per string. One of up to eight bytes, as most ids
/// are, is found within one cache line: its slot holds it whole.
/// </remarks>
sealed class Utf8Table
{
    Slot[] slots = new Slot[16];        // a power of two long, at most half full
    long[] ends = new long[8];          // [Count]; string i is bytes [ends[i − 1], ends[i])
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
    public int Find(ReadOnlySpan<byte> text) => slots[SlotOf(text, Prefix(text), Tag(text))].Number - 1;

    /// <summary>The number of a string, which is added when it is new.</summary>
    public int GetOrAdd(ReadOnlySpan<byte> text)
    {
        ulong prefix = Prefix(text);
        uint tag = Tag(text);
        int slot = SlotOf(text, prefix, tag);
        if (slots[slot].Number > 0) { return slots[slot].Number - 1; }

        if (2 * (Count + 1) > slots.Length)
        {
            Rehash();
            slot = SlotOf(text, prefix, tag);
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
        slots[slot] = new(prefix, tag, ++Count);
        return Count - 1;
    }

    int SlotOf(ReadOnlySpan<byte> text, ulong prefix, uint tag)
    {
        int mask = slots.Length - 1;
        for (int at = (int)(tag >> LengthBits) & mask; ; at = (at + 1) & mask)
        {
            ref readonly Slot slot = ref slots[at];
            if (slot.Number == 0
                || (slot.Tag == tag && slot.Prefix == prefix
                    && (text.Length <= sizeof(ulong) || this[slot.Number - 1].SequenceEqual(text))))
            {
                return at;
            }
        }
    }

    void Rehash()
    {
        Slot[] old = slots;
        slots = new Slot[2 * old.Length];
        int mask = slots.Length - 1;
        foreach (Slot entry in old)
        {
            if (entry.Number == 0) { continue; }
            int slot = (int)(entry.Tag >> LengthBits) & mask;
            while (slots[slot].Number != 0) { slot = (slot + 1) & mask; }
            slots[slot] = entry;
        }
    }

    /// <summary>A string's first eight bytes, its tag, and its number plus one; 0 is free.</summary>
    readonly record struct Slot(ulong Prefix, uint Tag, int Number);

    // 28 bits of the hash, then the length, 15 standing for all that are longer: equal tags and prefixes of up to eight
    // bytes mean equal strings.
    static uint Tag(ReadOnlySpan<byte> text) =>
        (Hash(text) & ~LongestLength) | Math.Min((uint)text.Length, LongestLength);

    const int LengthBits = 4;

    const uint LongestLength = (1 << LengthBits) - 1;

    static ulong Prefix(ReadOnlySpan<byte> text) =>
        text.Length >= sizeof(ulong) ? MemoryMarshal.Read<ulong>(text) : Rest(text);

    static ulong Rest(ReadOnlySpan<byte> text)
    {
        ulong rest = 0;
        for (int i = 0; i < text.Length; i++) { rest |= (ulong)text[i] << (8 * i); }
        return rest;
    }

    /// <summary>Multiply and fold, eight bytes at a time: the same on every machine and in every process.</summary>
    static uint Hash(ReadOnlySpan<byte> text)
    {
        ulong hash = 0x9E3779B97F4A7C15 ^ (ulong)text.Length;
        while (text.Length >= 8)
        {
            hash = Mix(hash ^ MemoryMarshal.Read<ulong>(text));
            text = text[8..];
        }
        return (uint)(Mix(hash ^ Rest(text)) >> 32);
    }

    static ulong Mix(ulong value)
    {
        ulong high = Math.BigMul(value, 0xD6E8FEB86659FD93, out ulong low);
        return BitOperations.RotateLeft(high ^ low, 32) * 0x9E3779B97F4A7C15;
    }
}
