using System.Numerics;

namespace DeepFM.Numerics;

/// <summary>Sorts unsigned keys in ascending order in O(n), by counting the values of 11 bits at a time.</summary>
/// <remarks>
/// Least significant digit first. Time: 3 passes for 32 bits, 6 for 64; digits that all keys share cost none.
/// </remarks>
public static class RadixSort
{
    const int DigitBits = 11, Radix = 1 << DigitBits;

    /// <summary>Sorts <paramref name="keys"/>; gives whichever of the two spans holds the sorted keys.</summary>
    /// <param name="keys">Overwritten, [n].</param>
    /// <param name="scratch">Overwritten, [n].</param>
    /// <typeparam name="T"><see cref="uint"/> or <see cref="ulong"/>.</typeparam>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static Span<T> Sort<T>(Span<T> keys, Span<T> scratch)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        Require.Shape(scratch.Length, [keys.Length]);
        if (keys.Length < 2) { return keys; }

        int bits = int.CreateTruncating(T.PopCount(T.AllBitsSet)), digits = (bits + DigitBits - 1) / DigitBits;
        int[] counts = new int[digits * Radix];             // [digits, Radix], all digits counted in one pass
        foreach (T key in keys)
        {
            for (int d = 0; d < digits; d++) { counts[d * Radix + Digit(key, d)]++; }
        }

        Span<T> from = keys, to = scratch;
        for (int d = 0; d < digits; d++)
        {
            Span<int> starts = counts.AsSpan(d * Radix, Radix);
            if (starts[Digit(from[0], d)] == from.Length) { continue; }     // every key has this digit
            int start = 0;
            foreach (ref int count in starts) { (count, start) = (start, start + count); }
            foreach (T key in from) { to[starts[Digit(key, d)]++] = key; }

            Span<T> sorted = to;
            to = from;
            from = sorted;
        }
        return from;
    }

    static int Digit<T>(T key, int digit)
        where T : unmanaged, IBinaryInteger<T> =>
        int.CreateTruncating(key >>> (digit * DigitBits)) & (Radix - 1);
}
