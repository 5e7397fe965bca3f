using CsCheck;
using DeepFM.Metrics;
using DeepFM.Research.Statistics;

namespace DeepFM.Research.Tests.Statistics;

public class StatisticsTests
{
    /// <summary>Student's sleep data (1908): t = −4.0621 with 9 degrees of freedom, p = 0.002833.</summary>
    [Fact]
    public void PairedTTest_OfStudentsSleepData()
    {
        double[] first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0],
            second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
        PairedTTest test = PairedTTest.Of(first, second)!;
        Assert.Equal(9, test.Degrees);
        Assert.Equal(-1.58, test.MeanDifference, tolerance: 1e-12);
        Assert.Equal(-4.0621, test.T, tolerance: 5e-5);
        Assert.Equal(0.002833, test.P, tolerance: 5e-7);
        Assert.Equal(test.P, PairedTTest.Of(second, first)!.P, tolerance: 1e-15);
    }

    /// <summary>One degree of freedom is Cauchy's distribution, whose p-value is known in closed form.</summary>
    [Theory]
    [InlineData(0.1), InlineData(1), InlineData(50)]
    public void PairedTTest_OfTwoPairs_IsCauchys(double spread)
    {
        PairedTTest test = PairedTTest.Of([1 + spread, 1 - spread], [0, 0])!;
        Assert.Equal(1 / spread, test.T, tolerance: 1e-9);
        Assert.Equal(1 - 2 / Math.PI * Math.Atan(1 / spread), test.P, tolerance: 1e-9);
    }

    [Fact]
    public void PairedTTest_AtItsLimits()
    {
        Assert.Null(PairedTTest.Of([1.0], [0.5]));
        Assert.Equal((double.PositiveInfinity, 0), (PairedTTest.Of([2.0, 3], [1.0, 2])!.T, PairedTTest.Of([2.0, 3], [1.0, 2])!.P));
        Assert.Equal((0, 1), (PairedTTest.Of([1.0, 2], [1.0, 2])!.T, PairedTTest.Of([1.0, 2], [1.0, 2])!.P));
        Assert.Equal("There are 2 first values and 1 second ones; they must pair.",
            Assert.Throws<ArgumentException>(() => PairedTTest.Of([1.0, 2], [1.0])).Message);
    }

    [Fact]
    public void Holm_AdjustsStepByStep()
    {
        Assert.Equal([0.03, 0.06, 0.06], Holm.Adjust([0.01, 0.04, 0.03]).Select(p => Math.Round(p, 12)));
        Assert.Equal([1.0, 1.0], Holm.Adjust([0.9, 0.6]));
        Assert.Empty(Holm.Adjust([]));
    }

    [Fact]
    public void KendallTau_CountsPairs()
    {
        KendallTau swapped = KendallTau.Of([1, 2, 3, 4], [1, 3, 2, 4]);
        Assert.Equal((5, 1, 0), (swapped.Agreeing, swapped.Opposed, swapped.Tied));
        Assert.Equal(4.0 / 6, swapped.Tau!.Value, tolerance: 1e-12);
        Assert.Equal(5 / Math.Sqrt(30), KendallTau.Of([1, 1, 2, 3], [1, 2, 3, 4]).Tau!.Value, tolerance: 1e-12);
        Assert.Null(KendallTau.Of([1, 1], [1, 2]).Tau);
    }

    /// <summary>Rows that count several times are rows that are there several times.</summary>
    [Fact]
    public void ScoreRanking_IsTheAucOfTheRowsWrittenOut() =>
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[2, 60], Gen.Int[1, 20]).Sample((seed, n, distinct) =>
        {
            Random random = new(seed);
            float[] scores = [.. Enumerable.Range(0, n).Select(_ => random.Next(distinct) - distinct / 2f)];
            float[] labels = [.. Enumerable.Range(0, n).Select(_ => (float)random.Next(2))];
            byte[] counts = [.. Enumerable.Range(0, n).Select(_ => (byte)random.Next(4))];
            int[] rows = [.. Enumerable.Range(0, n).SelectMany(row => Enumerable.Repeat(row, counts[row]))];
            double? expected = rows.Length == 0 ? null : Auc.Of([.. rows.Select(row => scores[row])], [.. rows.Select(row => labels[row])]);
            Assert.Equal(expected, new ScoreRanking(scores, labels).Auc(counts));
        });

    [Fact]
    public void Bootstrap_IsTheSameForAnyThreads_AndZeroForEqualModels()
    {
        (float[] labels, float[] good, float[] poor) = Draw(400);
        ScoreRanking first = new(good, labels), second = new(poor, labels);
        AucInterval[] one = AucBootstrap.Differences(labels, [first], [[second], [first]], 200, seed: 1, threads: 1,
            TestContext.Current.CancellationToken);
        AucInterval[] four = AucBootstrap.Differences(labels, [first], [[second], [first]], 200, seed: 1, threads: 4,
            TestContext.Current.CancellationToken);
        Assert.Equal(one, four);
        Assert.Equal((0.0, 0.0, 0.0, false), (one[1].Difference, one[1].Low, one[1].High, one[1].ExcludesZero));
        Assert.NotEqual(one[0], AucBootstrap.Differences(labels, [first], [[second]], 200, seed: 2, threads: 4,
            TestContext.Current.CancellationToken)[0]);
    }

    /// <summary>Against resamples written out one by one with another generator and the exact AUC.</summary>
    [Fact]
    public void Bootstrap_AgreesWithOneWrittenOut()
    {
        (float[] labels, float[] good, float[] poor) = Draw(400);
        const int resamples = 20_000;
        AucInterval fast = AucBootstrap.Differences(labels, [new(good, labels)], [[new(poor, labels)]], resamples, seed: 5, threads: 2,
            TestContext.Current.CancellationToken)[0];

        int[][] classes = [[.. Rows(1)], [.. Rows(0)]];
        Random random = new(11);
        double[] drawn = [.. Enumerable.Range(0, resamples).Select(_ =>
        {
            int[] rows = [.. classes.SelectMany(rows => Enumerable.Range(0, rows.Length).Select(_ => rows[random.Next(rows.Length)]))];
            double Of(float[] scores) => Auc.Of([.. rows.Select(row => scores[row])], [.. rows.Select(row => labels[row])])!.Value;
            return Of(good) - Of(poor);
        }).Order()];

        Assert.Equal(Auc.Of(good, labels)!.Value - Auc.Of(poor, labels)!.Value, fast.Difference, tolerance: 1e-12);
        // An end point of 20,000 resamples has a standard error of √(0.025·0.975/20000)/density ≈ 0.01 of the interval's half width; the 5 %
        // points would lie 0.16 of it further in.
        double half = (drawn[(int)(0.975 * resamples)] - drawn[(int)(0.025 * resamples)]) / 2;
        Assert.Equal(drawn[(int)(0.025 * resamples)], fast.Low, tolerance: 0.08 * half);
        Assert.Equal(drawn[(int)(0.975 * resamples)], fast.High, tolerance: 0.08 * half);

        IEnumerable<int> Rows(float label) => Enumerable.Range(0, labels.Length).Where(row => labels[row] == label);
    }

    [Fact]
    public void Bootstrap_RefusesOneClass() => Assert.Equal("All labels are alike; AUC is not defined.",
        Assert.Throws<ArgumentException>(() =>
        AucBootstrap.Differences(new float[3], [], [], 1, 1, 1, TestContext.Current.CancellationToken)).Message);

    static (float[] Labels, float[] Good, float[] Poor) Draw(int n)
    {
        Random random = new(3);
        float[] labels = [.. Enumerable.Range(0, n).Select(_ => random.NextDouble() < 0.3 ? 1f : 0f)];
        float[] With(double noise) => [.. labels.Select(label => (float)(label + noise * (random.NextDouble() - 0.5)))];
        return (labels, With(3), With(4));
    }
}
