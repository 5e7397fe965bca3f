using DeepFM.Metrics;
using static System.FormattableString;

namespace DeepFM.Doubts;

/// <summary>An AUC too good to be true, or below chance.</summary>
static class ExtremeAuc
{
    const double TooGood = 0.9999, Deviations = 4;

    public static string? Sentence(string part, EvaluationMetrics metrics)
    {
        if (metrics.Auc is not { } auc) { return null; }
        double positives = metrics.ClickRate * metrics.Rows, negatives = metrics.Rows - positives;
        double chance = FewOfAClass.ErrorOfAuc(positives, negatives);
        return Math.Min(positives, negatives) < FewOfAClass.Enough ? null
            : auc >= TooGood
                ? Invariant($"The AUC on {part} rows is {auc:0.00000}: a field may tell the label, or the rows are those of training. Leave out of the ")
                    + "schema what is known only after the click."
            : auc < 0.5 - Deviations * chance
                ? Invariant($"The AUC on {part} rows is {auc:0.0000}, below that of chance: labels may be turned round there, or the rows are of another ")
                    + "kind than those of training. Check \"positive\" and \"negative\" in the schema."
            : null;
    }
}
