namespace DeepFM.Metrics;

/// <summary>Mean prediction over click rate: 1 when the model predicts as many clicks as there are.</summary>
public static class Calibration
{
    /// <summary>Mean of σ(z) / mean of y; null when there is no click.</summary>
    /// <param name="logits">z, [n].</param>
    /// <param name="labels">y, [n], each 0 or 1.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a label is neither 0 nor 1.</exception>
    /// <exception cref="UserErrorException">
    /// There are no rows, or a logit is not a number; the message names its row.
    /// </exception>
    public static double? Of(ReadOnlySpan<float> logits, ReadOnlySpan<float> labels)
    {
        int clicks = MetricInput.CountClicks(logits, labels);
        if (clicks == 0) { return null; }
        double total = 0;
        foreach (float z in logits)
        {
            double t = Math.Exp(-Math.Abs((double)z));      // in [0, 1], so that no e^z overflows
            total += (z >= 0 ? 1 : t) / (1 + t);
        }
        return total / clicks;
    }
}
