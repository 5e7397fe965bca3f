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

    const int RowsOfCall = 8;

    static int Panel => MatrixBlock<S, V>.PanelWidth;

    // A group of columns is a panel of 5 registers, or four of 2: enough sums that none waits for its last addition. One or two
    // registers that are left over would; they join the last group, whose part of B the first-level cache still holds.
    static int GroupVectors => S.BlockVectors >= 5 ? 5 : 8;

    static int LastGroupVectors => S.BlockVectors >= 5 ? 7 : 8;

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
        int words = BitMatrix.WordsOf(depth);
        for (int first = 0, count; first < columns; first += count)
        {
            count = GroupOf(columns - first);
            for (int word = 0; word < words; word++)
            {
                Rows(rows, a + word * WordBits, aStride, 1, bits + word, words, packed + (nint)first * depth + word * WordBits * Panel,
                    (nint)Panel * depth, c + first, cStride, count, add || word > 0);
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
        int firstWord = firstBit / WordBits, words = BitMatrix.WordsOf(firstBit + rows) - firstWord;
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
            int share = next.ShareOf((columns + Panel - 1) / Panel * ((rows + RowsOfCall - 1) / RowsOfCall));
            for (int first = 0, count; first < columns; first += count)
            {
                count = GroupOf(columns - first);
                for (int r = 0; r < rows; r += RowsOfCall)
                {
                    next.Advance(share);
                    Rows(Math.Min(RowsOfCall, rows - r), a + k * aStride + r, 1, aStride, turned + firstBit + r, 1,
                        panels + (nint)first * chunk, (nint)Panel * chunk, c + (nint)r * columns + first, columns, count, k > 0);
                }
            }
        }
    }

    /// <summary>Floats of scratch that <see cref="MultiplyTransposed"/> needs.</summary>
    public static int TransposedScratchLength(int rows, int columns) =>
        TurnedLength(rows) + WordBits * ((columns + Panel - 1) / Panel * Panel);

    // Two floats hold a word; wherever the first bit lies, the columns reach into one word more at most.
    static int TurnedLength(int rows) => 2 * WordBits * (BitMatrix.WordsOf(rows) + 1);

    // Columns of the next group, of those that are left.
    static int GroupOf(int columns) => columns <= LastGroupVectors * S.Count ? columns : GroupVectors * S.Count;

    // A group's columns of rows of C, from one word of each row of A.
    static void Rows(int rows, float* a, nint rowStride, nint depthStride, ulong* words, nint wordStride, float* b,
        nint panelLength, float* c, nint cStride, int columns, bool add)
    {
        int vectors = (columns + S.Count - 1) / S.Count, last = columns - (vectors - 1) * S.Count;
        var body = last == S.Count ? BodyOf<Whole>(vectors) : BodyOf<Part>(vectors);
        body(rows, a, rowStride, depthStride, words, wordStride, b, panelLength, c, cStride, last, add);
    }

    static delegate*<int, float*, nint, nint, ulong*, nint, float*, nint, float*, nint, int, bool, void> BodyOf<T>(int vectors)
        where T : ILast => vectors switch
        {
            8 => &Rows<N8, T>,
            7 => &Rows<N7, T>,
            6 => &Rows<N6, T>,
            5 => &Rows<N5, T>,
            4 => &Rows<N4, T>,
            3 => &Rows<N3, T>,
            2 => &Rows<N2, T>,
            1 => &Rows<N1, T>,
            _ => throw new UnreachableException(),
        };

    // N registers a row; of the last one only some lanes lie in C, where T says so.
    static void Rows<N, T>(int rows, float* a, nint rowStride, nint depthStride, ulong* words, nint wordStride, float* b,
        nint panelLength, float* c, nint cStride, int last, bool add)
        where N : IConstant
        where T : ILast
    {
        for (; rows > 0; rows--)
        {
            V c0 = S.Zero, c1 = S.Zero, c2 = S.Zero, c3 = S.Zero, c4 = S.Zero, c5 = S.Zero, c6 = S.Zero, c7 = S.Zero;
            if (add)
            {
                c0 = Load<N, T>(0, c, last);
                if (N.Value > 1) { c1 = Load<N, T>(1, c, last); }
                if (N.Value > 2) { c2 = Load<N, T>(2, c, last); }
                if (N.Value > 3) { c3 = Load<N, T>(3, c, last); }
                if (N.Value > 4) { c4 = Load<N, T>(4, c, last); }
                if (N.Value > 5) { c5 = Load<N, T>(5, c, last); }
                if (N.Value > 6) { c6 = Load<N, T>(6, c, last); }
                if (N.Value > 7) { c7 = Load<N, T>(7, c, last); }
            }
            for (ulong word = *words; word != 0; word &= word - 1)
            {
                nint k = BitOperations.TrailingZeroCount(word);
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
            Store<N, T>(c0, 0, c, last);
            if (N.Value > 1) { Store<N, T>(c1, 1, c, last); }
            if (N.Value > 2) { Store<N, T>(c2, 2, c, last); }
            if (N.Value > 3) { Store<N, T>(c3, 3, c, last); }
            if (N.Value > 4) { Store<N, T>(c4, 4, c, last); }
            if (N.Value > 5) { Store<N, T>(c5, 5, c, last); }
            if (N.Value > 6) { Store<N, T>(c6, 6, c, last); }
            if (N.Value > 7) { Store<N, T>(c7, 7, c, last); }
            a += rowStride;
            words += wordStride;
            c += cStride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V Load<N, T>(int vector, float* c, int last)
        where N : IConstant
        where T : ILast =>
        T.IsPart && vector == N.Value - 1 ? S.LoadPart(c + vector * S.Count, last) : S.Load(c + vector * S.Count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store<N, T>(V value, int vector, float* c, int last)
        where N : IConstant
        where T : ILast
    {
        if (T.IsPart && vector == N.Value - 1) { S.StorePart(value, c + vector * S.Count, last); }
        else { S.Store(value, c + vector * S.Count); }
    }

    // Where a group's register stands in a row of B.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static nint Offset(int vector, nint panelLength) =>
        vector / S.BlockVectors * panelLength + vector % S.BlockVectors * S.Count;

    // Whether the last register of a row of C lies in it with all of its lanes.
    interface ILast
    {
        static abstract bool IsPart { get; }
    }

    readonly struct Whole : ILast { public static bool IsPart => false; }

    readonly struct Part : ILast { public static bool IsPart => true; }
}
