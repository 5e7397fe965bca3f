using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace DeepFM.Data.Reading;

/// <summary>What hash tables of texts keep of one: its first eight bytes, and a tag of its hash and its length.</summary>
/// <param name="Prefix">The first eight bytes, zeros after the end.</param>
/// <param name="Tag">28 bits of the hash, then the length, 15 standing for all that are longer.</param>
/// <remarks>
/// Equal prefixes and tags of texts of up to eight bytes, as most ids are, mean equal texts. The hash is the same on every
/// machine and in every process.
/// </remarks>
readonly record struct ShortText(ulong Prefix, uint Tag)
{
    public const int MaxLength = sizeof(ulong);

    const int LengthBits = 4;

    const uint LongestLength = (1 << LengthBits) - 1;

    const ulong Odd = 0x9E3779B97F4A7C15;

    public static ShortText Of(ReadOnlySpan<byte> text) => text.Length > MaxLength
        ? new(BinaryPrimitives.ReadUInt64LittleEndian(text), TagOf(HashOfLong(text), text.Length))
        : OfShort(Rest(text), text.Length);

    /// <summary>The same for a cell, whose first eight bytes are read at once: its memory goes on that far.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe ShortText Of(in Cell cell)
    {
        if ((uint)(cell.Length - 1) >= MaxLength) { return Of(cell.Text); }     // empty, or long
        ulong word = Unsafe.ReadUnaligned<ulong>(cell.Start);
        if (!BitConverter.IsLittleEndian) { word = BinaryPrimitives.ReverseEndianness(word); }
        return OfShort(word & (ulong.MaxValue >> (64 - 8 * cell.Length)), cell.Length);
    }

    /// <summary>Whether all of the text is in <see cref="Prefix"/>.</summary>
    public bool IsWhole => (Tag & LongestLength) <= MaxLength;

    /// <summary>The text's length, if it is whole.</summary>
    public int Length => (int)(Tag & LongestLength);

    /// <summary>Where a table of <paramref name="mask"/> + 1 slots, a power of two of at most 2²⁸, looks first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Slot(int mask) => (int)(Tag >> LengthBits) & mask;

    /// <summary>The whole text's bytes.</summary>
    /// <param name="bytes">Eight bytes; overwritten.</param>
    public ReadOnlySpan<byte> WriteTo(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Prefix);
        return bytes[..Length];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ShortText OfShort(ulong prefix, int length) => new(prefix, TagOf(Mix(prefix ^ Odd * (ulong)(length + 1)), length));

    static uint TagOf(ulong hash, int length) => ((uint)(hash >> 32) & ~LongestLength) | Math.Min((uint)length, LongestLength);

    static ulong Rest(ReadOnlySpan<byte> text)
    {
        ulong rest = 0;
        for (int i = 0; i < text.Length; i++) { rest |= (ulong)text[i] << (8 * i); }
        return rest;
    }

    static ulong HashOfLong(ReadOnlySpan<byte> text)
    {
        ulong hash = Odd ^ (ulong)text.Length;
        while (text.Length >= MaxLength)
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(text));
            text = text[MaxLength..];
        }
        return Mix(hash ^ Rest(text));
    }

    /// <summary>Multiply and fold.</summary>
    static ulong Mix(ulong value)
    {
        ulong high = Math.BigMul(value, 0xD6E8FEB86659FD93, out ulong low);
        return BitOperations.RotateLeft(high ^ low, 32) * Odd;
    }
}
