namespace DeepFM.Research.Statistics;

/// <summary>Holm's step-down adjustment of p-values for several tests at once (Holm 1979).</summary>
public static class Holm
{
    /// <summary>
    /// Adjusted p-values in the order given: with p sorted, max over j ≤ i of (m − j + 1)·p_j, at most 1, so that rejecting
    /// those below α keeps the chance of any false rejection below α.
    /// </summary>
    /// <param name="p">m p-values, each in [0, 1].</param>
    public static double[] Adjust(IReadOnlyList<double> p)
    {
        double[] adjusted = new double[p.Count];
        double largest = 0;
        int rank = 0;
        foreach (int i in Enumerable.Range(0, p.Count).OrderBy(i => p[i]))
        {
            largest = Math.Max(largest, Math.Min(1, (p.Count - rank++) * p[i]));
            adjusted[i] = largest;
        }
        return adjusted;
    }
}
