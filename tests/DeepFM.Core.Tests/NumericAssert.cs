using System.Numerics;

namespace DeepFM.Core.Tests;

/// <summary>Comparisons of numbers with a tolerance that the caller derives. NaN and infinity never pass.</summary>
static class NumericAssert
{
    /// <summary>|actual − expected| ≤ relative·|expected| + absolute, element by element.</summary>
    public static void Close<T>(ReadOnlySpan<double> expected, ReadOnlySpan<T> actual, double relative, double absolute,
        string what = "")
        where T : IFloatingPoint<T>
    {
        double[] tolerances = new double[expected.Length];
        for (int i = 0; i < tolerances.Length; i++) { tolerances[i] = relative * Math.Abs(expected[i]) + absolute; }
        Within(expected, actual, tolerances, what);
    }

    /// <summary>
    /// |actual − expected| ≤ 2⁻²⁴·error, where error is the rounding that float32 arithmetic collects to first order
    /// (see <see cref="Rounded"/>). It is a bound for one order of summation; another order stays well within it too.
    /// </summary>
    public static void WithinRounding(ReadOnlySpan<Rounded> expected, ReadOnlySpan<float> actual, string what = "")
    {
        double[] values = new double[expected.Length], tolerances = new double[expected.Length];
        for (int i = 0; i < expected.Length; i++)
        {
            values[i] = expected[i].Value;
            tolerances[i] = Rounded.Unit * expected[i].Error;
        }
        Within(values, actual, tolerances, what);
    }

    static void Within<T>(ReadOnlySpan<double> expected, ReadOnlySpan<T> actual, ReadOnlySpan<double> tolerances,
        string what)
        where T : IFloatingPoint<T>
    {
        Assert.True(expected.Length == actual.Length,
            $"{what}: {expected.Length} numbers expected, {actual.Length} found.");
        for (int i = 0; i < expected.Length; i++)
        {
            double found = double.CreateTruncating(actual[i]), difference = Math.Abs(found - expected[i]);
            // Written so that NaN fails, and infinity too, whose difference is NaN or infinite.
            if (!(difference <= tolerances[i]) || !double.IsFinite(found))
            {
                Assert.Fail($"{what}[{i}] is {found:R}, but {expected[i]:R} was expected; " +
                    $"they differ by {difference:G3}, {tolerances[i]:G3} is allowed.");
            }
        }
    }
}
