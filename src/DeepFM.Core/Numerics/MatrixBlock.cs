using System.Runtime.CompilerServices;

namespace DeepFM.Numerics;

/// <summary>The innermost kernel of all matrix products: a block of C that stays in registers.</summary>
/// <remarks>
/// C[r, j] (+)= Σ_k A[r, k]·B[k, j]. Of 32 registers 5 rows (or 1) of 5 use 25 as sums, 5 for a row of B and 1 for an element of A;
/// of 16 registers up to 6 rows of 2 use 12, 2 and 1 (<see cref="FewRegisterBlock{S, V}"/>). Every sum runs over k in ascending
/// order, whatever the block, so the result does not depend on how rows are shared out.
/// </remarks>
static unsafe class MatrixBlock<S, V>
    where S : ISimd<V>
    where V : struct
{
    /// <summary>Whether a block is laid out for 32 registers, 5 of a row; else for 16, 2 of a row.</summary>
    public static bool HasManyRegisters
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => S.BlockVectors >= 5;
    }

    /// <summary>The most rows of a block.</summary>
    public static int Rows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => HasManyRegisters ? 5 : FewRegisterBlock<S, V>.Rows;
    }

    /// <summary>Columns of a panel of B.</summary>
    public static int PanelWidth
    {
        // A call in an innermost loop would move all sums to the stack and back.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => S.Count * S.BlockVectors;
    }

    /// <summary>Rows of the next block, of <paramref name="left"/> rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int RowsOf(int left)
    {
        if (HasManyRegisters) { return left >= Rows ? Rows : 1; }
        int blocks = (left + Rows - 1) / Rows;              // as even as can be: a block of one row would wait for its additions
        return (left + blocks - 1) / blocks;
    }

    /// <summary>One block of <paramref name="rows"/> rows and <paramref name="vectors"/> registers.</summary>
    /// <param name="rows">As <see cref="RowsOf"/> gives it.</param>
    /// <param name="vectors">1 to <see cref="ISimd{V}.BlockVectors"/>.</param>
    /// <param name="a">A[0, 0].</param>
    /// <param name="rowStride">Distance from A[r, k] to A[r + 1, k].</param>
    /// <param name="depthStride">Distance from A[r, k] to A[r, k + 1].</param>
    /// <param name="b">B[0, 0], in a panel: rows are <see cref="PanelWidth"/> apart.</param>
    /// <param name="depth">Number of k.</param>
    /// <param name="c">C[0, 0]; overwritten, or added to.</param>
    /// <param name="cStride">Distance from C[r, j] to C[r + 1, j].</param>
    /// <param name="add">Whether C is added to.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(int rows, int vectors, float* a, nint rowStride, nint depthStride, float* b, int depth,
        float* c, nint cStride, bool add)
    {
        if (!HasManyRegisters) { FewRegisterBlock<S, V>.Run(rows, vectors, a, rowStride, depthStride, b, depth, c, cStride, add); }
        else if (rows == Rows)
        {
            switch (vectors)
            {
                case 5: Five<N5>(a, rowStride, depthStride, b, depth, c, cStride, add); break;
                case 4: Five<N4>(a, rowStride, depthStride, b, depth, c, cStride, add); break;
                case 3: Five<N3>(a, rowStride, depthStride, b, depth, c, cStride, add); break;
                case 2: Five<N2>(a, rowStride, depthStride, b, depth, c, cStride, add); break;
                default: Five<N1>(a, rowStride, depthStride, b, depth, c, cStride, add); break;
            }
        }
        else
        {
            switch (vectors)
            {
                case 5: One<N5>(a, depthStride, b, depth, c, add); break;
                case 4: One<N4>(a, depthStride, b, depth, c, add); break;
                case 3: One<N3>(a, depthStride, b, depth, c, add); break;
                case 2: One<N2>(a, depthStride, b, depth, c, add); break;
                default: One<N1>(a, depthStride, b, depth, c, add); break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Five<N>(float* a, nint rowStride, nint depthStride, float* b, int depth,
        float* c, nint cStride, bool add)
        where N : IConstant
    {
        V c00 = S.Zero, c01 = S.Zero, c02 = S.Zero, c03 = S.Zero, c04 = S.Zero;
        V c10 = S.Zero, c11 = S.Zero, c12 = S.Zero, c13 = S.Zero, c14 = S.Zero;
        V c20 = S.Zero, c21 = S.Zero, c22 = S.Zero, c23 = S.Zero, c24 = S.Zero;
        V c30 = S.Zero, c31 = S.Zero, c32 = S.Zero, c33 = S.Zero, c34 = S.Zero;
        V c40 = S.Zero, c41 = S.Zero, c42 = S.Zero, c43 = S.Zero, c44 = S.Zero;
        if (add)
        {
            LoadRow<N>(c, ref c00, ref c01, ref c02, ref c03, ref c04);
            LoadRow<N>(c + cStride, ref c10, ref c11, ref c12, ref c13, ref c14);
            LoadRow<N>(c + 2 * cStride, ref c20, ref c21, ref c22, ref c23, ref c24);
            LoadRow<N>(c + 3 * cStride, ref c30, ref c31, ref c32, ref c33, ref c34);
            LoadRow<N>(c + 4 * cStride, ref c40, ref c41, ref c42, ref c43, ref c44);
        }

        float* a0 = a;
        float* a3 = a + 3 * rowStride;
        for (int k = 0; k < depth; k++)
        {
            V b0 = S.Load(b), b1 = S.Zero, b2 = S.Zero, b3 = S.Zero, b4 = S.Zero;
            if (N.Value > 1) { b1 = S.Load(b + S.Count); }
            if (N.Value > 2) { b2 = S.Load(b + 2 * S.Count); }
            if (N.Value > 3) { b3 = S.Load(b + 3 * S.Count); }
            if (N.Value > 4) { b4 = S.Load(b + 4 * S.Count); }
            b += PanelWidth;

            V ar = S.Broadcast(a0[0]);
            c00 = S.MultiplyAdd(ar, b0, c00);
            if (N.Value > 1) { c01 = S.MultiplyAdd(ar, b1, c01); }
            if (N.Value > 2) { c02 = S.MultiplyAdd(ar, b2, c02); }
            if (N.Value > 3) { c03 = S.MultiplyAdd(ar, b3, c03); }
            if (N.Value > 4) { c04 = S.MultiplyAdd(ar, b4, c04); }
            ar = S.Broadcast(a0[rowStride]);
            c10 = S.MultiplyAdd(ar, b0, c10);
            if (N.Value > 1) { c11 = S.MultiplyAdd(ar, b1, c11); }
            if (N.Value > 2) { c12 = S.MultiplyAdd(ar, b2, c12); }
            if (N.Value > 3) { c13 = S.MultiplyAdd(ar, b3, c13); }
            if (N.Value > 4) { c14 = S.MultiplyAdd(ar, b4, c14); }
            ar = S.Broadcast(a0[2 * rowStride]);
            c20 = S.MultiplyAdd(ar, b0, c20);
            if (N.Value > 1) { c21 = S.MultiplyAdd(ar, b1, c21); }
            if (N.Value > 2) { c22 = S.MultiplyAdd(ar, b2, c22); }
            if (N.Value > 3) { c23 = S.MultiplyAdd(ar, b3, c23); }
            if (N.Value > 4) { c24 = S.MultiplyAdd(ar, b4, c24); }
            ar = S.Broadcast(a3[0]);
            c30 = S.MultiplyAdd(ar, b0, c30);
            if (N.Value > 1) { c31 = S.MultiplyAdd(ar, b1, c31); }
            if (N.Value > 2) { c32 = S.MultiplyAdd(ar, b2, c32); }
            if (N.Value > 3) { c33 = S.MultiplyAdd(ar, b3, c33); }
            if (N.Value > 4) { c34 = S.MultiplyAdd(ar, b4, c34); }
            ar = S.Broadcast(a3[rowStride]);
            c40 = S.MultiplyAdd(ar, b0, c40);
            if (N.Value > 1) { c41 = S.MultiplyAdd(ar, b1, c41); }
            if (N.Value > 2) { c42 = S.MultiplyAdd(ar, b2, c42); }
            if (N.Value > 3) { c43 = S.MultiplyAdd(ar, b3, c43); }
            if (N.Value > 4) { c44 = S.MultiplyAdd(ar, b4, c44); }
            a0 += depthStride;
            a3 += depthStride;
        }

        StoreRow<N>(c, c00, c01, c02, c03, c04);
        StoreRow<N>(c + cStride, c10, c11, c12, c13, c14);
        StoreRow<N>(c + 2 * cStride, c20, c21, c22, c23, c24);
        StoreRow<N>(c + 3 * cStride, c30, c31, c32, c33, c34);
        StoreRow<N>(c + 4 * cStride, c40, c41, c42, c43, c44);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void One<N>(float* a, nint depthStride, float* b, int depth, float* c, bool add)
        where N : IConstant
    {
        V c0 = S.Zero, c1 = S.Zero, c2 = S.Zero, c3 = S.Zero, c4 = S.Zero;
        if (add) { LoadRow<N>(c, ref c0, ref c1, ref c2, ref c3, ref c4); }
        for (int k = 0; k < depth; k++, a += depthStride, b += PanelWidth)
        {
            V ar = S.Broadcast(*a);
            c0 = S.MultiplyAdd(ar, S.Load(b), c0);
            if (N.Value > 1) { c1 = S.MultiplyAdd(ar, S.Load(b + S.Count), c1); }
            if (N.Value > 2) { c2 = S.MultiplyAdd(ar, S.Load(b + 2 * S.Count), c2); }
            if (N.Value > 3) { c3 = S.MultiplyAdd(ar, S.Load(b + 3 * S.Count), c3); }
            if (N.Value > 4) { c4 = S.MultiplyAdd(ar, S.Load(b + 4 * S.Count), c4); }
        }
        StoreRow<N>(c, c0, c1, c2, c3, c4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void LoadRow<N>(float* c, ref V v0, ref V v1, ref V v2, ref V v3, ref V v4)
        where N : IConstant
    {
        v0 = S.Load(c);
        if (N.Value > 1) { v1 = S.Load(c + S.Count); }
        if (N.Value > 2) { v2 = S.Load(c + 2 * S.Count); }
        if (N.Value > 3) { v3 = S.Load(c + 3 * S.Count); }
        if (N.Value > 4) { v4 = S.Load(c + 4 * S.Count); }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void StoreRow<N>(float* c, V v0, V v1, V v2, V v3, V v4)
        where N : IConstant
    {
        S.Store(v0, c);
        if (N.Value > 1) { S.Store(v1, c + S.Count); }
        if (N.Value > 2) { S.Store(v2, c + 2 * S.Count); }
        if (N.Value > 3) { S.Store(v3, c + 3 * S.Count); }
        if (N.Value > 4) { S.Store(v4, c + 4 * S.Count); }
    }
}
