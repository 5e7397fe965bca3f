using DeepFM.Numerics;

namespace DeepFM.Core.Tests;

public unsafe class BatchNormKernelTests
{
    static readonly int[] RowCounts = [1, 2, 7, 100];

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Moments_AreMeanAndSquaredDistances(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        foreach ((int rows, int units) in Shapes())
        {
            // Far from 0, so that a sum of squares less a squared sum would show its cancellation.
            float[] z = [.. Draw.Floats(rows * units, seed: units).Select(value => value + 30)];
            using Guarded sums = new(z, units, units + 3), means = new(units), squares = new(units);

            kernels.Moments(sums.Pointer, sums.Stride, rows, units, means.Pointer, squares.Pointer);

            Assert.Equal(z, sums.Read());
            float[] mean = means.Read();
            Rounded[] expected =
                [.. Columns(units, j => Exact.Sum(rows, r => (double)z[r * units + j] / rows, more: 1))];
            NumericAssert.WithinRounding(expected, mean, $"mean of [{rows}, {units}]");
            // Around the mean that the kernel rounded; what that changes is of second order.
            expected = [.. Columns(units, j =>
                Exact.Sum(rows, r => Math.Pow((double)z[r * units + j] - mean[j], 2), more: 2))];
            NumericAssert.WithinRounding(expected, squares.Read(), $"squares of [{rows}, {units}]");
        }
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Normalize_CentersAndScales(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        foreach ((int rows, int units) in Shapes())
        {
            float[] z = Draw.Floats(rows * units, seed: units), mean = Draw.Floats(units, seed: 2),
                inverse = Draw.Floats(units, seed: 3), scale = Draw.Floats(units, seed: 4);
            using Guarded sums = new(z, units, units + 3), y = new(rows, units, units + 3), means = new(mean),
                inverses = new(inverse), scales = new(scale);

            kernels.Normalize(sums.Pointer, y.Pointer, y.Stride, rows, units, means.Pointer, inverses.Pointer,
                scales.Pointer);

            double[] xHat = [.. z.Select((value, at) => ((double)value - mean[at % units]) * inverse[at % units])];
            NumericAssert.WithinRounding([.. xHat.Select(value => Exact.Of(value, 2))], sums.Read(), "x̂");
            NumericAssert.WithinRounding([.. xHat.Select((value, at) => Exact.Of(value * scale[at % units], 3))],
                y.Read(), "y");
        }
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void GradientSums_AreColumnSums(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        foreach ((int rows, int units) in Shapes())
        {
            float[] grad = Draw.Floats(rows * units, seed: units), xHat = Draw.Floats(rows * units, seed: 2);
            using Guarded gradients = new(grad, units, units + 3), normalized = new(xHat, units, units + 3),
                sums = new(units);

            kernels.NormGradientSums(gradients.Pointer, normalized.Pointer, gradients.Stride, rows, units,
                sums.Pointer);

            Rounded[] expected =
                [.. Columns(units, j => Exact.Sum(rows, r => (double)grad[r * units + j] * xHat[r * units + j]))];
            NumericAssert.WithinRounding(expected, sums.Read(), $"[{rows}, {units}]");
        }
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Backward_IsTheEquation(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        foreach ((int rows, int units) in Shapes())
        {
            float[] grad = Draw.Floats(rows * units, seed: units), xHat = Draw.Floats(rows * units, seed: 2),
                factor = Draw.Floats(units, seed: 3), meanGrad = Draw.Floats(units, seed: 4),
                meanGradXHat = Draw.Floats(units, seed: 5);
            using Guarded gradients = new(grad, units, units + 3), normalized = new(xHat, units, units + 3),
                factors = new(factor), meanGradients = new(meanGrad), meanGradientsXHat = new(meanGradXHat);

            kernels.NormBackward(gradients.Pointer, normalized.Pointer, gradients.Stride, rows, units, factors.Pointer,
                meanGradients.Pointer, meanGradientsXHat.Pointer);

            Rounded[] expected = [.. grad.Select((value, at) =>
            {
                int j = at % units;
                double[] terms = [value, -meanGrad[j], -(double)xHat[at] * meanGradXHat[j]];
                return Exact.Sum(terms.Length, i => factor[j] * terms[i], more: 1);
            })];
            NumericAssert.WithinRounding(expected, gradients.Read(), $"[{rows}, {units}]");
            Assert.Equal(xHat, normalized.Read());
        }
    }

    // The four pieces together are batch norm's forward and backward, judged by differences of its equation alone.
    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Pieces_TogetherMatchDifferencesOfTheEquation(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        const int rows = 7, units = 19;
        const double epsilon = 1e-3;
        float[] z = Draw.Floats(rows * units, seed: 1), gradY = Draw.Floats(rows * units, seed: 2),
            scale = Draw.Floats(units, seed: 3);
        double[] expected = Reference.Gradient(x => Enumerable.Range(0, units).Sum(j =>
        {
            double[] column = [.. Enumerable.Range(0, rows).Select(r => x[r * units + j])];
            double mean = column.Average(), variance = column.Average(value => (value - mean) * (value - mean));
            return column.Select((value, r) =>
                gradY[r * units + j] * scale[j] * (value - mean) / Math.Sqrt(variance + epsilon)).Sum();
        }), [.. z.Select(value => (double)value)]);

        using Guarded sums = new(z, units, units), y = new(rows, units, units), gradient = new(gradY, units, units),
            mean = new(units), squares = new(units), scales = new(scale), byScale = new(units);
        kernels.Moments(sums.Pointer, units, rows, units, mean.Pointer, squares.Pointer);
        float[] inverse = [.. squares.Read().Select(square => (float)(1 / Math.Sqrt(square / rows + epsilon)))];
        using Guarded inverses = new(inverse), factors = new([.. inverse.Zip(scale, (i, s) => i * s)]);
        kernels.Normalize(sums.Pointer, y.Pointer, units, rows, units, mean.Pointer, inverses.Pointer, scales.Pointer);
        kernels.NormGradientSums(gradient.Pointer, sums.Pointer, units, rows, units, byScale.Pointer);
        using Guarded meanGrad = new(
            [.. Columns(units, j => (float)Exact.Sum(rows, r => gradY[r * units + j] / (double)rows).Value)]),
            meanGradXHat = new([.. byScale.Read().Select(sum => sum / rows)]);
        kernels.NormBackward(gradient.Pointer, sums.Pointer, units, rows, units, factors.Pointer, meanGrad.Pointer,
            meanGradXHat.Pointer);

        // A factor of at most max(inverse) times three terms of at most max |x̂|² < rows, rounded about 2·rows times.
        NumericAssert.Close<float>(expected, gradient.Read(), relative: 0,
            absolute: inverse.Max() * 3 * rows * 2 * rows * Rounded.Unit);
    }

    static IEnumerable<(int Rows, int Units)> Shapes() =>
        RowCounts.SelectMany(_ => Widths.Sizes, (rows, units) => (rows, units));

    static IEnumerable<T> Columns<T>(int units, Func<int, T> compute) => Enumerable.Range(0, units).Select(compute);
}
