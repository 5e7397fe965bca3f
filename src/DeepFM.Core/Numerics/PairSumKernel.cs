using System.Runtime.CompilerServices;

namespace DeepFM.Numerics;

/// <summary>The pair sum of a factorization machine and the sum over fields.</summary>
static unsafe class PairSumKernel<S, V>
    where S : ISimd<V>
    where V : struct
{
    /// <summary>½ Σ_k ((Σ_f e[f,k])² − Σ_f e[f,k]²) — Rendle 2010, O(F·K).</summary>
    /// <param name="e">Embeddings of one sample, [F, K]; readable for a register past the end.</param>
    /// <param name="fieldCount">F.</param>
    /// <param name="size">K.</param>
    /// <param name="sum">Overwritten with Σ_f e[f,:], [K].</param>
    /// <returns>The pair sum. |error| ≤ (F² + F·K)·2⁻²⁴·Σ e²: the sums cancel, so it is not relative to the result.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Forward(float* e, int fieldCount, int size, float* sum)
    {
        float* lanes = stackalloc float[2 * S.Count];
        float pairs = 0;
        int k = 0;
        for (; k <= size - S.Count; k += S.Count)
        {
            Columns(e + k, fieldCount, size, out V total, out V squares);
            S.Store(total, sum + k);
            pairs += S.Sum(S.Subtract(S.Multiply(total, total), squares));
        }
        if (k < size)                                   // a whole register is computed, its first K − k lanes are kept
        {
            Columns(e + k, fieldCount, size, out V total, out V squares);
            S.Store(total, lanes);
            S.Store(S.Subtract(S.Multiply(total, total), squares), lanes + S.Count);
            for (int lane = 0; k < size; k++, lane++)
            {
                sum[k] = lanes[lane];
                pairs += lanes[S.Count + lane];
            }
        }
        return 0.5f * pairs;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Columns(float* e, int fieldCount, int size, out V total, out V squares)
    {
        V sum = S.Zero, sumOfSquares = S.Zero;
        for (int f = 0; f < fieldCount; f++, e += size)
        {
            V v = S.Load(e);
            sum = S.Add(sum, v);
            sumOfSquares = S.MultiplyAdd(v, v, sumOfSquares);
        }
        total = sum;
        squares = sumOfSquares;
    }
}
