using MathNet.Numerics.Distributions;

namespace DeepFM.Research.Statistics;

/// <summary>Student's paired t-test, two-sided: is the mean of the differences 0?</summary>
/// <param name="MeanDifference">Mean of first − second.</param>
/// <param name="T">t = mean/(s/√n), s the sample standard deviation; infinite when all differences are alike and not 0.</param>
/// <param name="Degrees">n − 1 degrees of freedom.</param>
/// <param name="P">The probability of a |t| at least as large when the mean is 0; in [0, 1].</param>
public sealed record PairedTTest(double MeanDifference, double T, int Degrees, double P)
{
    /// <summary>Tests pairs, such as two models' AUC with the same seeds.</summary>
    /// <param name="first">[n].</param>
    /// <param name="second">[n], in the same order.</param>
    /// <returns>Null with fewer than two pairs, from which nothing can be said.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static PairedTTest? Of(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        if (first.Count != second.Count)
        {
            throw new ArgumentException($"There are {first.Count} first values and {second.Count} second ones; they must pair.");
        }
        int n = first.Count;
        if (n < 2) { return null; }
        double[] differences = [.. first.Zip(second, (a, b) => a - b)];
        double mean = differences.Average();
        double variance = differences.Sum(d => (d - mean) * (d - mean)) / (n - 1);
        if (variance == 0)                                  // the limit: certain, or nothing to see
        {
            return new(mean, mean == 0 ? 0 : Math.Sign(mean) * double.PositiveInfinity, n - 1, mean == 0 ? 1 : 0);
        }
        double t = mean / Math.Sqrt(variance / n);
        double p = 2 * StudentT.CDF(location: 0, scale: 1, freedom: n - 1, -Math.Abs(t));
        return new(mean, t, n - 1, Math.Min(1, p));
    }
}
