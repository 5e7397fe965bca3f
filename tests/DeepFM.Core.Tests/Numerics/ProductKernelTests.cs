using DeepFM.Numerics;

namespace DeepFM.Core.Tests;

public unsafe class ProductKernelTests
{
    static readonly int[] FieldCounts = [1, 2, 3, 7, 16, 17, 19];

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void PairSum_IsTheSumOverPairs(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        foreach ((int F, int K) in Shapes())
        {
            float[] e = Draw.Floats(F * K, seed: K);
            using Guarded embeddings = new(e), sum = new(K);

            float actual = kernels.PairSum(embeddings.Pointer, F, K, sum.Pointer);

            double squares = e.Sum(value => (double)value * value);
            Rounded expected = new(Reference.FmPairSum([.. e.Select(value => (double)value)], F, K),
                (F * F + F * K) * squares);
            NumericAssert.WithinRounding([expected], [actual], $"pair sum of [{F}, {K}]");
            Rounded[] sums = [.. Enumerable.Range(0, K).Select(k => Exact.Sum(F, f => e[f * K + k]))];
            NumericAssert.WithinRounding(sums, sum.Read(), $"field sum of [{F}, {K}]");
        }
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void InnerForward_IsAllPairsInOrder(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        foreach ((int F, int K) in Shapes())
        {
            float[] e = Draw.Floats(F * K, seed: K);
            using Guarded embeddings = new(e), products = new(F * (F - 1) / 2),
                scratch = new(kernels.ProductScratchLength(F, K));

            kernels.InnerForward(embeddings.Pointer, F, K, products.Pointer, scratch.Pointer);

            scratch.Read("scratch");
            Rounded[] expected =
                [.. Pairs(F).Select(pair => Exact.Sum(K, k => (double)e[pair.I * K + k] * e[pair.J * K + k]))];
            NumericAssert.WithinRounding(expected, products.Read(), $"products of [{F}, {K}]");
        }
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void InnerBackward_IsTheGradient(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        foreach ((int F, int K) in Shapes())
        {
            float[] e = Draw.Floats(F * K, seed: K), gradP = Draw.Floats(F * (F - 1) / 2, seed: F),
                start = Draw.Floats(F * K, seed: 5);
            double[] weights = Symmetric(gradP, F);
            foreach (bool add in new[] { false, true })
            {
                using Guarded embeddings = new(e), gradProducts = new(gradP),
                    scratch = new(kernels.ProductScratchLength(F, K)),
                    gradE = add ? new(start) : new(F * K);

                kernels.InnerBackward(gradProducts.Pointer, embeddings.Pointer, F, K, gradE.Pointer, add,
                    scratch.Pointer);

                scratch.Read("scratch");
                Rounded[] expected = [.. Enumerable.Range(0, F * K).Select(at => Exact.Sum(F + 1, j =>
                    j < F ? weights[at / K * F + j] * e[j * K + at % K] : add ? start[at] : 0))];
                NumericAssert.WithinRounding(expected, gradE.Read(), $"gradient of [{F}, {K}]");
            }
        }
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Outer_IsTheProductWithItself_AndItsGradient(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        for (int n = 1; n <= 33; n++)
        {
            float[] u = Draw.Floats(n, seed: n), gradP = Draw.Floats(n * n, seed: n + 1),
                start = Draw.Floats(n, seed: 5);
            using Guarded units = new(u), product = new(n * n), gradProduct = new(gradP), gradU = new(n),
                added = new(start);

            kernels.OuterForward(units.Pointer, n, product.Pointer);
            kernels.OuterBackward(gradProduct.Pointer, units.Pointer, n, gradU.Pointer, add: false);
            kernels.OuterBackward(gradProduct.Pointer, units.Pointer, n, added.Pointer, add: true);

            Assert.Equal(u.SelectMany(_ => u, (left, right) => left * right), product.Read());
            Rounded Gradient(int i, double from) => Exact.Sum(2 * n + 1, j =>
                j == 2 * n ? from : (j < n ? gradP[i * n + j] : gradP[(j - n) * n + i]) * (double)u[j % n]);
            NumericAssert.WithinRounding([.. Enumerable.Range(0, n).Select(i => Gradient(i, 0))], gradU.Read(),
                $"n = {n}");
            NumericAssert.WithinRounding([.. Enumerable.Range(0, n).Select(i => Gradient(i, start[i]))], added.Read(),
                $"n = {n}, added");
        }
    }

    // The loops of the tests above say the gradient once more; here the equation alone judges the kernels.
    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Backward_MatchesDifferencesOfTheEquation(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        const int F = 5, K = 7, n = 11;
        float[] e = Draw.Floats(F * K, seed: 1), gradP = Draw.Floats(F * (F - 1) / 2, seed: 2);
        float[] u = Draw.Floats(n, seed: 3), gradOuter = Draw.Floats(n * n, seed: 4);
        using Guarded embeddings = new(e), gradProducts = new(gradP), scratch = new(kernels.ProductScratchLength(F, K)),
            gradE = new(F * K), units = new(u), gradProduct = new(gradOuter), gradU = new(n);

        kernels.InnerBackward(gradProducts.Pointer, embeddings.Pointer, F, K, gradE.Pointer, add: false,
            scratch.Pointer);
        kernels.OuterBackward(gradProduct.Pointer, units.Pointer, n, gradU.Pointer, add: false);

        double[] byE = Reference.Gradient(
            x => Pairs(F).Select((pair, at) =>
                gradP[at] * Enumerable.Range(0, K).Sum(k => x[pair.I * K + k] * x[pair.J * K + k])).Sum(),
            [.. e.Select(value => (double)value)]);
        double[] byU = Reference.Gradient(
            x => Enumerable.Range(0, n * n).Sum(at => gradOuter[at] * x[at / n] * x[at % n]),
            [.. u.Select(value => (double)value)]);
        // Sums of F and 2n numbers below 1, rounded as often; differences add 1e-9.
        NumericAssert.Close<float>(byE, gradE.Read(), relative: 0, absolute: F * F * Rounded.Unit);
        NumericAssert.Close<float>(byU, gradU.Read(), relative: 0, absolute: 4 * n * n * Rounded.Unit);
    }

    static IEnumerable<(int F, int K)> Shapes() =>
        FieldCounts.SelectMany(_ => Enumerable.Range(1, 33), (F, K) => (F, K));

    static IEnumerable<(int I, int J)> Pairs(int F) =>
        Enumerable.Range(0, F).SelectMany(i => Enumerable.Range(i + 1, F - 1 - i), (i, j) => (i, j));

    static double[] Symmetric(float[] gradP, int F)
    {
        double[] weights = new double[F * F];
        foreach (((int i, int j), int at) in Pairs(F).Select((pair, at) => (pair, at)))
        {
            weights[i * F + j] = weights[j * F + i] = gradP[at];
        }
        return weights;
    }
}
