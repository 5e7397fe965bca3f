namespace DeepFM.Research.Speed;

/// <summary>A figure that was measured several times.</summary>
/// <param name="Median">The middle one; of an even number, the mean of the two in the middle.</param>
/// <param name="Min">The lowest.</param>
/// <param name="Max">The highest.</param>
public sealed record Figure(double Median, double Min, double Max)
{
    /// <summary>The figure of these runs.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static Figure Of(IEnumerable<double> runs)
    {
        double[] sorted = [.. runs.Order()];
        if (sorted.Length == 0) { throw new ArgumentException("A figure needs at least one run."); }
        return new((sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, sorted[0], sorted[^1]);
    }
}
