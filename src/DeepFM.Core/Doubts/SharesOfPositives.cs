using DeepFM.Training;
using static System.FormattableString;

namespace DeepFM.Doubts;

/// <summary>Parts whose shares of positive rows differ so much that probabilities learned on one do not fit the other.</summary>
static class SharesOfPositives
{
    const double Factor = 2, Deviations = 5;

    public static IEnumerable<string> Find(RunReport report)
    {
        SplitReport train = report.Data.Train;
        foreach ((string part, SplitReport? rows) in new[] { ("validation", report.Data.Valid), ("test", report.Data.Test) })
        {
            if (rows is not { PositiveRate: > 0 and < 1 } || train.PositiveRate is 0 or 1) { continue; }
            double p = train.PositiveRate, q = rows.PositiveRate;
            double deviation = Math.Sqrt(p * (1 - p) / train.Rows + q * (1 - q) / rows.Rows);
            if (Math.Max(p / q, q / p) >= Factor && Math.Abs(p - q) > Deviations * deviation)
            {
                yield return Invariant($"{q:P1} of the {part} rows are positive, but {p:P1} of the training rows: probabilities learned on the one do ")
                    + $"not fit the other, and log loss and calibration there say little; AUC does not depend on it. Draw both alike.";
            }
        }
    }
}
