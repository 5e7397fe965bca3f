using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace DeepFM.Numerics;

/// <summary>The products of <see cref="MatrixProduct{S, V}"/> where many elements of A are 0: these are passed over.</summary>
/// <remarks>
/// <para>
/// Relu makes about half of a layer's units 0, and dropout its share of the others. Each row of A says by a bit a column which
/// are not. The bits of a word are walked through while sums stay in registers and the 64 rows of B that the word stands for in the
/// first-level cache.
/// </para>
/// <para>
/// A row by itself needs one load for each multiply-add, and the processor can do fewer loads than multiply-adds. So, where there are
/// registers enough, four rows of A go together: the columns of a word fall into 15 groups by which of the four are not 0 there, and
/// in each group a register of B is loaded once for all of its rows.
/// </para>
/// <para>Each sum is that of the dense product without the terms that are 0, in an order that depends on which rows stand side by
/// side; never on the number of threads. Where B is not finite, the dense product gives NaN and this one may not; a training that
/// diverges is noticed by its loss, in a later step perhaps.</para>
/// </remarks>
static unsafe class SparseProduct<S, V>
    where S : ISimd<V>
    where V : struct
{
    const int RowsTogether = 4;

    const int WordBits = BitMatrix.Size;

    const int RowsOfCall = 2 * RowsTogether;

    static int Panel => MatrixBlock<S, V>.PanelWidth;

    static bool HasManyRegisters => MatrixBlock<S, V>.HasManyRegisters;

    // Of a group of columns: one of up to 5 registers, or up to five of 2 (the last of all may have 1), so that few sums wait for
    // their last addition.
    static int PanelsOfGroup => HasManyRegisters ? 1 : 5;

    static int GroupCount(int panels) => (panels + PanelsOfGroup - 1) / PanelsOfGroup;

    // A group's first panel, first column and number of columns; groups are as even as can be.
    static (int Panel, int First, int Count) Group(int group, int panels, int columns)
    {
        int groups = GroupCount(panels), panel = group * panels / groups, next = (group + 1) * panels / groups;
        (int first, int count) = Panels<S, V>.Of(panel, columns, next - panel);
        return (panel, first, count);
    }

    /// <summary>The share of elements that are not 0 below which these products are the faster ones.</summary>
    public static float DensityLimit => HasManyRegisters ? 0.85f : 0.6f;

    /// <summary>Finds what is not 0.</summary>
    /// <param name="x">[rows, columns], rows <paramref name="stride"/> apart.</param>
    /// <param name="stride">In floats.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="bits">
    /// Overwritten, [rows, <see cref="BitMatrix.WordsOf"/>(columns)]: bit j of a row is set when x[r, j] is not 0.
    /// </param>
    /// <returns>Number of set bits.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(float* a, nint aStride, ulong* bits, int rows, float* packed, int depth, int columns, float* c,
        nint cStride, bool add)
    {
        int words = BitMatrix.WordsOf(depth), panels = Panels<S, V>.Count(columns);
        for (int group = 0; group < GroupCount(panels); group++)
        {
            (int panel, int first, int count) = Group(group, panels, columns);
            for (int word = 0; word < words; word++)
            {
                Rows<InRows>(rows, a + word * WordBits, aStride, bits + word, words,
                    packed + ((nint)panel * depth + word * WordBits) * Panel, (nint)Panel * depth, c + first, cStride, count,
                    add || word > 0);
            }
        }
    }

    /// <summary>C = Aᵀ·B, B as it lies: 64 rows of a group fit the first-level cache without being copied.</summary>
    /// <param name="a">[depth, rows], rows of it <paramref name="aStride"/> apart.</param>
    /// <param name="aStride">In floats.</param>
    /// <param name="bits">A's, [depth, <paramref name="bitsStride"/>]; the columns of A begin at bit <paramref name="firstBit"/>.</param>
    /// <param name="bitsStride">In words.</param>
    /// <param name="firstBit">0 or more.</param>
    /// <param name="rows">Columns of A, rows of C.</param>
    /// <param name="b">[depth, columns], rows <paramref name="bStride"/> apart; readable for a register past the end.</param>
    /// <param name="bStride">In floats.</param>
    /// <param name="depth">Rows of A and B; a batch.</param>
    /// <param name="columns">Columns of B and C.</param>
    /// <param name="c">Overwritten: [rows, columns], adjoining rows.</param>
    /// <param name="scratch">[<see cref="TransposedScratchLength"/>].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyTransposed(float* a, nint aStride, ulong* bits, int bitsStride, int firstBit, int rows, float* b,
        nint bStride, int depth, int columns, float* c, float* scratch)
    {
        int firstWord = firstBit / WordBits, words = BitMatrix.WordsOf(firstBit + rows) - firstWord;
        firstBit -= firstWord * WordBits;
        ulong* turned = (ulong*)scratch;                                // [words · 64]: of each column of A, the rows of a chunk
        int panels = Panels<S, V>.Count(columns);
        for (int k = 0; k < depth; k += WordBits)
        {
            int chunk = Math.Min(WordBits, depth - k);
            for (int word = 0; word < words; word++)
            {
                ulong* block = turned + word * WordBits, from = bits + (nint)k * bitsStride + firstWord + word;
                for (int i = 0; i < WordBits; i++) { block[i] = i < chunk ? from[(nint)i * bitsStride] : 0; }
                BitMatrix.Transpose(block);
            }
            ChunkPrefetch next = new(a + (k + chunk) * aStride, aStride, rows, b + (k + chunk) * bStride, bStride, columns,
                Math.Min(WordBits, depth - k - chunk));
            int share = next.ShareOf(GroupCount(panels) * ((rows + RowsOfCall - 1) / RowsOfCall));
            for (int group = 0; group < GroupCount(panels); group++)
            {
                (_, int first, int count) = Group(group, panels, columns);
                for (int r = 0; r < rows; r += RowsOfCall)
                {
                    next.Advance(share);
                    Rows<InColumns>(Math.Min(RowsOfCall, rows - r), a + k * aStride + r, aStride, turned + firstBit + r, 1,
                        b + k * bStride + first, bStride, c + (nint)r * columns + first, columns, count, k > 0);
                }
            }
        }
    }

    /// <summary>Floats of scratch that <see cref="MultiplyTransposed"/> needs.</summary>
    /// <remarks>Two of them hold a word; wherever the first bit lies, the columns of A reach into one word more at most.</remarks>
    public static int TransposedScratchLength(int rows) => 2 * WordBits * (BitMatrix.WordsOf(rows) + 1);

    // A group's columns of rows of C, from one word of each row of A.
    static void Rows<O>(int rows, float* a, nint aStride, ulong* words, nint wordStride, float* b, nint bStride, float* c,
        nint cStride, int columns, bool add)
        where O : ILayout
    {
        int vectors = (columns + S.Count - 1) / S.Count, last = columns - (vectors - 1) * S.Count;
        int together = HasManyRegisters ? rows / RowsTogether * RowsTogether : 0;
        if (together > 0)
        {
            var fours = last == S.Count ? FoursOf<O, Whole>(vectors) : FoursOf<O, Part>(vectors);
            fours(together, a, aStride, words, wordStride, b, bStride, c, cStride, last, add);
        }
        if (together < rows)
        {
            var ones = last == S.Count ? OnesOf<O, Whole>(vectors) : OnesOf<O, Part>(vectors);
            ones(rows - together, a + O.At(together, 0, aStride), aStride, words + together * wordStride, wordStride, b, bStride,
                c + together * cStride, cStride, last, add);
        }
    }

    static delegate*<int, float*, nint, ulong*, nint, float*, nint, float*, nint, int, bool, void> FoursOf<O, T>(int vectors)
        where O : ILayout
        where T : ILast => vectors switch
        {
            5 => &FourRows<N5, O, T>,
            4 => &FourRows<N4, O, T>,
            3 => &FourRows<N3, O, T>,
            2 => &FourRows<N2, O, T>,
            1 => &FourRows<N1, O, T>,
            _ => throw new UnreachableException(),
        };

    static delegate*<int, float*, nint, ulong*, nint, float*, nint, float*, nint, int, bool, void> OnesOf<O, T>(int vectors)
        where O : ILayout
        where T : ILast => vectors switch
        {
            10 => &OneRow<N10, O, T>,
            9 => &OneRow<N9, O, T>,
            8 => &OneRow<N8, O, T>,
            7 => &OneRow<N7, O, T>,
            6 => &OneRow<N6, O, T>,
            5 => &OneRow<N5, O, T>,
            4 => &OneRow<N4, O, T>,
            3 => &OneRow<N3, O, T>,
            2 => &OneRow<N2, O, T>,
            1 => &OneRow<N1, O, T>,
            _ => throw new UnreachableException(),
        };

    // A row at a time, N registers. Of the last one only some lanes lie in C, where T says so.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void OneRow<N, O, T>(int rows, float* a, nint aStride, ulong* words, nint wordStride, float* b,
        nint bStride, float* c, nint cStride, int last, bool add)
        where N : IConstant
        where O : ILayout
        where T : ILast
    {
        // Two registers of B from each address: with one of their own, none is computed for each k.
        float* b1 = b + O.RegisterOfB(2, bStride), b2 = b + O.RegisterOfB(4, bStride), b3 = b + O.RegisterOfB(6, bStride);
        float* b4 = b + O.RegisterOfB(8, bStride);
        for (; rows > 0; rows--)
        {
            V c0 = S.Zero, c1 = S.Zero, c2 = S.Zero, c3 = S.Zero, c4 = S.Zero, c5 = S.Zero, c6 = S.Zero, c7 = S.Zero, c8 = S.Zero;
            V c9 = S.Zero;
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
                if (N.Value > 8) { c8 = Load<N, T>(8, c, last); }
                if (N.Value > 9) { c9 = Load<N, T>(9, c, last); }
            }
            for (ulong word = *words; word != 0; word &= word - 1)
            {
                nint k = FirstOf(word), row = O.RowOfB(k, bStride);
                V x = S.Broadcast(a[O.At(0, k, aStride)]);
                c0 = S.MultiplyAdd(x, S.Load(b + row), c0);
                if (N.Value > 1) { c1 = S.MultiplyAdd(x, S.Load(b + row + S.Count), c1); }
                if (N.Value > 2) { c2 = S.MultiplyAdd(x, S.Load(b1 + row), c2); }
                if (N.Value > 3) { c3 = S.MultiplyAdd(x, S.Load(b1 + row + S.Count), c3); }
                if (N.Value > 4) { c4 = S.MultiplyAdd(x, S.Load(b2 + row), c4); }
                if (N.Value > 5) { c5 = S.MultiplyAdd(x, S.Load(b2 + row + S.Count), c5); }
                if (N.Value > 6) { c6 = S.MultiplyAdd(x, S.Load(b3 + row), c6); }
                if (N.Value > 7) { c7 = S.MultiplyAdd(x, S.Load(b3 + row + S.Count), c7); }
                if (N.Value > 8) { c8 = S.MultiplyAdd(x, S.Load(b4 + row), c8); }
                if (N.Value > 9) { c9 = S.MultiplyAdd(x, S.Load(b4 + row + S.Count), c9); }
            }
            Store<N, T>(c0, 0, c, last);
            if (N.Value > 1) { Store<N, T>(c1, 1, c, last); }
            if (N.Value > 2) { Store<N, T>(c2, 2, c, last); }
            if (N.Value > 3) { Store<N, T>(c3, 3, c, last); }
            if (N.Value > 4) { Store<N, T>(c4, 4, c, last); }
            if (N.Value > 5) { Store<N, T>(c5, 5, c, last); }
            if (N.Value > 6) { Store<N, T>(c6, 6, c, last); }
            if (N.Value > 7) { Store<N, T>(c7, 7, c, last); }
            if (N.Value > 8) { Store<N, T>(c8, 8, c, last); }
            if (N.Value > 9) { Store<N, T>(c9, 9, c, last); }
            a += O.At(1, 0, aStride);
            words += wordStride;
            c += cStride;
        }
    }

    // Four rows at once, N registers each. The compiler inlines so much and no more into one method: with a few calls more, also in
    // Walk, the sums would move to the stack.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void FourRows<N, O, T>(int rows, float* a, nint aStride, ulong* words, nint wordStride, float* b,
        nint bStride, float* c, nint cStride, int last, bool add)
        where N : IConstant
        where O : ILayout
        where T : ILast
    {
        for (; rows > 0; rows -= RowsTogether)
        {
            Row r0 = default, r1 = default, r2 = default, r3 = default;
            if (add)
            {
                r0.Load<N, T>(c, last);
                r1.Load<N, T>(c + cStride, last);
                r2.Load<N, T>(c + 2 * cStride, last);
                r3.Load<N, T>(c + 3 * cStride, last);
            }
            ulong w0 = words[0], w1 = words[wordStride], w2 = words[2 * wordStride], w3 = words[3 * wordStride];
            Walk<N1, N, O>(w0 & ~w1 & ~w2 & ~w3, a, aStride, b, bStride, ref r0, ref r1, ref r2, ref r3);
            Walk<N2, N, O>(~w0 & w1 & ~w2 & ~w3, a, aStride, b, bStride, ref r0, ref r1, ref r2, ref r3);
            Walk<N3, N, O>(w0 & w1 & ~w2 & ~w3, a, aStride, b, bStride, ref r0, ref r1, ref r2, ref r3);
            Walk<N4, N, O>(~w0 & ~w1 & w2 & ~w3, a, aStride, b, bStride, ref r0, ref r1, ref r2, ref r3);
            Walk<N5, N, O>(w0 & ~w1 & w2 & ~w3, a, aStride, b, bStride, ref r0, ref r1, ref r2, ref r3);
            Walk<N6, N, O>(~w0 & w1 & w2 & ~w3, a, aStride, b, bStride, ref r0, ref r1, ref r2, ref r3);
            Walk<N7, N, O>(w0 & w1 & w2 & ~w3, a, aStride, b, bStride, ref r0, ref r1, ref r2, ref r3);
            Walk<N8, N, O>(~w0 & ~w1 & ~w2 & w3, a, aStride, b, bStride, ref r0, ref r1, ref r2, ref r3);
            Walk<N9, N, O>(w0 & ~w1 & ~w2 & w3, a, aStride, b, bStride, ref r0, ref r1, ref r2, ref r3);
            Walk<N10, N, O>(~w0 & w1 & ~w2 & w3, a, aStride, b, bStride, ref r0, ref r1, ref r2, ref r3);
            Walk<N11, N, O>(w0 & w1 & ~w2 & w3, a, aStride, b, bStride, ref r0, ref r1, ref r2, ref r3);
            Walk<N12, N, O>(~w0 & ~w1 & w2 & w3, a, aStride, b, bStride, ref r0, ref r1, ref r2, ref r3);
            Walk<N13, N, O>(w0 & ~w1 & w2 & w3, a, aStride, b, bStride, ref r0, ref r1, ref r2, ref r3);
            Walk<N14, N, O>(~w0 & w1 & w2 & w3, a, aStride, b, bStride, ref r0, ref r1, ref r2, ref r3);
            Walk<N15, N, O>(w0 & w1 & w2 & w3, a, aStride, b, bStride, ref r0, ref r1, ref r2, ref r3);
            r0.Store<N, T>(c, last);
            r1.Store<N, T>(c + cStride, last);
            r2.Store<N, T>(c + 2 * cStride, last);
            r3.Store<N, T>(c + 3 * cStride, last);
            a += O.At(RowsTogether, 0, aStride);
            words += RowsTogether * wordStride;
            c += RowsTogether * cStride;
        }
    }

    // The columns of one group; bit r of G says whether row r is not 0 in them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Walk<G, N, O>(ulong word, float* a, nint aStride, float* b, nint bStride, ref Row r0,
        ref Row r1, ref Row r2, ref Row r3)
        where G : IConstant
        where N : IConstant
        where O : ILayout
    {
        for (; word != 0; word &= word - 1)
        {
            nint k = (nint)(uint)BitOperations.TrailingZeroCount(word);
            float* x = a + O.At(0, k, aStride);
            float* row = b + O.RowOfB(k, bStride);
            V x0 = S.Zero, x1 = S.Zero, x2 = S.Zero, x3 = S.Zero;
            if ((G.Value & 1) != 0) { x0 = S.Broadcast(x[0]); }
            if ((G.Value & 2) != 0) { x1 = S.Broadcast(x[O.At(1, 0, aStride)]); }
            if ((G.Value & 4) != 0) { x2 = S.Broadcast(x[O.At(2, 0, aStride)]); }
            if ((G.Value & 8) != 0) { x3 = S.Broadcast(x[O.At(3, 0, aStride)]); }
            V v = S.Load(row);                                  // of B
            if ((G.Value & 1) != 0) { r0.C0 = S.MultiplyAdd(x0, v, r0.C0); }
            if ((G.Value & 2) != 0) { r1.C0 = S.MultiplyAdd(x1, v, r1.C0); }
            if ((G.Value & 4) != 0) { r2.C0 = S.MultiplyAdd(x2, v, r2.C0); }
            if ((G.Value & 8) != 0) { r3.C0 = S.MultiplyAdd(x3, v, r3.C0); }
            if (N.Value > 1)
            {
                v = S.Load(row + S.Count);
                if ((G.Value & 1) != 0) { r0.C1 = S.MultiplyAdd(x0, v, r0.C1); }
                if ((G.Value & 2) != 0) { r1.C1 = S.MultiplyAdd(x1, v, r1.C1); }
                if ((G.Value & 4) != 0) { r2.C1 = S.MultiplyAdd(x2, v, r2.C1); }
                if ((G.Value & 8) != 0) { r3.C1 = S.MultiplyAdd(x3, v, r3.C1); }
            }
            if (N.Value > 2)
            {
                v = S.Load(row + 2 * S.Count);
                if ((G.Value & 1) != 0) { r0.C2 = S.MultiplyAdd(x0, v, r0.C2); }
                if ((G.Value & 2) != 0) { r1.C2 = S.MultiplyAdd(x1, v, r1.C2); }
                if ((G.Value & 4) != 0) { r2.C2 = S.MultiplyAdd(x2, v, r2.C2); }
                if ((G.Value & 8) != 0) { r3.C2 = S.MultiplyAdd(x3, v, r3.C2); }
            }
            if (N.Value > 3)
            {
                v = S.Load(row + 3 * S.Count);
                if ((G.Value & 1) != 0) { r0.C3 = S.MultiplyAdd(x0, v, r0.C3); }
                if ((G.Value & 2) != 0) { r1.C3 = S.MultiplyAdd(x1, v, r1.C3); }
                if ((G.Value & 4) != 0) { r2.C3 = S.MultiplyAdd(x2, v, r2.C3); }
                if ((G.Value & 8) != 0) { r3.C3 = S.MultiplyAdd(x3, v, r3.C3); }
            }
            if (N.Value > 4)
            {
                v = S.Load(row + 4 * S.Count);
                if ((G.Value & 1) != 0) { r0.C4 = S.MultiplyAdd(x0, v, r0.C4); }
                if ((G.Value & 2) != 0) { r1.C4 = S.MultiplyAdd(x1, v, r1.C4); }
                if ((G.Value & 4) != 0) { r2.C4 = S.MultiplyAdd(x2, v, r2.C4); }
                if ((G.Value & 8) != 0) { r3.C4 = S.MultiplyAdd(x3, v, r3.C4); }
            }
        }
    }

    // Sums of a row of C.
    struct Row
    {
        public V C0, C1, C2, C3, C4;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Load<N, T>(float* c, int last)
            where N : IConstant
            where T : ILast
        {
            C0 = SparseProduct<S, V>.Load<N, T>(0, c, last);
            if (N.Value > 1) { C1 = SparseProduct<S, V>.Load<N, T>(1, c, last); }
            if (N.Value > 2) { C2 = SparseProduct<S, V>.Load<N, T>(2, c, last); }
            if (N.Value > 3) { C3 = SparseProduct<S, V>.Load<N, T>(3, c, last); }
            if (N.Value > 4) { C4 = SparseProduct<S, V>.Load<N, T>(4, c, last); }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Store<N, T>(float* c, int last)
            where N : IConstant
            where T : ILast
        {
            SparseProduct<S, V>.Store<N, T>(C0, 0, c, last);
            if (N.Value > 1) { SparseProduct<S, V>.Store<N, T>(C1, 1, c, last); }
            if (N.Value > 2) { SparseProduct<S, V>.Store<N, T>(C2, 2, c, last); }
            if (N.Value > 3) { SparseProduct<S, V>.Store<N, T>(C3, 3, c, last); }
            if (N.Value > 4) { SparseProduct<S, V>.Store<N, T>(C4, 4, c, last); }
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

    // The first set bit, without the extension that an int result costs each k. Walk has no room left for the call.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static nint FirstOf(ulong word) =>
        Bmi1.X64.IsSupported ? (nint)Bmi1.X64.TrailingZeroCount(word) : BitOperations.TrailingZeroCount(word);

    // How a product lies in memory.
    interface ILayout
    {
        // The element of A that row r of C takes from row k of B.
        static abstract nint At(nint r, nint k, nint aStride);

        static abstract nint RowOfB(nint k, nint bStride);

        // Of a row's part in a group.
        static abstract nint RegisterOfB(int register, nint bStride);
    }

    // A·B: A by rows, B in panels, which lie bStride apart.
    readonly struct InRows : ILayout
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static nint At(nint r, nint k, nint aStride) => r * aStride + k;

        // By shifts and an addition, which take half the time of a multiplication; where a group ends, the loads wait for it.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static nint RowOfB(nint k, nint bStride) => (k * S.BlockVectors) << BitOperations.Log2((uint)S.Count);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static nint RegisterOfB(int register, nint bStride) =>
            register / S.BlockVectors * bStride + register % S.BlockVectors * S.Count;
    }

    // Aᵀ·B: Aᵀ by columns, B's rows bStride apart.
    readonly struct InColumns : ILayout
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static nint At(nint r, nint k, nint aStride) => k * aStride + r;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static nint RowOfB(nint k, nint bStride) => k * bStride;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static nint RegisterOfB(int register, nint bStride) => register * S.Count;
    }

    // Whether the last register of a row of C lies in it with all of its lanes.
    interface ILast
    {
        static abstract bool IsPart { get; }
    }

    readonly struct Whole : ILast { public static bool IsPart => false; }

    readonly struct Part : ILast { public static bool IsPart => true; }
}
