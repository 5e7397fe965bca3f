using DeepFM.Numerics;

namespace DeepFM.Core.Tests;

public unsafe class BagKernelTests
{
    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void PairSum_MatchesTheEquation_AndWritesNothingOutside(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        const int features = 11, column = 2;
        foreach (int K in Widths.Sizes)
        {
            int stride = column + K + 3;
            float[] table = Draw.Floats(features * stride + Widths.Largest, seed: K);
            foreach (int count in new[] { 0, 1, 2, 5, 40 })
            {
                int[] ids = Draw.Ints(count, features, seed: count);
                float[] weights = Draw.Floats(count, seed: 3);
                using Guarded rows = new(table), e = new(K);
                float pairs;
                fixed (int* id = ids)
                fixed (float* weight = weights)
                {
                    pairs = kernels.BagPairSum(rows.Pointer + column, stride, id, weight, count, K, e.Pointer);
                }

                double Entry(int j, int k) => (double)weights[j] * table[ids[j] * stride + column + k];
                NumericAssert.WithinRounding([.. Enumerable.Range(0, K).Select(k => Exact.Sum(count, j => Entry(j, k)))], e.Read(),
                    $"sum, K = {K}, {count} entries");
                (int I, int J)[] all = [.. Enumerable.Range(0, count).SelectMany(j => Enumerable.Range(0, j).Select(i => (i, j)))];
                Rounded expected = Exact.Sum(all.Length * K, at => Entry(all[at / K].I, at % K) * Entry(all[at / K].J, at % K), more: 2);
                NumericAssert.WithinRounding([expected], [pairs], $"pairs, K = {K}, {count} entries");
            }
        }
    }
}
