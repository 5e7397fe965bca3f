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
        for (int i = 0; i < F; i++)
        {
            int k = 0;
            for (; k <= K - S.Count; k += S.Count) { Row<S, V>(symmetric + i * F, e + k, F, K, gradE + i * K + k, add); }
            if (k < K)
            {
                // The columns left: a whole register is computed, its first K − k lanes are kept.
                V sum = S.Zero;
                for (int j = 0; j < F; j++)
                {
                    sum = S.MultiplyAdd(S.Broadcast(symmetric[i * F + j]), S.Load(e + j * K + k), sum);
                }
                float* lanes = scratch + F * F;
                S.Store(sum, lanes);
                for (int lane = 0; k < K; k++, lane++)
                {
                    gradE[i * K + k] = add ? gradE[i * K + k] + lanes[lane] : lanes[lane];
                }
            }
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

    static void Row<T, U>(float* weights, float* e, int fieldCount, int size, float* to, bool add)
        where T : ISimd<U>
        where U : struct
    {
        U sum = add ? T.Load(to) : T.Zero;
        for (int j = 0; j < fieldCount; j++)
        {
            sum = T.MultiplyAdd(T.Broadcast(weights[j]), T.Load(e + j * size), sum);
        }
        T.Store(sum, to);
    }
}
