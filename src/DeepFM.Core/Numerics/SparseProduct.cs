using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace DeepFM.Numerics;

/// <summary>The products of <see cref="MatrixProduct{S, V}"/> where many elements of A are 0: these are passed over.</summary>
/// <remarks>
/// <para>
/// Relu makes about half of a layer's units 0, and dropout its share of the others. Each row of A says by a bit a column which
/// are not. A row of C stays in registers while the set bits of a word are walked through, with the 64 rows of B that the word stands
/// for in the first-level cache: one load and one multiply-add for each register of each element that is not 0.
/// </para>
/// <para>The sums run over k in ascending order, and adding 0·b to a sum changes no bit of it while b is finite, but for a sum that is
/// −0: the result has the bits of the dense product, and which of the two computes it is a matter of speed alone. Where b is not finite,
/// the dense product gives NaN and this one may not; a training that diverges is noticed by its loss, in a later step perhaps.</para>
/// </remarks>
static unsafe class SparseProduct<S, V>
    where S : ISimd<V>
    where V : struct
{
    const int WordBits = BitMatrix.Size;

    // Enough sums that none waits for its last addition: one panel of 5 registers, or four of 2.
    static int GroupPanels => S.BlockVectors >= 5 ? 1 : 4;

    static int Panel => MatrixBlock<S, V>.PanelWidth;

    /// <summary>The share of elements that are not 0 below which these products are the faster ones.</summary>
    public static float DensityLimit => S.BlockVectors >= 5 ? 0.7f : 0.5f;

    /// <summary>Finds what is not 0.</summary>
    /// <param name="x">[rows, columns], rows <paramref name="stride"/> apart.</param>
    /// <param name="stride">In floats.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="bits">
    /// Overwritten, [rows, <see cref="BitMatrix.WordsOf"/>(columns)]: bit j of a row is set when x[r, j] is not 0.
    /// </param>
    /// <returns>Number of set bits.</returns>
    public static int NonZeros(float* x, nint stride, int rows, int columns, ulong* bits)
    {
        int count = 0;
        for (int r = 0; r < rows; r++, x += stride)
        {
            for (int first = 0; first < columns; first += WordBits, bits++)
            {
                int length = Math.Min(WordBits, columns - first), j = 0;
                ulong word = 0;
                for (; j <= length - S.Count; j += S.Count) { word |= (ulong)S.NonZeroBits(S.Load(x + first + j)) << j; }
                for (; j < length; j++) { word |= (ulong)SimdScalar.NonZeroBits(x[first + j]) << j; }
                *bits = word;
                count += BitOperations.PopCount(word);
            }
        }
        return count;
    }

    /// <summary>C = A·B, or C += A·B.</summary>
    /// <param name="a">[rows, depth], rows <paramref name="aStride"/> apart.</param>
    /// <param name="aStride">In floats.</param>
    /// <param name="bits">As <see cref="NonZeros"/> wrote them for A.</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="packed">B as <see cref="MatrixProduct{S, V}.PackPanel"/> wrote it.</param>
    /// <param name="depth">Columns of A, rows of B.</param>
    /// <param name="columns">Columns of B and C.</param>
    /// <param name="c">[rows, columns], rows <paramref name="cStride"/> apart; nothing beyond its columns is written.</param>
    /// <param name="cStride">In floats.</param>
    /// <param name="add">Whether C is added to.</param>
    public static void Multiply(float* a, nint aStride, ulong* bits, int rows, float* packed, int depth, int columns, float* c,
        nint cStride, bool add)
    {
        int words = BitMatrix.WordsOf(depth), group = GroupPanels * Panel;
        nint panelLength = (nint)Panel * depth;
        ChunkPrefetch nothing = default;
        for (int first = 0; first < columns; first += group, packed += GroupPanels * panelLength)
        {
            int count = Math.Min(group, columns - first);
            for (int word = 0; word < words; word++)
            {
                Rows(rows, a + word * WordBits, aStride, 1, bits + word, words, packed + word * WordBits * Panel, panelLength,
                    c + first, cStride, count, add || word > 0, ref nothing, 0);
            }
        }
    }

    /// <summary>C = Aᵀ·B, summed over the rows of A and B in ascending order.</summary>
    /// <param name="a">[depth, rows], rows of it <paramref name="aStride"/> apart.</param>
    /// <param name="aStride">In floats.</param>
    /// <param name="bits">A's, [depth, <paramref name="bitsStride"/>]; the columns of A begin at bit <paramref name="firstBit"/>.</param>
    /// <param name="bitsStride">In words.</param>
    /// <param name="firstBit">0 or more.</param>
    /// <param name="rows">Columns of A, rows of C.</param>
    /// <param name="b">[depth, columns], rows <paramref name="bStride"/> apart.</param>
    /// <param name="bStride">In floats.</param>
    /// <param name="depth">Rows of A and B; a batch.</param>
    /// <param name="columns">Columns of B and C.</param>
    /// <param name="c">Overwritten: [rows, columns], adjoining rows.</param>
    /// <param name="scratch">[<see cref="TransposedScratchLength"/>].</param>
    public static void MultiplyTransposed(float* a, nint aStride, ulong* bits, int bitsStride, int firstBit, int rows, float* b,
        nint bStride, int depth, int columns, float* c, float* scratch)
    {
        int firstWord = firstBit / WordBits, words = BitMatrix.WordsOf(firstBit + rows) - firstWord, group = GroupPanels * Panel;
        firstBit -= firstWord * WordBits;
        ulong* turned = (ulong*)scratch;                                // [words · 64]: of each column of A, the rows of a chunk
        float* panels = scratch + TurnedLength(rows);
        for (int k = 0; k < depth; k += WordBits)
        {
            int chunk = Math.Min(WordBits, depth - k);
            for (int word = 0; word < words; word++)
            {
                ulong* block = turned + word * WordBits, from = bits + (nint)k * bitsStride + firstWord + word;
                for (int i = 0; i < WordBits; i++) { block[i] = i < chunk ? from[(nint)i * bitsStride] : 0; }
                BitMatrix.Transpose(block);
            }
            MatrixProduct<S, V>.PackPanels(b + k * bStride, bStride, columns, chunk, panels);
            ChunkPrefetch next = new(a + (k + chunk) * aStride, aStride, rows, b + (k + chunk) * bStride, bStride, columns,
                Math.Min(WordBits, depth - k - chunk));
            int share = next.ShareOf((columns + group - 1) / group * rows);
            for (int first = 0; first < columns; first += group)
            {
                int count = Math.Min(group, columns - first);
                Rows(rows, a + k * aStride, 1, aStride, turned + firstBit, 1, panels + (nint)first * chunk, (nint)Panel * chunk,
                    c + first, columns, count, k > 0, ref next, share);
            }
        }
    }

    /// <summary>Floats of scratch that <see cref="MultiplyTransposed"/> needs.</summary>
    public static int TransposedScratchLength(int rows, int columns) =>
        TurnedLength(rows) + WordBits * ((columns + Panel - 1) / Panel * Panel);

    // Two floats hold a word; wherever the first bit lies, the columns reach into one word more at most.
    static int TurnedLength(int rows) => 2 * WordBits * (BitMatrix.WordsOf(rows) + 1);

    // A group's columns of all rows of C (or fewer columns), from one word of each row of A.
    static void Rows(int rows, float* a, nint rowStride, nint depthStride, ulong* words, nint wordStride, float* b,
        nint panelLength, float* c, nint cStride, int columns, bool add, ref ChunkPrefetch next, int share)
    {
        delegate*<int, float*, nint, nint, ulong*, nint, float*, nint, float*, nint, int, bool, ref ChunkPrefetch, int, void> body =
            ((columns + S.Count - 1) / S.Count) switch
            {
                8 => &Rows<N8>,
                7 => &Rows<N7>,
                6 => &Rows<N6>,
                5 => &Rows<N5>,
                4 => &Rows<N4>,
                3 => &Rows<N3>,
                2 => &Rows<N2>,
                1 => &Rows<N1>,
                _ => throw new UnreachableException(),
            };
        body(rows, a, rowStride, depthStride, words, wordStride, b, panelLength, c, cStride, columns, add, ref next, share);
    }

    static void Rows<N>(int rows, float* a, nint rowStride, nint depthStride, ulong* words, nint wordStride, float* b,
        nint panelLength, float* c, nint cStride, int columns, bool add, ref ChunkPrefetch next, int share)
        where N : IConstant
    {
        // Where the last register ends beyond C's columns, nothing may be written.
        float* edge = stackalloc float[N.Value * S.Count];
        bool isPartial = columns < N.Value * S.Count;
        for (int r = 0; r < rows; r++, a += rowStride, words += wordStride, c += cStride)
        {
            next.Advance(share);
            if (r + 1 < rows) { Cache.Prefetch(c + cStride, columns); }
            if (isPartial)
            {
                if (add) { MatrixProduct<S, V>.CopyRow(c, edge, columns); }
                Accumulate<N>(a, depthStride, *words, b, panelLength, edge, add);
                MatrixProduct<S, V>.CopyRow(edge, c, columns);
            }
            else
            {
                Accumulate<N>(a, depthStride, *words, b, panelLength, c, add);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Accumulate<N>(float* a, nint depthStride, ulong word, float* b, nint panelLength, float* c, bool add)
        where N : IConstant
    {
        V c0 = S.Zero, c1 = S.Zero, c2 = S.Zero, c3 = S.Zero, c4 = S.Zero, c5 = S.Zero, c6 = S.Zero, c7 = S.Zero;
        if (add)
        {
            c0 = S.Load(c);
            if (N.Value > 1) { c1 = S.Load(c + S.Count); }
            if (N.Value > 2) { c2 = S.Load(c + 2 * S.Count); }
            if (N.Value > 3) { c3 = S.Load(c + 3 * S.Count); }
            if (N.Value > 4) { c4 = S.Load(c + 4 * S.Count); }
            if (N.Value > 5) { c5 = S.Load(c + 5 * S.Count); }
            if (N.Value > 6) { c6 = S.Load(c + 6 * S.Count); }
            if (N.Value > 7) { c7 = S.Load(c + 7 * S.Count); }
        }
        for (; word != 0; word &= word - 1)
        {
            int k = BitOperations.TrailingZeroCount(word);
            V x = S.Broadcast(a[k * depthStride]);
            float* row = b + k * MatrixBlock<S, V>.PanelWidth;
            c0 = S.MultiplyAdd(x, S.Load(row), c0);
            if (N.Value > 1) { c1 = S.MultiplyAdd(x, S.Load(row + Offset(1, panelLength)), c1); }
            if (N.Value > 2) { c2 = S.MultiplyAdd(x, S.Load(row + Offset(2, panelLength)), c2); }
            if (N.Value > 3) { c3 = S.MultiplyAdd(x, S.Load(row + Offset(3, panelLength)), c3); }
            if (N.Value > 4) { c4 = S.MultiplyAdd(x, S.Load(row + Offset(4, panelLength)), c4); }
            if (N.Value > 5) { c5 = S.MultiplyAdd(x, S.Load(row + Offset(5, panelLength)), c5); }
            if (N.Value > 6) { c6 = S.MultiplyAdd(x, S.Load(row + Offset(6, panelLength)), c6); }
            if (N.Value > 7) { c7 = S.MultiplyAdd(x, S.Load(row + Offset(7, panelLength)), c7); }
        }
        S.Store(c0, c);
        if (N.Value > 1) { S.Store(c1, c + S.Count); }
        if (N.Value > 2) { S.Store(c2, c + 2 * S.Count); }
        if (N.Value > 3) { S.Store(c3, c + 3 * S.Count); }
        if (N.Value > 4) { S.Store(c4, c + 4 * S.Count); }
        if (N.Value > 5) { S.Store(c5, c + 5 * S.Count); }
        if (N.Value > 6) { S.Store(c6, c + 6 * S.Count); }
        if (N.Value > 7) { S.Store(c7, c + 7 * S.Count); }
    }

    // Where a group's register stands in a row of B.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static nint Offset(int vector, nint panelLength) =>
        vector / S.BlockVectors * panelLength + vector % S.BlockVectors * S.Count;
}
