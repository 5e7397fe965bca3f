using DeepFM.Models;
using DeepFM.Numerics;

namespace DeepFM.Core.Tests;

public unsafe class ActivationKernelTests
{
    const int Rows = 5, FirstRow = 100;
    static readonly DropoutMask Dropping = DropoutMask.Of(0.3f, CounterRandom.Key(1, 2, 3));

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Forward_IsBiasActivationDropout(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        foreach ((Activation activation, DropoutMask mask, int units) in Cases())
        {
            float[] z = Draw.Floats(Rows * units, seed: units, scale: 4), bias = Draw.Floats(units, seed: 2);
            Rounded[] expected = [.. z.Select((value, at) =>
            {
                double sum = (double)value + bias[at % units], f = F(activation, sum);
                // The sum's rounding reaches f by its slope.
                double error = 2 * Slope(activation, f) * Math.Abs(sum) + 2 * Math.Abs(f) + OwnError(activation, f);
                return Keeps(mask, at / units, at % units, units) ? new Rounded(f * mask.Scale, error * mask.Scale)
                    : default;
            })];

            float[] actual = Forward(kernels, z, bias, units, activation, mask);

            NumericAssert.WithinRounding(expected, actual, $"{activation}, {units} units");
            Assert.All(actual.Where((_, at) => !Keeps(mask, at / units, at % units, units)),
                dropped => Assert.Equal(0, dropped));
        }
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Forward_WithAScale_WritesElsewhere(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        foreach ((Activation activation, DropoutMask mask, int units) in Cases())
        {
            float[] z = Draw.Floats(Rows * units, seed: units, scale: 4), scale = Draw.Floats(units, seed: 2),
                shift = Draw.Floats(units, seed: 3);
            using Guarded from = new(z, units, units + 3), y = new(Rows, units, units + 3), scales = new(scale),
                shifts = new(shift);

            kernels.ActivationForward(from.Pointer, y.Pointer, y.Stride, Rows, units, scales.Pointer, shifts.Pointer, activation,
                mask, FirstRow);

            Assert.Equal(z, from.Read());
            Rounded[] expected = [.. z.Select((value, at) =>
            {
                double product = (double)value * scale[at % units], f = F(activation, product + shift[at % units]);
                // As without a scale; product and sum are rounded once each, or together.
                double error = 2 * Slope(activation, f) * (Math.Abs(product) + Math.Abs(shift[at % units])) + 2 * Math.Abs(f)
                    + OwnError(activation, f);
                // Where the sum may have either sign, relu lets a rounding through.
                error += activation == Activation.Relu ? 2 * (Math.Abs(product) + Math.Abs(shift[at % units])) : 0;
                return Keeps(mask, at / units, at % units, units) ? new Rounded(f * mask.Scale, error * mask.Scale) : default;
            })];
            NumericAssert.WithinRounding(expected, y.Read(), $"{activation}, {units} units");
        }
    }

    // A relative error, so that small units keep their digits too. Numerator and denominator each round most in their last sums.
    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Forward_Tanh_IsWithinAFewRoundings_OnTheWholeLine(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        const int count = 200_003;
        float[] x = [.. Enumerable.Range(0, count).Select(i => (float)(((i & 1) == 0 ? 1 : -1) * Math.Pow(10, -30 + 33.0 * i / count))),
            .. Enumerable.Range(-5000, 10_001).Select(i => i * 0.002f), 0, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue];

        float[] actual = Forward(kernels, [.. x, float.NaN], new float[x.Length + 1], x.Length + 1, Activation.Tanh, DropoutMask.None,
            rows: 1);

        Rounded[] expected = [.. x.Select(value => Exact.Of(Math.Tanh(value), roundings: 6))];
        NumericAssert.WithinRounding(expected, actual.AsSpan(0, x.Length), "tanh");
        Assert.All(actual.Take(x.Length), value => Assert.InRange(value, -1, 1));
        Assert.True(float.IsNaN(actual[^1]));
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Backward_IsTheGradient_UnderTheSameMask(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        foreach ((Activation activation, DropoutMask mask, int units) in Cases())
        {
            float[] z = Draw.Floats(Rows * units, seed: units, scale: 4), gradY = Draw.Floats(Rows * units, seed: 3);
            float[] y = Forward(kernels, z, new float[units], units, activation, mask);
            using Guarded gradient = new(gradY, units, units + 3), output = new(y, units, units + 3),
                biasGradient = new(units);

            kernels.ActivationBackward(gradient.Pointer, output.Pointer, output.Stride, Rows, units, activation, mask,
                FirstRow, biasGradient.Pointer);

            Assert.Equal(y, output.Read());
            Rounded[] expected = [.. z.Select((value, at) =>
            {
                bool keeps = Keeps(mask, at / units, at % units, units);
                double scaled = keeps ? (double)gradY[at] * mask.Scale : 0;
                // 1 − f² and f·(1 − f) are formed from f's rounding, by up to four roundings of numbers up to 1.
                bool isCurved = activation is Activation.Tanh or Activation.Sigmoid;
                return new Rounded(scaled * Slope(activation, F(activation, value)),
                    (isCurved ? 16 : 1) * Math.Abs(scaled));
            })];
            float[] actual = gradient.Read();
            NumericAssert.WithinRounding(expected, actual, $"{activation}, {units} units");
            Assert.All(actual.Where((_, at) => !Keeps(mask, at / units, at % units, units)),
                dropped => Assert.Equal(0, dropped));
            Rounded[] sums = [.. Enumerable.Range(0, units).Select(j => Exact.Sum(Rows, r => actual[r * units + j]))];
            NumericAssert.WithinRounding(sums, biasGradient.Read(), $"{activation}, bias of {units} units");
        }
    }

    [Theory, InlineData(0.1f), InlineData(0.5f), InlineData(0.9f)]
    public void Mask_KeepsItsShare_AndScalesWhatItKeeps(float dropRate)
    {
        const int units = 401, rows = 500;
        foreach (Kernels kernels in AllKernels())
        {
            float[] mask = Mask(kernels, dropRate, CounterRandom.Key(7), rows, units);
            double deviation = Math.Sqrt(dropRate * (1 - (double)dropRate) * mask.Length);
            Assert.InRange(mask.Count(unit => unit != 0) - (1 - (double)dropRate) * mask.Length, -5 * deviation,
                5 * deviation);
            Assert.All(mask.Where(unit => unit != 0), unit => Assert.Equal(1 / (1 - dropRate), unit));
        }
    }

    [Fact]
    public void Mask_IsTheSameAtEveryWidth()
    {
        uint[][] masks = [.. AllKernels().Select(kernels =>
            Exact.Bits(Mask(kernels, 0.4f, CounterRandom.Key(8), rows: 13, units: 67)))];
        Assert.All(masks, mask => Assert.Equal(masks[0], mask));
    }

    [Fact]
    public void Mask_DoesNotDependOnHowRowsAreCut()
    {
        const int units = 37, rows = 10;
        DropoutMask dropout = DropoutMask.Of(0.4f, CounterRandom.Key(9));
        foreach (Kernels kernels in AllKernels())
        {
            float[] whole = Mask(kernels, 0.4f, CounterRandom.Key(9), rows, units);
            for (int row = 0; row < rows; row++)
            {
                using Guarded y = new(Enumerable.Repeat(1f, units).ToArray()), bias = new(new float[units]);
                kernels.ActivationForward(y.Pointer, y.Pointer, units, 1, units, null, bias.Pointer, Activation.Identity, dropout,
                    row);
                Assert.Equal(whole[(row * units)..((row + 1) * units)], y.Read());
            }
        }
    }

    // Independent masks keep the same unit with probability (1 − p)².
    [Theory, InlineData(0.2f), InlineData(0.5f), InlineData(0.8f)]
    public void Masks_OfTwoStepsLayersRowsAndUnits_AreUncorrelated(float dropRate)
    {
        const int units = 401, rows = 500;
        ulong Step(ulong step, ulong layer) => CounterRandom.Key(CounterRandom.Key(1, 1, step), layer);
        float[] mask = Draw(Step(0, 5)), nextStep = Draw(Step(1, 5)), nextLayer = Draw(Step(0, 6));

        AssertUncorrelated(mask, nextStep, "two steps");
        AssertUncorrelated(mask, nextLayer, "two layers");
        foreach (int distance in new[] { 1, 2, 8, 16, units - 1, units, units + 1, 64 * units, 100 * units })
        {
            AssertUncorrelated(mask[distance..], mask[..^distance], $"{distance} units apart");
        }
        // Sums over rows and over units must spread as those of independent units do.
        double variance = dropRate * (1 - (double)dropRate);
        AssertSpread([.. mask.Chunk(units).Select(row => row.Count(unit => unit != 0))], units);
        AssertSpread(
            [.. Enumerable.Range(0, units).Select(j => mask.Where((unit, at) => at % units == j && unit != 0).Count())],
            rows);

        float[] Draw(ulong key) => Mask(Kernels.Current, dropRate, key, rows, units);

        void AssertUncorrelated(float[] a, float[] b, string what)
        {
            double keep = 1 - (double)dropRate, both = keep * keep;
            // Overlapping pairs of one mask are not independent; three times the variance bounds theirs.
            double deviation = Math.Sqrt(3 * both * (1 - both) / a.Length);
            double share = a.Zip(b).Count(pair => pair.First != 0 && pair.Second != 0) / (double)a.Length;
            Assert.True(Math.Abs(share - both) <= 5 * deviation,
                $"{what}: {share} are kept by both, {both} ± {deviation} expected.");
        }

        void AssertSpread(int[] kept, int of)
        {
            double mean = of * (1 - (double)dropRate),
                chiSquare = kept.Sum(count => (count - mean) * (count - mean)) / (of * variance);
            Assert.InRange(chiSquare, kept.Length - 5 * Math.Sqrt(2.0 * kept.Length),
                kept.Length + 5 * Math.Sqrt(2.0 * kept.Length));
        }
    }

    static IEnumerable<(Activation, DropoutMask, int)> Cases() =>
        from activation in Enum.GetValues<Activation>()
        from mask in new[] { DropoutMask.None, Dropping }
        from units in Widths.Sizes
        select (activation, mask, units);

    static IEnumerable<Kernels> AllKernels() =>
        Widths.All.Select(row => row.Data).Where(Widths.IsAvailable).Select(width => Kernels.Choose(width));

    static float[] Forward(Kernels kernels, float[] z, float[] bias, int units, Activation activation, DropoutMask mask,
        int rows = Rows)
    {
        using Guarded y = new(z, units, units + 3), biases = new(bias);
        kernels.ActivationForward(y.Pointer, y.Pointer, y.Stride, rows, units, null, biases.Pointer, activation, mask, FirstRow);
        return y.Read();
    }

    static float[] Mask(Kernels kernels, float dropRate, ulong key, int rows, int units)
    {
        using Guarded y = new(Enumerable.Repeat(1f, rows * units).ToArray(), units, units),
            bias = new(new float[units]);
        kernels.ActivationForward(y.Pointer, y.Pointer, units, rows, units, null, bias.Pointer, Activation.Identity,
            DropoutMask.Of(dropRate, key), 0);
        return y.Read();
    }

    // One lane of the mask, said once more in plain integers.
    static bool Keeps(DropoutMask mask, int row, int unit, int units)
    {
        uint bits = (uint)((FirstRow + row) * units + unit) + mask.Key1;
        bits = (bits ^ (bits >> 16)) * 0x7FEB352D;
        bits = (bits ^ (bits >> 15)) + mask.Key2;
        bits *= 0x846CA68B;
        return (bits ^ (bits >> 16)) >= mask.Threshold;
    }

    // Sigmoid is the library's.
    static double OwnError(Activation activation, double f) => activation switch
    {
        Activation.Tanh => 6 * Math.Abs(f),
        Activation.Sigmoid => 4,
        _ => 0,
    };

    static double F(Activation activation, double z) => activation switch
    {
        Activation.Relu => Math.Max(z, 0),
        Activation.Tanh => Math.Tanh(z),
        Activation.Sigmoid => 1 / (1 + Math.Exp(-z)),
        _ => z,
    };

    static double Slope(Activation activation, double f) => activation switch
    {
        Activation.Relu => f > 0 ? 1 : 0,
        Activation.Tanh => 1 - f * f,
        Activation.Sigmoid => f * (1 - f),
        _ => 1,
    };
}
