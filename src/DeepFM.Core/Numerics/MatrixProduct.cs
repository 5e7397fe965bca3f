using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DeepFM.Numerics;

/// <summary>C = A·B with B packed into panels; the loops around <see cref="MatrixBlock{S, V}"/>.</summary>
static unsafe class MatrixProduct<S, V>
    where S : ISimd<V>
    where V : struct
{
    static int Panel => MatrixBlock<S, V>.PanelWidth;

    /// <summary>Floats of a packed matrix of this shape.</summary>
    public static long PackedLength(int depth, int columns) => (long)depth * RoundUp(columns, Panel);

    /// <summary>Packs panel <paramref name="panel"/> of B [depth, columns] (or of Bᵀ) as [depth, panel width].</summary>
    /// <param name="b">B[k, j] = b[k·stride + j], or b[j·stride + k] when transposed.</param>
    /// <param name="stride">Distance between rows of <paramref name="b"/>.</param>
    /// <param name="transposed">Whether b holds Bᵀ.</param>
    /// <param name="depth">Rows of B.</param>
    /// <param name="columns">Columns of B.</param>
    /// <param name="panel">0-based.</param>
    /// <param name="packed">Overwritten in this panel's part; columns past its end are 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PackPanel(float* b, nint stride, bool transposed, int depth, int columns, int panel,
        float* packed)
    {
        (int first, int count) = Panels<S, V>.Of(panel, columns);
        float* to = packed + (long)panel * Panel * depth;
        for (int k = 0; k < depth; k++, to += Panel)
        {
            if (transposed)
            {
                float* from = b + first * stride + k;
                for (int j = 0; j < count; j++) { to[j] = from[j * stride]; }
            }
            else
            {
                CopyRow(b + k * stride + first, to, count);
            }
            if (count < Panel) { new Span<float>(to + count, Panel - count).Clear(); }
        }
    }

    /// <summary>C = A·B, or C += A·B.</summary>
    /// <param name="a">[rows, depth], rows <paramref name="aStride"/> apart.</param>
    /// <param name="aStride">In floats.</param>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="packed">B as <see cref="PackPanel"/> wrote it.</param>
    /// <param name="depth">Columns of A, rows of B.</param>
    /// <param name="columns">Columns of B and C.</param>
    /// <param name="c">[rows, columns], rows <paramref name="cStride"/> apart; nothing beyond its columns is written.</param>
    /// <param name="cStride">In floats.</param>
    /// <param name="add">Whether C is added to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(float* a, nint aStride, int rows, float* packed, int depth, int columns,
        float* c, nint cStride, bool add)
    {
        float* edge = stackalloc float[MatrixBlock<S, V>.Rows * Panel];
        for (int panel = 0; panel < Panels<S, V>.Count(columns); panel++, packed += (long)Panel * depth)
        {
            (int first, int count) = Panels<S, V>.Of(panel, columns);
            for (int r = 0; r < rows;)
            {
                int block = MatrixBlock<S, V>.RowsOf(rows - r);
                float* cBlock = c + r * cStride + first;
                // Where the block will be written, and, once, the rows of A that come next, are asked for beforehand.
                for (int i = 0; i < block; i++)
                {
                    Cache.Prefetch(cBlock + i * cStride, count);
                    if (first == 0 && r + block + i < rows) { Cache.Prefetch(a + (r + block + i) * aStride, depth); }
                }
                Block(block, count, a + r * aStride, aStride, 1, packed, depth, cBlock, cStride, add, edge);
                r += block;
            }
        }
    }

    /// <summary>C = Aᵀ·B, summed over the rows of A and B in ascending order.</summary>
    /// <param name="a">[depth, rows], rows of it <paramref name="aStride"/> apart; readable for 3 floats past the end.</param>
    /// <param name="aStride">In floats.</param>
    /// <param name="rows">Columns of A, rows of C.</param>
    /// <param name="b">[depth, columns], rows <paramref name="bStride"/> apart.</param>
    /// <param name="bStride">In floats.</param>
    /// <param name="depth">Rows of A and B; a batch.</param>
    /// <param name="columns">Columns of B and C.</param>
    /// <param name="c">Overwritten: [rows, columns], adjoining rows.</param>
    /// <param name="scratch">[<see cref="TransposedScratchLength"/>].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyTransposed(float* a, nint aStride, int rows, float* b, nint bStride, int depth,
        int columns, float* c, float* scratch)
    {
        // Chunks of A and B are copied into the order of their use; there they stay in the second-level cache.
        float* packedA = scratch;
        float* packedB = packedA + PackedBlocksLength(rows);
        float* edge = packedB + DepthChunk * RoundUp(columns, Panel);
        for (int k = 0; k < depth; k += DepthChunk)
        {
            int chunk = Math.Min(DepthChunk, depth - k);
            PackBlocks(a + k * aStride, aStride, rows, chunk, packedA);
            PackPanels(b + k * bStride, bStride, columns, chunk, packedB);
            ChunkPrefetch next = new(a + (k + chunk) * aStride, aStride, rows, b + (k + chunk) * bStride, bStride, columns,
                Math.Min(DepthChunk, depth - k - chunk));
            int share = next.ShareOf(Panels<S, V>.Count(columns) * (rows / MatrixBlock<S, V>.Rows));
            for (int panel = 0; panel < Panels<S, V>.Count(columns); panel++)
            {
                (int first, int count) = Panels<S, V>.Of(panel, columns);
                float* bPanel = packedB + (long)panel * Panel * chunk;
                for (int r = 0; r < rows;)
                {
                    int block = MatrixBlock<S, V>.RowsOf(rows - r);
                    next.Advance(share);
                    for (int i = 0; i < MatrixBlock<S, V>.Rows && r + block + i < rows; i++)
                    {
                        Cache.Prefetch(c + (long)(r + block + i) * columns + first, count);
                    }
                    float* aBlock = packedA + (long)r * chunk;
                    float* cBlock = c + (long)r * columns + first;
                    Block(block, count, aBlock, 1, block, bPanel, chunk, cBlock, columns, k > 0, edge);
                    r += block;
                }
            }
        }
    }

    // One block of C, of all of a panel's columns that C has.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Block(int rows, int columns, float* a, nint aRowStride, nint aStride, float* panel, int depth,
        float* c, nint cStride, bool add, float* edge)
    {
        int vectors = (columns + S.Count - 1) / S.Count;
        if (columns == vectors * S.Count)
        {
            MatrixBlock<S, V>.Run(rows, vectors, a, aRowStride, aStride, panel, depth, c, cStride, add);
            return;
        }
        // The last panel ends inside a register: what lies beyond C's columns must not be written.
        Copy(c, cStride, edge, Panel, add ? rows : 0, columns);
        MatrixBlock<S, V>.Run(rows, vectors, a, aRowStride, aStride, panel, depth, edge, Panel, add);
        Copy(edge, Panel, c, cStride, rows, columns);
    }

    /// <summary>Floats of scratch that <see cref="MultiplyTransposed"/> needs.</summary>
    public static int TransposedScratchLength(int rows, int columns) =>
        PackedBlocksLength(rows) + DepthChunk * RoundUp(columns, Panel) + MatrixBlock<S, V>.Rows * Panel;

    const int DepthChunk = 128;

    const int Spill = 3;

    static int PackedBlocksLength(int rows) => RoundUp(rows * DepthChunk + Spill, 16);

    // Columns of A in blocks, each [chunk, rows of the block].
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void PackBlocks(float* a, nint stride, int columns, int chunk, float* packed)
    {
        for (int r = 0; r < columns;)
        {
            int block = MatrixBlock<S, V>.RowsOf(columns - r);
            bool spills = block >= Vector256<float>.Count - Spill;      // into what is overwritten next, or past the last block
            float* from = a + r;
            float* to = packed + (long)r * chunk;
            for (int k = 0; k < chunk; k++, from += stride, to += block)
            {
                if (spills) { Vector256.Load(from).Store(to); }
                else { for (int i = 0; i < block; i++) { to[i] = from[i]; } }
            }
            r += block;
        }
    }

    // Whole rows of B, read once from end to end, into panels [chunk, panel width]; what pads these is left as it was.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void PackPanels(float* b, nint stride, int columns, int chunk, float* packed)
    {
        int panels = Panels<S, V>.Count(columns);
        Span<(int First, int Count)> cut = stackalloc (int, int)[panels];
        for (int panel = 0; panel < panels; panel++) { cut[panel] = Panels<S, V>.Of(panel, columns); }
        for (int k = 0; k < chunk; k++, b += stride)
        {
            for (int panel = 0; panel < panels; panel++)
            {
                CopyRow(b + cut[panel].First, packed + ((long)panel * chunk + k) * Panel, cut[panel].Count);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Copy(float* from, nint fromStride, float* to, nint toStride, int rows, int count)
    {
        for (int r = 0; r < rows; r++)
        {
            CopyRow(from + r * fromStride, to + r * toStride, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void CopyRow(float* from, float* to, int count)
    {
        int j = 0;
        for (; j <= count - S.Count; j += S.Count) { S.Store(S.Load(from + j), to + j); }
        for (; j < count; j++) { to[j] = from[j]; }
    }

    static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
