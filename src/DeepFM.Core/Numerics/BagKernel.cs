using System.Runtime.CompilerServices;

namespace DeepFM.Numerics;

/// <summary>A bag whose entries are features of their own: their sum, and the sum over their pairs.</summary>
static unsafe class BagKernel<S, V>
    where S : ISimd<V>
    where V : struct
{
    /// <summary>e = Σ_j x_j·V_j, and Σ_{i&lt;j} ⟨x_i·V_i, x_j·V_j⟩, entry by entry with the sum of those before it.</summary>
    /// <param name="table">At the column of row 0; a row is readable for a register past the column's end.</param>
    /// <param name="stride">Floats from row to row.</param>
    /// <param name="ids">[count].</param>
    /// <param name="weights">x, [count].</param>
    /// <param name="count">Entries.</param>
    /// <param name="size">K.</param>
    /// <param name="e">Overwritten, [K].</param>
    /// <returns>The pair sum: products are added, and nothing large is subtracted.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float PairSum(float* table, nint stride, int* ids, float* weights, int count, int size, float* e)
    {
        V pairs = S.Zero;
        int k = 0;
        for (; k <= size - S.Count; k += S.Count)
        {
            S.Store(Columns(table + k, stride, ids, weights, count, ref pairs), e + k);
        }
        float total = S.Sum(pairs);
        if (k < size)                                   // a whole register is computed, its first K − k lanes are kept
        {
            float* lanes = stackalloc float[S.Count];
            V last = S.Zero;
            S.StorePart(Columns(table + k, stride, ids, weights, count, ref last), e + k, size - k);
            S.Store(last, lanes);
            for (int lane = 0; lane < size - k; lane++) { total += lanes[lane]; }
        }
        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V Columns(float* table, nint stride, int* ids, float* weights, int count, ref V pairs)
    {
        V sum = S.Zero, products = pairs;
        for (int j = 0; j < count; j++)
        {
            V v = S.Load(table + ids[j] * stride), x = S.Broadcast(weights[j]);
            products = S.MultiplyAdd(sum, S.Multiply(x, v), products);
            sum = S.MultiplyAdd(x, v, sum);
        }
        pairs = products;
        return sum;
    }
}
