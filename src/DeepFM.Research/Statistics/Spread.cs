namespace DeepFM.Research.Statistics;

/// <summary>A mean over runs with its sample standard deviation.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Deviation">√(Σ (x − mean)²/(n − 1)); null for a single run.</param>
public sealed record Spread(double Mean, double? Deviation)
{
    /// <summary>Of these values, at least one.</summary>
    public static Spread Of(IReadOnlyList<double> values)
    {
        double mean = values.Average();
        return new(mean, values.Count < 2
            ? null
            : Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1)));
    }
}
