namespace DeepFM.Numerics;

/// <summary>Inner products of all pairs of fields, and the outer product of a vector with itself.</summary>
static unsafe class ProductKernel<S, V>
    where S : ISimd<V>
    where V : struct
{
    /// <summary>Fields rounded up so that a row of registers holds them, with a register to spare.</summary>
    public static int Padded(int fieldCount) => (fieldCount + S.Count - 1) / S.Count * S.Count + S.Count;

    /// <summary>Floats of scratch that the inner products need.</summary>
    public static int ScratchLength(int fieldCount, int size) =>
        Padded(fieldCount) * (size + fieldCount) + fieldCount * fieldCount;

    /// <summary>p = ⟨e_i, e_j⟩ for i &lt; j, in the order (0,1), (0,2), …, (1,2), …</summary>
    /// <param name="e">Embeddings of one sample, [F, K].</param>
    /// <param name="fieldCount">F.</param>
    /// <param name="size">K.</param>
    /// <param name="p">Overwritten, [F(F−1)/2].</param>
    /// <param name="scratch">[<see cref="ScratchLength"/>].</param>
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
    public static void InnerBackward(float* gradP, float* e, int fieldCount, int size, float* gradE, bool add,
        float* scratch)
    {
        int F = fieldCount, K = size, at = 0;
        float* symmetric = scratch;                             // [F, F], zero on the diagonal
        for (int i = 0; i < F; i++)
        {
            symmetric[i * F + i] = 0;
            for (int j = i + 1; j < F; j++, at++) { symmetric[i * F + j] = symmetric[j * F + i] = gradP[at]; }
        }
        for (int k = 0; k < K; k += S.Count)
        {
            int lanes = Math.Min(S.Count, K - k), i = 0;
            for (; i <= F - 4; i += 4) { Rows<N4>(symmetric + i * F, e + k, F, K, gradE + i * K + k, lanes, add); }
            for (; i < F; i++) { Rows<N1>(symmetric + i * F, e + k, F, K, gradE + i * K + k, lanes, add); }
        }
    }

    /// <summary>p = u·uᵀ, row by row.</summary>
    /// <param name="u">[n].</param>
    /// <param name="size">n.</param>
    /// <param name="p">Overwritten, [n, n].</param>
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
    public static void OuterBackward(float* gradP, float* u, int size, float* gradU, bool add)
    {
        for (int i = 0; i < size; i++)
        {
            float sum = 0;
            for (int j = 0; j < size; j++) { sum += (gradP[i * size + j] + gradP[j * size + i]) * u[j]; }
            gradU[i] = add ? gradU[i] + sum : sum;
        }
    }

    // Some lanes of N fields' gradients at once, so that no sum waits for its last addition.
    static void Rows<N>(float* weights, float* e, int fieldCount, int size, float* to, int lanes, bool add)
        where N : IConstant
    {
        V c0 = S.Zero, c1 = S.Zero, c2 = S.Zero, c3 = S.Zero;
        if (add)
        {
            c0 = S.LoadPart(to, lanes);
            if (N.Value > 1) { c1 = S.LoadPart(to + size, lanes); }
            if (N.Value > 2) { c2 = S.LoadPart(to + 2 * size, lanes); }
            if (N.Value > 3) { c3 = S.LoadPart(to + 3 * size, lanes); }
        }
        for (int j = 0; j < fieldCount; j++, e += size)
        {
            V x = S.Load(e);
            c0 = S.MultiplyAdd(S.Broadcast(weights[j]), x, c0);
            if (N.Value > 1) { c1 = S.MultiplyAdd(S.Broadcast(weights[fieldCount + j]), x, c1); }
            if (N.Value > 2) { c2 = S.MultiplyAdd(S.Broadcast(weights[2 * fieldCount + j]), x, c2); }
            if (N.Value > 3) { c3 = S.MultiplyAdd(S.Broadcast(weights[3 * fieldCount + j]), x, c3); }
        }
        S.StorePart(c0, to, lanes);
        if (N.Value > 1) { S.StorePart(c1, to + size, lanes); }
        if (N.Value > 2) { S.StorePart(c2, to + 2 * size, lanes); }
        if (N.Value > 3) { S.StorePart(c3, to + 3 * size, lanes); }
    }
}
