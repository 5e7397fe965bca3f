namespace DeepFM.Metrics;

/// <summary>Log loss of a click, in nats per row, taken from the logit so that it never overflows.</summary>
/// <remarks>
/// loss(z, y) = log(1 + e^z) − y·z, with z the logit and y ∈ {0, 1}. Identical to −[y ln σ(z) + (1−y) ln(1−σ(z))], but
/// finite for every finite z and never taken from a rounded probability.
/// </remarks>
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
        double total = 0;
        for (int row = 0; row < logits.Length; row++) { total += OfRow(logits[row], labels[row] == 1); }
        return total / logits.Length;
    }

    // log(1 + e^−z) of a click and log(1 + e^z) of a non-click, both as max(x, 0) + log(1 + e^−|x|).
    static double OfRow(double logit, bool click)
    {
        double t = Math.Exp(-Math.Abs(logit)), u = 1 + t;
        // log(1 + t) to full precision (Kahan): the second factor undoes the rounding of 1 + t.
        double log = u == 1 ? t : Math.Log(u) * (t / (u - 1));
        return Math.Max(click ? -logit : logit, 0) + log;
    }
}
