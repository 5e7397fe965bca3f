using System.Runtime.CompilerServices;

namespace DeepFM.Numerics;

/// <summary>Inner products of all pairs of fields, and the outer product of a vector with itself.</summary>
static unsafe class ProductKernel<S, V>
    where S : ISimd<V>
    where V : struct
{
    /// <summary>Fields rounded up so that a row of registers holds them, with a register to spare.</summary>
    public static int Padded(int fieldCount) => WholeRegisters(fieldCount) + S.Count;

    /// <summary>Floats of scratch that the inner products need.</summary>
    public static int ScratchLength(int fieldCount, int size) => Math.Max(
        Padded(fieldCount) * size + fieldCount * fieldCount + S.Count, 2 * fieldCount * WholeRegisters(size));

    /// <summary>p = ⟨e_i, e_j⟩ for i &lt; j, in the order (0,1), (0,2), …, (1,2), …</summary>
    /// <param name="e">Embeddings of one sample, [F, K].</param>
    /// <param name="fieldCount">F.</param>
    /// <param name="size">K.</param>
    /// <param name="p">Overwritten, [F(F−1)/2].</param>
    /// <param name="scratch">[<see cref="ScratchLength"/>].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void InnerForward(float* e, int fieldCount, int size, float* p, float* scratch)
    {
        int F = fieldCount, K = size, padded = Padded(F);
        float* transposed = scratch;                            // [K, padded]
        float* products = scratch + padded * K;                 // [F(F−1)/2], and a register
        for (int f = 0; f < F; f++)
        {
            for (int k = 0; k < K; k++) { transposed[k * padded + f] = e[f * K + k]; }
        }

        // Row i's products are written in whole registers; what spills over is overwritten by row i + 1.
        int at = 0;
        for (int i = 0; i < F - 1; i++)
        {
            int count = F - 1 - i;
            for (int j = 0; j < count; j += S.Count)
            {
                V sum = S.Zero;
                for (int k = 0; k < K; k++)
                {
                    sum = S.MultiplyAdd(S.Broadcast(e[i * K + k]), S.Load(transposed + k * padded + i + 1 + j), sum);
                }
                S.Store(sum, products + at + j);
            }
            at += count;
        }
        new ReadOnlySpan<float>(products, at).CopyTo(new(p, at));
    }

    /// <summary>Adds Σ_{j≠i} gradP_ij·e_j to each gradE_i.</summary>
    /// <param name="gradP">∂L/∂p, [F(F−1)/2].</param>
    /// <param name="e">Embeddings of one sample, [F, K]; readable for a register past the end.</param>
    /// <param name="fieldCount">F.</param>
    /// <param name="size">K.</param>
    /// <param name="gradE">Overwritten, or added to, [F, K].</param>
    /// <param name="add">Whether gradE is added to.</param>
    /// <param name="scratch">[<see cref="ScratchLength"/>].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void InnerBackward(float* gradP, float* e, int fieldCount, int size, float* gradE, bool add,
        float* scratch)
    {
        int F = fieldCount, K = size, stride = WholeRegisters(K);
        float* x = scratch, sums = scratch + F * stride;        // [F, stride]: lanes past K hold what nobody reads
        for (int f = 0; f < F; f++)
        {
            for (int k = 0; k < K; k += S.Count)
            {
                S.Store(S.Load(e + f * K + k), x + f * stride + k);
                S.Store(S.Zero, sums + f * stride + k);
            }
        }
        for (int k = 0; k < K; k += S.Count)
        {
            float* row = gradP;
            int i = 0;
            for (; i <= F - 4; row += 4 * (F - i) - 10, i += 4)
            {
                FourFields(row, F - i, x + i * stride + k, sums + i * stride + k, stride);
            }
            for (; i < F; row += F - 1 - i, i++)
            {
                OneField(row, F - i, x + i * stride + k, sums + i * stride + k, stride);
            }
        }
        for (int f = 0; f < F; f++)
        {
            for (int k = 0; k < K; k += S.Count)
            {
                int lanes = Math.Min(S.Count, K - k);
                float* to = gradE + f * K + k;
                V sum = S.Load(sums + f * stride + k);
                S.StorePart(add ? S.Add(S.LoadPart(to, lanes), sum) : sum, to, lanes);
            }
        }
    }

    /// <summary>p = u·uᵀ, row by row.</summary>
    /// <param name="u">[n].</param>
    /// <param name="size">n.</param>
    /// <param name="p">Overwritten, [n, n].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OuterForward(float* u, int size, float* p)
    {
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++) { p[i * size + j] = u[i] * u[j]; }
        }
    }

    /// <summary>gradU_i = Σ_j (gradP_ij + gradP_ji)·u_j.</summary>
    /// <param name="gradP">∂L/∂p, [n, n].</param>
    /// <param name="u">[n].</param>
    /// <param name="size">n.</param>
    /// <param name="gradU">Overwritten, or added to, [n].</param>
    /// <param name="add">Whether gradU is added to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OuterBackward(float* gradP, float* u, int size, float* gradU, bool add)
    {
        for (int i = 0; i < size; i++)
        {
            float sum = 0;
            for (int j = 0; j < size; j++) { sum += (gradP[i * size + j] + gradP[j * size + i]) * u[j]; }
            gradU[i] = add ? gradU[i] + sum : sum;
        }
    }

    static int WholeRegisters(int size) => (size + S.Count - 1) / S.Count * S.Count;

    // All pairs of the first four of some fields, one register of each: an element of ∂L/∂p serves both fields of its pair.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void FourFields(float* gradP, int fields, float* x, float* sums, int stride)
    {
        V x0 = S.Load(x), x1 = S.Load(x + stride), x2 = S.Load(x + 2 * stride), x3 = S.Load(x + 3 * stride);
        V c0 = S.Load(sums), c1 = S.Load(sums + stride), c2 = S.Load(sums + 2 * stride), c3 = S.Load(sums + 3 * stride);
        // p_i[j] is that of fields i and j.
        float* p0 = gradP - 1, p1 = p0 + fields - 2, p2 = p1 + fields - 3, p3 = p2 + fields - 4;
        AddPair(p0[1], x0, x1, ref c0, ref c1);
        AddPair(p0[2], x0, x2, ref c0, ref c2);
        AddPair(p0[3], x0, x3, ref c0, ref c3);
        AddPair(p1[2], x1, x2, ref c1, ref c2);
        AddPair(p1[3], x1, x3, ref c1, ref c3);
        AddPair(p2[3], x2, x3, ref c2, ref c3);
        for (int j = 4; j < fields; j++)
        {
            V xj = S.Load(x + j * stride), cj = S.Load(sums + j * stride);
            AddPair(p0[j], x0, xj, ref c0, ref cj);
            AddPair(p1[j], x1, xj, ref c1, ref cj);
            AddPair(p2[j], x2, xj, ref c2, ref cj);
            AddPair(p3[j], x3, xj, ref c3, ref cj);
            S.Store(cj, sums + j * stride);
        }
        S.Store(c0, sums);
        S.Store(c1, sums + stride);
        S.Store(c2, sums + 2 * stride);
        S.Store(c3, sums + 3 * stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void OneField(float* gradP, int fields, float* x, float* sums, int stride)
    {
        V x0 = S.Load(x), c0 = S.Load(sums);
        for (int j = 1; j < fields; j++)
        {
            V cj = S.Load(sums + j * stride);
            AddPair(gradP[j - 1], x0, S.Load(x + j * stride), ref c0, ref cj);
            S.Store(cj, sums + j * stride);
        }
        S.Store(c0, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void AddPair(float gradP, V xi, V xj, ref V ci, ref V cj)
    {
        V p = S.Broadcast(gradP);
        ci = S.MultiplyAdd(p, xj, ci);
        cj = S.MultiplyAdd(p, xi, cj);
    }
}
