namespace DeepFM.Metrics;

/// <summary>
/// The share of the labels' entropy that the model removes: 0 for the constant base rate, 1 for certainty.
/// </summary>
/// <remarks>
/// RIG = 1 − logLoss/H(p), H(p) = −p ln p − (1−p) ln(1−p), p the click rate of the same rows. Negative when the
/// constant p would do better. Unlike log loss it can be compared between data sets of different click rate.
/// </remarks>
public static class RelativeInformationGain
{
    /// <summary>RIG, at most 1; null at a click rate of 0 or 1, where the entropy is 0.</summary>
    /// <param name="logLoss">Mean log loss, nats.</param>
    /// <param name="clickRate">p, in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">The loss is negative or the rate outside [0, 1].</exception>
    public static double? Of(double logLoss, double clickRate)
    {
        Require.InRange(logLoss, 0, double.MaxValue, nameof(logLoss));
        Require.InRange(clickRate, 0, 1, nameof(clickRate));
        if (clickRate is 0 or 1) { return null; }
        double entropy = -clickRate * Math.Log(clickRate) - (1 - clickRate) * Math.Log(1 - clickRate);
        return 1 - logLoss / entropy;
    }
}
