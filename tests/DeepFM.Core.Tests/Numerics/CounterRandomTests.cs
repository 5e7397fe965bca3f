using DeepFM.Numerics;

namespace DeepFM.Core.Tests;

public class CounterRandomTests
{
    const int Count = 1_000_000;

    [Theory, InlineData(1ul), InlineData(2ul), InlineData(ulong.MaxValue)]
    public void Uniform_HasMeanAndVarianceOfUniformNumbers(ulong seed)
    {
        ulong key = CounterRandom.Key(seed, 3);
        double sum = 0, squares = 0, products = 0, before = 0;
        for (int i = 0; i < Count; i++)
        {
            double u = CounterRandom.Uniform(key, (ulong)i);
            Assert.True(u is >= 0 and < 1);
            sum += u - 0.5;
            squares += (u - 0.5) * (u - 0.5);
            products += (u - 0.5) * before;
            before = u - 0.5;
        }
        // Var u = 1/12, Var (u − ½)² = 1/180, Var of a product of two = 1/144; five deviations.
        Assert.InRange(sum / Count, -5 * Math.Sqrt(1.0 / 12 / Count), 5 * Math.Sqrt(1.0 / 12 / Count));
        Assert.InRange(squares / Count - 1.0 / 12, -5 * Math.Sqrt(1.0 / 180 / Count), 5 * Math.Sqrt(1.0 / 180 / Count));
        Assert.InRange(products / Count, -5 * Math.Sqrt(1.0 / 144 / Count), 5 * Math.Sqrt(1.0 / 144 / Count));
    }

    [Theory, InlineData(1ul), InlineData(2ul), InlineData(ulong.MaxValue)]
    public void Normal_HasTheMomentsOfTheNormalDistribution(ulong seed)
    {
        ulong key = CounterRandom.Key(seed, 4);
        double[] moments = new double[5];
        for (int i = 0; i < Count; i++)
        {
            double x = CounterRandom.Normal(key, (ulong)i), power = 1;
            Assert.True(double.IsFinite(x));
            for (int k = 1; k <= 4; k++) { moments[k] += (power *= x) / Count; }
        }
        // E x, x², x³, x⁴ = 0, 1, 0, 3, and the variances of x^k are 1, 2, 15, 96; five deviations.
        double[] expected = [0, 0, 1, 0, 3], variances = [0, 1, 2, 15, 96];
        for (int k = 1; k <= 4; k++)
        {
            double allowed = 5 * Math.Sqrt(variances[k] / Count);
            Assert.InRange(moments[k] - expected[k], -allowed, allowed);
        }
    }

    // The published sequence of SplitMix64 from seed 0, and numbers drawn from it: another constant is another kit's numbers.
    [Fact]
    public void Bits_AreThoseOfSplitMix64()
    {
        Assert.Equal([0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F, 0xF88BB8A8724C81EC, 0x1B39896A51A8749B],
            Enumerable.Range(0, 5).Select(i => CounterRandom.Bits(0, (ulong)i)));
        Assert.Equal(0xE220A8397B1DCDAF, CounterRandom.Key(0));
        Assert.Equal(0xE220A8 / (float)(1 << 24), CounterRandom.Uniform(0, 0));
        Assert.Equal((int)(0x6E789E6AA1B965F4 / Math.Pow(2, 64) * 1000), CounterRandom.Below(0, 1, 1000));
    }

    [Fact]
    public void Below_StaysInside_AndMeetsEveryNumberAlike()
    {
        ulong key = CounterRandom.Key(5);
        foreach (int count in new[] { 1, 2, 3, 7, 1000, int.MaxValue })
        {
            for (int i = 0; i < 1000; i++) { Assert.InRange(CounterRandom.Below(key, (ulong)i, count), 0, count - 1); }
        }
        int[] met = new int[7];
        for (int i = 0; i < 70_000; i++) { met[CounterRandom.Below(key, (ulong)i, 7)]++; }
        double deviation = Math.Sqrt(70_000 * (1.0 / 7) * (6.0 / 7));
        Assert.All(met, times => Assert.InRange(times, 10_000 - 5 * deviation, 10_000 + 5 * deviation));
    }

    [Fact]
    public void Key_DependsOnEveryPart_AndOnTheirOrder()
    {
        ulong[] keys =
        [
            CounterRandom.Key(0), CounterRandom.Key(1), CounterRandom.Key(0, 0), CounterRandom.Key(0, 1),
            CounterRandom.Key(1, 0),
            CounterRandom.Key(1, 2, 3), CounterRandom.Key(1, 3, 2), CounterRandom.Key(2, 1, 3), CounterRandom.Key(1, 2),
            CounterRandom.Key(1, 2, 3, 0),
        ];
        Assert.Equal(keys.Length, keys.Distinct().Count());
        // Numbers of neighbouring keys share no bits but by chance: 32 of 64 ± 5 deviations of the mean over 1000.
        ulong one = CounterRandom.Key(9, 1), other = CounterRandom.Key(9, 2);
        double differing = Enumerable.Range(0, 1000).Average(i =>
            (double)ulong.PopCount(CounterRandom.Bits(one, (ulong)i) ^ CounterRandom.Bits(other, (ulong)i)));
        Assert.InRange(differing, 32 - 5 * 4 / Math.Sqrt(1000), 32 + 5 * 4 / Math.Sqrt(1000));
    }
}
