using DeepFM.Numerics;

namespace DeepFM.Metrics;

/// <summary>Log loss of a click, in nats per row, as <see cref="LogisticKernel"/> computes it for training too.</summary>
public static class LogLoss
{
    /// <summary>Mean loss in nats, computed and summed in double.</summary>
    /// <param name="logits">z, [n].</param>
    /// <param name="labels">y, [n], each 0 or 1.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a label is neither 0 nor 1.</exception>
    /// <exception cref="UserErrorException">
    /// There are no rows, or a logit is not finite; the message names its row.
    /// </exception>
    public static double Of(ReadOnlySpan<float> logits, ReadOnlySpan<float> labels)
    {
        MetricInput.CountClicks(logits, labels);
        MetricInput.RequireFinite(logits);
        Span<double> probabilities = stackalloc double[LogisticKernel.MostSamples];
        double total = 0;
        for (int row = 0; row < logits.Length; row += LogisticKernel.MostSamples)
        {
            int count = Math.Min(LogisticKernel.MostSamples, logits.Length - row);
            total += LogisticKernel.Losses(logits.Slice(row, count), labels.Slice(row, count), probabilities);
        }
        return total / logits.Length;
    }
}
