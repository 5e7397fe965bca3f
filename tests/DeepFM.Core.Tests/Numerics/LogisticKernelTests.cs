using DeepFM.Numerics;

namespace DeepFM.Core.Tests.Numerics;

public class LogisticKernelTests
{
    /// <summary>Every remainder of the vector loops, and the most that one call takes.</summary>
    public static TheoryData<int> Sizes => [.. Enumerable.Range(1, 33), LogisticKernel.MostSamples];

    [Theory, MemberData(nameof(Sizes))]
    public void Losses_AreThoseOfTheEquation_AndNothingIsWrittenBeyondTheSamples(int n)
    {
        const double guard = -12345;
        float[] logits = [.. Draw.Floats(n, seed: n).Select(z => 20 * z)], labels = Draw.Labels(n, seed: n);
        double[] probabilities = [.. Enumerable.Repeat(guard, n + 1)];

        double actual = LogisticKernel.Losses(logits, labels, probabilities);

        double expected = logits.Zip(labels, (z, y) => Loss(z, y)).Sum();
        NumericAssert.Close([expected], [actual], relative: (n + 8) * Math.Pow(2, -52), absolute: 0);     // n additions
        for (int i = 0; i < n; i++)
        {
            NumericAssert.Close([1 / (1 + Math.Exp(-(double)logits[i]))], [probabilities[i]], relative: Math.Pow(2, -49), absolute: 0);
        }
        Assert.Equal(guard, probabilities[n]);
    }

    // log(1 + e^∓z) by the series log(1 + t) = 2·artanh(t/(2 + t)), which loses nothing where t is small.
    static double Loss(double z, double y)
    {
        double signed = y == 1 ? -z : z;
        return Math.Max(signed, 0) + 2 * Math.Atanh(Math.Exp(-Math.Abs(z)) / (2 + Math.Exp(-Math.Abs(z))));
    }
}
