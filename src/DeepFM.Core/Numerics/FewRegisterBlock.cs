using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace DeepFM.Numerics;

/// <summary><see cref="MatrixBlock{S, V}"/> for 16 registers: up to 6 rows of up to 2.</summary>
/// <remarks>
/// With fewer sums, more of the instructions are loads. A processor starts about six instructions a cycle, and the two threads of a
/// core share them; so nothing is left in the loop but loads and multiply-adds of two k, and two additions.
/// </remarks>
static unsafe class FewRegisterBlock<S, V>
    where S : ISimd<V>
    where V : struct
{
    /// <summary>The most rows of a block.</summary>
    public const int Rows = 6;

    static int PanelWidth
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => MatrixBlock<S, V>.PanelWidth;
    }

    /// <summary>As <see cref="MatrixBlock{S, V}.Run"/>; A's rows are apart, with adjoining elements, or lie side by side.</summary>
    /// <param name="rows">1 to 6.</param>
    /// <param name="vectors">1 or 2.</param>
    /// <param name="a">A[0, 0].</param>
    /// <param name="rowStride">Distance from A[r, k] to A[r + 1, k]; 1 where <paramref name="depthStride"/> is not.</param>
    /// <param name="depthStride">Distance from A[r, k] to A[r, k + 1]: 1, or <paramref name="rows"/>.</param>
    /// <param name="b">B[0, 0]; rows adjoin, a panel's width apart.</param>
    /// <param name="depth">Number of k.</param>
    /// <param name="c">C[0, 0]; overwritten, or added to.</param>
    /// <param name="cStride">Distance from C[r, j] to C[r + 1, j].</param>
    /// <param name="add">Whether C is added to.</param>
    public static void Run(int rows, int vectors, float* a, nint rowStride, nint depthStride, float* b, int depth, float* c, nint cStride,
        bool add)
    {
        Debug.Assert(depthStride == 1 || (rowStride == 1 && depthStride == rows), "A's rows neither adjoin nor lie side by side.");
        switch (vectors, depthStride)
        {
            case (2, 1): Run<N2, InRows>(rows, a, rowStride, b, depth, c, cStride, add); break;
            case (2, _): Run<N2, InColumns>(rows, a, rowStride, b, depth, c, cStride, add); break;
            case (_, 1): Run<N1, InRows>(rows, a, rowStride, b, depth, c, cStride, add); break;
            default: Run<N1, InColumns>(rows, a, rowStride, b, depth, c, cStride, add); break;
        }
    }

    static void Run<N, L>(int rows, float* a, nint rowStride, float* b, int depth, float* c, nint cStride, bool add)
        where N : IConstant
        where L : ILayout
    {
        switch (rows)
        {
            case 6: Sums<N6, N, L>(a, rowStride, b, depth, c, cStride, add); break;
            case 5: Sums<N5, N, L>(a, rowStride, b, depth, c, cStride, add); break;
            case 4: Sums<N4, N, L>(a, rowStride, b, depth, c, cStride, add); break;
            case 3: Sums<N3, N, L>(a, rowStride, b, depth, c, cStride, add); break;
            case 2: Sums<N2, N, L>(a, rowStride, b, depth, c, cStride, add); break;
            default: Sums<N1, N, L>(a, rowStride, b, depth, c, cStride, add); break;
        }
    }

    // R rows of N registers, two k an iteration.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Sums<R, N, L>(float* a, nint rowStride, float* b, int depth, float* c, nint cStride, bool add)
        where R : IConstant
        where N : IConstant
        where L : ILayout
    {
        Row r0 = default, r1 = default, r2 = default, r3 = default, r4 = default, r5 = default;
        if (add)
        {
            r0.Load<N>(c);
            if (R.Value > 1) { r1.Load<N>(c + cStride); }
            if (R.Value > 2) { r2.Load<N>(c + 2 * cStride); }
            if (R.Value > 3) { r3.Load<N>(c + 3 * cStride); }
            if (R.Value > 4) { r4.Load<N>(c + 4 * cStride); }
            if (R.Value > 5) { r5.Load<N>(c + 5 * cStride); }
        }
        nint at1 = L.Row(1, rowStride), at2 = L.Row(2, rowStride), at3 = L.Row(3, rowStride), at4 = L.Row(4, rowStride);
        nint at5 = L.Row(5, rowStride);
        float* end = b + (nint)depth * PanelWidth;
        if ((depth & 1) != 0)
        {
            Add<R, N>(a, at1, at2, at3, at4, at5, b, ref r0, ref r1, ref r2, ref r3, ref r4, ref r5);
            a += L.Depth<R>();
            b += PanelWidth;
        }
        while (b < end)
        {
            Add<R, N>(a, at1, at2, at3, at4, at5, b, ref r0, ref r1, ref r2, ref r3, ref r4, ref r5);
            Add<R, N>(a + L.Depth<R>(), at1, at2, at3, at4, at5, b + PanelWidth, ref r0, ref r1, ref r2, ref r3, ref r4, ref r5);
            a += 2 * L.Depth<R>();
            b += 2 * PanelWidth;
        }
        r0.Store<N>(c);
        if (R.Value > 1) { r1.Store<N>(c + cStride); }
        if (R.Value > 2) { r2.Store<N>(c + 2 * cStride); }
        if (R.Value > 3) { r3.Store<N>(c + 3 * cStride); }
        if (R.Value > 4) { r4.Store<N>(c + 4 * cStride); }
        if (R.Value > 5) { r5.Store<N>(c + 5 * cStride); }
    }

    // The products of one k.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add<R, N>(float* a, nint at1, nint at2, nint at3, nint at4, nint at5, float* b, ref Row r0, ref Row r1, ref Row r2,
        ref Row r3, ref Row r4, ref Row r5)
        where R : IConstant
        where N : IConstant
    {
        V b0 = S.Load(b), b1 = S.Zero;
        if (N.Value > 1) { b1 = S.Load(b + S.Count); }
        r0.Add<N>(a[0], b0, b1);
        if (R.Value > 1) { r1.Add<N>(a[at1], b0, b1); }
        if (R.Value > 2) { r2.Add<N>(a[at2], b0, b1); }
        if (R.Value > 3) { r3.Add<N>(a[at3], b0, b1); }
        if (R.Value > 4) { r4.Add<N>(a[at4], b0, b1); }
        if (R.Value > 5) { r5.Add<N>(a[at5], b0, b1); }
    }

    // Sums of a row of C.
    struct Row
    {
        V c0, c1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Load<N>(float* c)
            where N : IConstant
        {
            c0 = S.Load(c);
            if (N.Value > 1) { c1 = S.Load(c + S.Count); }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add<N>(float a, V b0, V b1)
            where N : IConstant
        {
            V x = S.Broadcast(a);
            c0 = S.MultiplyAdd(x, b0, c0);
            if (N.Value > 1) { c1 = S.MultiplyAdd(x, b1, c1); }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Store<N>(float* c)
            where N : IConstant
        {
            S.Store(c0, c);
            if (N.Value > 1) { S.Store(c1, c + S.Count); }
        }
    }

    // How a block's rows of A lie: stride apart, or side by side.
    interface ILayout
    {
        static abstract nint Row(int row, nint stride);

        static abstract int Depth<R>()
            where R : IConstant;
    }

    readonly struct InRows : ILayout
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static nint Row(int row, nint stride) => row * stride;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Depth<R>()
            where R : IConstant => 1;
    }

    readonly struct InColumns : ILayout
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static nint Row(int row, nint stride) => row;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static int Depth<R>()
            where R : IConstant => R.Value;
    }
}
