using System.Numerics;
using System.Runtime.CompilerServices;

namespace DeepFM.Numerics;

/// <summary>Of C = A·Bᵀ the elements alone that are asked for, by a bit each.</summary>
/// <remarks>
/// What flows back to units that relu or dropout made 0 is dropped there. Where ∂L/∂z itself has no zeros to pass over, as behind a
/// batch norm, the gradients of the other units are dot products of two rows, up to four at a time, with a group of B's rows in the
/// first-level cache. Sums are per lane over ascending columns, then over lanes: not in the order of the other products.
/// </remarks>
static unsafe class SelectedProduct<S, V>
    where S : ISimd<V>
    where V : struct
{
    const int WordBits = BitMatrix.Size, GroupBytes = 26 << 10, LeastGroup = 4;

    /// <summary>C[r, j] = Σ_k A[r, k]·B[j, k] where bit j of row r is set; other elements stay as they were.</summary>
    /// <param name="a">[rows, depth], rows <paramref name="aStride"/> apart.</param>
    /// <param name="aStride">In floats.</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="b">[columns, depth], adjoining rows.</param>
    /// <param name="depth">Columns of A and B.</param>
    /// <param name="columns">Rows of B, columns of C.</param>
    /// <param name="bits">[rows, <see cref="BitMatrix.WordsOf"/>(columns)], none set beyond the columns.</param>
    /// <param name="c">[rows, columns], rows <paramref name="cStride"/> apart.</param>
    /// <param name="cStride">In floats.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(float* a, nint aStride, int rows, float* b, int depth, int columns, ulong* bits, float* c, nint cStride)
    {
        int words = BitMatrix.WordsOf(columns), group = WordBits;
        while (group > LeastGroup && group * depth * sizeof(float) > GroupBytes) { group /= 2; }
        ulong all = ulong.MaxValue >> (WordBits - group);
        for (int first = 0; first < columns; first += group, b += (nint)group * depth)
        {
            ulong* word = bits + first / WordBits;
            for (int r = 0; r < rows; r++, word += words)
            {
                Row(a + r * aStride, b, depth, (*word >> (first % WordBits)) & all, c + r * cStride + first);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Row(float* a, float* b, int depth, ulong word, float* c)
    {
        int count = BitOperations.PopCount(word);
        for (; count >= 4; count -= 4) { Dots<N4>(a, b, depth, ref word, c); }
        switch (count)
        {
            case 3: Dots<N3>(a, b, depth, ref word, c); break;
            case 2: Dots<N2>(a, b, depth, ref word, c); break;
            case 1: Dots<N1>(a, b, depth, ref word, c); break;
            default: break;
        }
    }

    // The elements of the N lowest bits, which are taken away.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Dots<N>(float* a, float* b, int depth, ref ulong word, float* c)
        where N : IConstant
    {
        int j0 = Next(ref word), j1 = 0, j2 = 0, j3 = 0;
        if (N.Value > 1) { j1 = Next(ref word); }
        if (N.Value > 2) { j2 = Next(ref word); }
        if (N.Value > 3) { j3 = Next(ref word); }
        float* b0 = b + (nint)j0 * depth, b1 = b + (nint)j1 * depth, b2 = b + (nint)j2 * depth, b3 = b + (nint)j3 * depth;
        V c0 = S.Zero, c1 = S.Zero, c2 = S.Zero, c3 = S.Zero;
        nint k = 0;
        for (; k <= depth - S.Count; k += S.Count)
        {
            V x = S.Load(a + k);
            c0 = S.MultiplyAdd(x, S.Load(b0 + k), c0);
            if (N.Value > 1) { c1 = S.MultiplyAdd(x, S.Load(b1 + k), c1); }
            if (N.Value > 2) { c2 = S.MultiplyAdd(x, S.Load(b2 + k), c2); }
            if (N.Value > 3) { c3 = S.MultiplyAdd(x, S.Load(b3 + k), c3); }
        }
        if (k < depth)
        {
            int rest = (int)(depth - k);
            V x = S.LoadPart(a + k, rest);
            c0 = S.MultiplyAdd(x, S.LoadPart(b0 + k, rest), c0);
            if (N.Value > 1) { c1 = S.MultiplyAdd(x, S.LoadPart(b1 + k, rest), c1); }
            if (N.Value > 2) { c2 = S.MultiplyAdd(x, S.LoadPart(b2 + k, rest), c2); }
            if (N.Value > 3) { c3 = S.MultiplyAdd(x, S.LoadPart(b3 + k, rest), c3); }
        }
        c[j0] = S.Sum(c0);
        if (N.Value > 1) { c[j1] = S.Sum(c1); }
        if (N.Value > 2) { c[j2] = S.Sum(c2); }
        if (N.Value > 3) { c[j3] = S.Sum(c3); }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Next(ref ulong word)
    {
        int bit = BitOperations.TrailingZeroCount(word);
        word &= word - 1;
        return bit;
    }
}
