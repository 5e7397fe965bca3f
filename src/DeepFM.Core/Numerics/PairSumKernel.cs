namespace DeepFM.Numerics;

/// <summary>The pair sum of a factorization machine and the sum over fields.</summary>
static unsafe class PairSumKernel<S, V>
    where S : ISimd<V>
    where V : struct
{
    /// <summary>Adds ½ Σ_k ((Σ_f e[f,k])² − Σ_f e[f,k]²) to a logit — Rendle 2010, O(F·K).</summary>
    /// <param name="e">Embeddings of one sample, [F, K]; readable for a register past the end.</param>
    /// <param name="fieldCount">F.</param>
    /// <param name="size">K.</param>
    /// <param name="sum">Overwritten with Σ_f e[f,:], [K]; a register past the end is overwritten too.</param>
    /// <param name="wantsPairs">Whether to compute the pair sum; else the field sum alone, and 0 comes back.</param>
    public static float Forward(float* e, int fieldCount, int size, float* sum, bool wantsPairs)
    {
        float pairs = 0;
        int k = 0;
        for (; k <= size - S.Count; k += S.Count)
        {
            pairs += S.Sum(Columns<S, V>(e + k, fieldCount, size, sum + k, wantsPairs));
        }
        for (; k < size; k++)
        {
            pairs += Columns<SimdScalar, float>(e + k, fieldCount, size, sum + k, wantsPairs);
        }
        return 0.5f * pairs;
    }

    static U Columns<T, U>(float* e, int fieldCount, int size, float* sum, bool wantsPairs)
        where T : ISimd<U>
        where U : struct
    {
        U total = T.Zero, squares = T.Zero;
        for (int f = 0; f < fieldCount; f++, e += size)
        {
            U v = T.Load(e);
            total = T.Add(total, v);
            if (wantsPairs) { squares = T.MultiplyAdd(v, v, squares); }
        }
        T.Store(total, sum);
        return wantsPairs ? T.Subtract(T.Multiply(total, total), squares) : T.Zero;
    }
}
