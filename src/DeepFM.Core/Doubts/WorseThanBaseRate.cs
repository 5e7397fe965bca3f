using DeepFM.Metrics;
using static System.FormattableString;

namespace DeepFM.Doubts;

/// <summary>A log loss above that of the share of positives alone.</summary>
static class WorseThanBaseRate
{
    public static string? Sentence(string part, EvaluationMetrics metrics)
    {
        double p = metrics.ClickRate, baseLoss = -(p * Math.Log(p) + (1 - p) * Math.Log(1 - p));
        return p is 0 or 1 || metrics.LogLoss <= baseLoss ? null
            : Invariant($"The log loss on {part} rows, {metrics.LogLoss:0.####}, is above that of saying {p:P1} for every row, {baseLoss:0.####}: as ")
                + "probabilities the predictions are worse than none. Standardize large numbers in the schema, lower learningRate, or train on "
                + "more rows.";
    }
}
