using DeepFM.Models;
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
    public void GradientSums_AreThoseOfTheActivationsGradient(string width)
    {
        const int firstRow = 11;
        Kernels kernels = Widths.Kernels(width);
        foreach ((Activation activation, DropoutMask mask) in Cases())
        {
            foreach ((int rows, int units) in Shapes())
            {
                float[] gradY = Draw.Floats(rows * units, seed: units), y = Draw.Floats(rows * units, seed: 2),
                    z = Draw.Floats(rows * units, seed: 3), inverse = Draw.Floats(units, seed: 4), center = Draw.Floats(units, seed: 5);
                using Guarded gradients = new(gradY, units, units + 3), outputs = new(y, units, units + 3),
                    inputs = new(z, units, units + 3), inverses = new(inverse), centers = new(center), sums = new(units),
                    sumsXHat = new(units), alone = new(gradY, units, units + 3), bias = new(units);

                kernels.NormGradientSums(gradients.Pointer, outputs.Pointer, inputs.Pointer, gradients.Stride, rows, units,
                    inverses.Pointer, centers.Pointer, activation, mask, firstRow, sums.Pointer, sumsXHat.Pointer);

                // The gradient is the activation's own, whose kernel is tested beside this one.
                kernels.ActivationBackward(alone.Pointer, outputs.Pointer, alone.Stride, rows, units, activation, mask, firstRow,
                    bias.Pointer);
                float[] grad = gradients.Read();
                Assert.Equal(alone.Read(), grad);
                Assert.Equal(bias.Read(), sums.Read());
                Assert.Equal(y, outputs.Read());
                Assert.Equal(z, inputs.Read());
                Rounded[] expected = [.. Columns(units, j =>
                {
                    double[] products = [.. Enumerable.Range(0, rows).Select(r =>
                        (double)grad[r * units + j] * (z[r * units + j] * (double)inverse[j] + center[j]))];
                    // x̂ is rounded twice, relative to its two terms.
                    double byXHat = Enumerable.Range(0, rows).Sum(r => 2 * Math.Abs(grad[r * units + j])
                        * (Math.Abs(z[r * units + j] * (double)inverse[j]) + Math.Abs(center[j])));
                    Rounded sum = Exact.Sum(rows, r => products[r]);
                    return sum with { Error = sum.Error + byXHat };
                })];
                NumericAssert.WithinRounding(expected, sumsXHat.Read(), $"{activation}, [{rows}, {units}]");
            }
        }
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Backward_IsTheEquation(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        foreach ((int rows, int units) in Shapes())
        {
            float[] grad = Draw.Floats(rows * units, seed: units), z = Draw.Floats(rows * units, seed: 2),
                factor = Draw.Floats(units, seed: 3), slope = Draw.Floats(units, seed: 4), offset = Draw.Floats(units, seed: 5);
            using Guarded gradients = new(grad, units, units + 3), inputs = new(z, units, units + 3), factors = new(factor),
                slopes = new(slope), offsets = new(offset);

            kernels.NormBackward(gradients.Pointer, inputs.Pointer, gradients.Stride, rows, units, factors.Pointer, slopes.Pointer,
                offsets.Pointer);

            Rounded[] expected = [.. grad.Select((value, at) =>
            {
                int j = at % units;
                double[] terms = [value * (double)factor[j], -(double)z[at] * slope[j], -offset[j]];
                return Exact.Sum(terms.Length, i => terms[i], more: 1);
            })];
            NumericAssert.WithinRounding(expected, gradients.Read(), $"[{rows}, {units}]");
            Assert.Equal(z, inputs.Read());
        }
    }

    static IEnumerable<(Activation, DropoutMask)> Cases() =>
        from activation in Enum.GetValues<Activation>()
        from mask in new[] { DropoutMask.None, DropoutMask.Of(0.3f, CounterRandom.Key(1, 2, 3)) }
        select (activation, mask);

    static IEnumerable<(int Rows, int Units)> Shapes() =>
        RowCounts.SelectMany(_ => Widths.Sizes, (rows, units) => (rows, units));

    static IEnumerable<T> Columns<T>(int units, Func<int, T> compute) => Enumerable.Range(0, units).Select(compute);
}
