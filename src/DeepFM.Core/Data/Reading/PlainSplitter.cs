using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DeepFM.Data.Reading;

/// <summary>Finds separators, line ends and quotes, 64 bytes at a time.</summary>
/// <remarks>It reads up to 64 bytes beyond the end, which a <see cref="TextBlock"/> has.</remarks>
unsafe struct PlainSplitter(byte separator, byte mark)
{
    byte* chunk;        // the 64 bytes that the mask is of
    ulong mask;         // bits of the bytes that are still to be found
    byte* end;

    /// <summary>Goes to a place; what lies before it is not found.</summary>
    public void MoveTo(byte* start, byte* stop)
    {
        chunk = start;
        end = stop;
        mask = start < stop ? Find(start) : 0;
    }

    /// <summary>The next separator, line end or mark; the end when there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Next()
    {
        while (mask == 0)
        {
            chunk += 64;
            if (chunk >= end) { return end; }
            mask = Find(chunk);
        }
        byte* found = chunk + BitOperations.TrailingZeroCount(mask);
        mask &= mask - 1;
        return found < end ? found : end;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    readonly ulong Find(byte* at)
    {
        if (Vector512.IsHardwareAccelerated) { return Special(Vector512.Load(at)); }
        return Special(Vector256.Load(at)) | ((ulong)Special(Vector256.Load(at + 32)) << 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    readonly ulong Special(Vector512<byte> text) => (Vector512.Equals(text, Vector512.Create(separator))
        | Vector512.Equals(text, Vector512.Create((byte)'\n'))
        | Vector512.Equals(text, Vector512.Create(mark))).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    readonly uint Special(Vector256<byte> text) => (Vector256.Equals(text, Vector256.Create(separator))
        | Vector256.Equals(text, Vector256.Create((byte)'\n'))
        | Vector256.Equals(text, Vector256.Create(mark))).ExtractMostSignificantBits();
}
