using static System.FormattableString;

namespace DeepFM.Metrics;

/// <summary>How well a model's logits fit a split's labels.</summary>
/// <remarks>
/// Figures over all rows of the split at once, never averages over batches. A figure that is not defined for the split
/// is null, never NaN, and <see cref="WhyUndefined"/> then says why.
/// </remarks>
public sealed record EvaluationMetrics
{
    /// <summary>Rows of the split.</summary>
    public required int Rows { get; init; }

    /// <summary>Share of rows that are clicks, in [0, 1].</summary>
    public required double ClickRate { get; init; }

    /// <summary>Mean log loss, nats per row; see <see cref="Metrics.LogLoss"/>.</summary>
    public required double LogLoss { get; init; }

    /// <summary>
    /// Area under the ROC curve, ties one half; see <see cref="Metrics.Auc"/>. Null for a split of one class.
    /// </summary>
    public required double? Auc { get; init; }

    /// <summary>
    /// Mean prediction over click rate; see <see cref="Metrics.Calibration"/>. Null for a split without clicks.
    /// </summary>
    public required double? Calibration { get; init; }

    /// <summary>
    /// 1 − log loss over entropy; see <see cref="Metrics.RelativeInformationGain"/>. Null for a split of one class.
    /// </summary>
    public required double? RelativeInformationGain { get; init; }

    /// <summary>AUC within groups of rows; null when no groups were given.</summary>
    public GroupedAuc? GroupedAuc { get; init; }

    /// <summary>Why figures are null, as a sentence for the user; null when none is.</summary>
    public string? WhyUndefined { get; init; }

    /// <summary>Computes all figures.</summary>
    /// <param name="logits">z, [n].</param>
    /// <param name="labels">y, [n], each 0 or 1.</param>
    /// <param name="groupIds">[n], each 0 or more; or empty for no grouped AUC.</param>
    /// <exception cref="ArgumentException">
    /// The lengths differ, a label is neither 0 nor 1, or a group id is negative.
    /// </exception>
    /// <exception cref="UserErrorException">
    /// There are no rows, or a logit is not finite; the message names its row.
    /// </exception>
    public static EvaluationMetrics Of(ReadOnlySpan<float> logits, ReadOnlySpan<float> labels,
        ReadOnlySpan<int> groupIds = default)
    {
        int n = logits.Length, clicks = MetricInput.CountClicks(logits, labels);
        double logLoss = Metrics.LogLoss.Of(logits, labels), clickRate = (double)clicks / n;
        GroupedAuc? grouped = groupIds.IsEmpty ? null : Metrics.GroupedAuc.Of(logits, labels, groupIds);
        return new()
        {
            Rows = n,
            ClickRate = clickRate,
            LogLoss = logLoss,
            Auc = Metrics.Auc.Of(logits, labels),
            Calibration = Metrics.Calibration.Of(logits, labels),
            RelativeInformationGain = Metrics.RelativeInformationGain.Of(logLoss, clickRate),
            GroupedAuc = grouped,
            WhyUndefined = clicks == 0 || clicks == n
                ? $"{OneClass.Of(n, clicks == 0 ? 0 : 1)}; " +
                    "AUC and relative information gain need rows of both classes" +
                    (clicks == 0 ? ", and calibration needs a click." : ".")
                : grouped is { Groups: 0 }
                    ? (grouped.LeftOutGroups == 1 ? "The only group" : Invariant($"Each of the {grouped.LeftOutGroups:N0} groups"))
                        + " has labels of one class; grouped AUC needs a group with both."
                    : null,
        };
    }
}
