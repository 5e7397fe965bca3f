using CsCheck;
using DeepFM.Research.Generation;

namespace DeepFM.Research.Tests.Generation;

/// <summary>Effects told into parts by order: against the definition, and by hand.</summary>
public sealed class EffectTableTests
{
    const int A = 3, B = 5, C = 2;

    [Fact]
    public void TwoByTwo_ByHand()
    {
        // f = 4 where both are 1, shares ¼ and ½: mean ½; m_a = 2·[a], m_b = [b].
        double[][] weights = [[0.75, 0.25], [0.5, 0.5]];
        EffectTable table = new("both", [0, 1], weights, at => 4 * at[0] * at[1], drawnDeviation: 0, key: 1);

        Assert.Equal(3.5f, table.Of([1, 1]));
        Assert.Equal(-0.5f, table.Of([0, 1]));
        Assert.Equal(1.5f + 0.5f, table.Part(1, [1, 1]));           // (2 − ½) + (1 − ½)
        Assert.Equal(1.5f, table.Part(2, [1, 1]));                  // 4 − 2 − 1 + ½
        Assert.Equal(-1f, table.Part(1, [0, 0]));                   // (0 − ½) + (0 − ½)
        Assert.Equal(0, table.Part(3, [1, 1]));
    }

    [Fact]
    public void Parts_AddUp_HaveNoMeanOverAnyField_AndTheDrawnOneHasItsDeviation() =>
        Gen.Select(Shares(A), Shares(B), Shares(C), Gen.ULong).Sample((a, b, c, key) =>
        {
            double[][] weights = [a, b, c];
            EffectTable stated = new("stated", [0, 1, 2], weights,
                at => at[0] * at[1] - 3 * at[2] + (at[0] == 2 ? at[1] * at[2] : 0), drawnDeviation: 0, key);
            EffectTable drawn = new("drawn", [0, 1, 2], weights, null, drawnDeviation: 0.7, key);
            double Sum(Func<int[], double> of) => Cells().Sum(at => weights[0][at[0]] * weights[1][at[1]] * weights[2][at[2]] * of(at));

            // Values are at most 20, kept in float32: 2⁻²⁴ of that for each of the few terms.
            const double tolerance = 20 * 8 / 16_777_216.0;
            Assert.All(Cells(),
                at => Assert.Equal(stated.Of(at), Enumerable.Range(1, 3).Sum(order => stated.Part(order, at)), 10 * tolerance));
            for (int axis = 0; axis < 3; axis++)
            {
                int[] sizes = [A, B, C];
                for (int value = 0; value < sizes[axis]; value++)
                {
                    // Given one field's value, what is beyond order 1 has no mean: it tells nothing about that field alone.
                    Assert.Equal(0, Sum(at => at[axis] == value ? stated.Part(2, at) : 0), tolerance);
                    Assert.Equal(0, Sum(at => at[axis] == value ? stated.Part(3, at) : 0), tolerance);
                }
            }
            // Nor has the part of order 3 given two fields.
            for (int i = 0; i < A * B; i++)
            {
                Assert.Equal(0, Sum(at => at[0] == i / B && at[1] == i % B ? stated.Part(3, at) : 0), tolerance);
            }
            Assert.Equal(0, Sum(at => stated.Of(at)), tolerance);
            Assert.Equal(0.7, Math.Sqrt(Sum(at => drawn.Of(at) * drawn.Of(at))), 1e-5);
            Assert.True(!drawn.Has(1) && !drawn.Has(2) && drawn.Has(3));
        }, iter: 30);

    static Gen<double[]> Shares(int count) =>
        Gen.Double[0.1, 1].Array[count].Select(shares => shares.Select(share => share / shares.Sum()).ToArray());

    static IEnumerable<int[]> Cells() =>
        from a in Enumerable.Range(0, A) from b in Enumerable.Range(0, B) from c in Enumerable.Range(0, C) select new[] { a, b, c };
}
