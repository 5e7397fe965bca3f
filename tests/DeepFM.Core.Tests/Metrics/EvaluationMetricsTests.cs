using System.Text.Json;
using DeepFM.Metrics;

namespace DeepFM.Core.Tests;

public class EvaluationMetricsTests
{
    [Fact]
    public void Of_HoldsWhatEachMetricGives()
    {
        float[] logits = Draw.Floats(211, seed: 1, scale: 4), labels = Draw.Labels(211, seed: 2);
        int[] groups = Draw.Ints(211, 13, seed: 3);

        EvaluationMetrics metrics = EvaluationMetrics.Of(logits, labels, groups);

        Assert.Equal(211, metrics.Rows);
        double rate = labels.Sum() / 211.0;
        Assert.Equal(rate, metrics.ClickRate, tolerance: 1e-15);
        double logLoss = logits.Zip(labels, (z, y) => -Math.Log(Sigma(y == 1 ? z : -z))).Average();
        Assert.Equal(logLoss, metrics.LogLoss, tolerance: 1e-12);
        Assert.Equal(AucByPairs(Enumerable.Range(0, 211))!.Value, metrics.Auc!.Value, tolerance: 1e-14);
        Assert.Equal(logits.Average(Sigma) / rate, metrics.Calibration!.Value, tolerance: 1e-13);
        double entropy = -rate * Math.Log(rate) - (1 - rate) * Math.Log(1 - rate);
        Assert.Equal(1 - logLoss / entropy, metrics.RelativeInformationGain!.Value, tolerance: 1e-12);
        var byGroup = Enumerable.Range(0, 211).GroupBy(row => groups[row]).Select(rows => (Count: rows.Count(), Auc: AucByPairs(rows)))
            .Where(group => group.Auc.HasValue).ToArray();
        Assert.Equal((byGroup.Length, 13 - byGroup.Length), (metrics.GroupedAuc!.Groups, metrics.GroupedAuc.LeftOutGroups));
        Assert.Equal(byGroup.Average(group => group.Auc!.Value), metrics.GroupedAuc.PlainMean!.Value, tolerance: 1e-14);
        Assert.Equal(byGroup.Sum(group => group.Count * group.Auc!.Value) / byGroup.Sum(group => group.Count),
            metrics.GroupedAuc.ImpressionWeighted!.Value, tolerance: 1e-14);
        Assert.Null(metrics.WhyUndefined);

        static double Sigma(float z) => 1 / (1 + Math.Exp(-(double)z));

        // The share of pairs of a click and none whose click has the higher score.
        double? AucByPairs(IEnumerable<int> rows)
        {
            double[] pairs = [.. from click in rows where labels[click] == 1 from none in rows where labels[none] == 0
                select logits[click] > logits[none] ? 1 : logits[click] == logits[none] ? 0.5 : 0];
            return pairs.Length == 0 ? null : pairs.Average();
        }
    }

    [Fact]
    public void Of_TheBaseRateAsPrediction_IsCalibratedAndGainsNothing()
    {
        float[] labels = [1, 0, 0, 0, 1, 0, 0, 0], logits = new float[8];
        Array.Fill(logits, (float)Math.Log(0.25 / 0.75));

        EvaluationMetrics metrics = EvaluationMetrics.Of(logits, labels);

        Assert.Equal(0.5, metrics.Auc);
        Assert.Equal(1, metrics.Calibration!.Value, tolerance: 1e-7);
        Assert.Equal(0, metrics.RelativeInformationGain!.Value, tolerance: 1e-7);
        Assert.Null(metrics.GroupedAuc);
    }

    [Fact]
    public void Of_NoClicks_HasNullsAndSaysWhy()
    {
        EvaluationMetrics metrics = EvaluationMetrics.Of([1f, -1f, 0.5f], [0f, 0f, 0f]);
        Assert.Null(metrics.Auc);
        Assert.Null(metrics.Calibration);
        Assert.Null(metrics.RelativeInformationGain);
        Assert.Equal("All 3 labels are 0; AUC and relative information gain need rows of both classes, " +
            "and calibration needs a click.", metrics.WhyUndefined);
        Assert.DoesNotContain("NaN", JsonSerializer.Serialize(metrics), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_OnlyClicks_StillHasACalibration()
    {
        EvaluationMetrics metrics = EvaluationMetrics.Of([0f, 0f], [1f, 1f]);
        Assert.Equal(0.5, metrics.Calibration);
        Assert.Null(metrics.Auc);
        Assert.Equal("All 2 labels are 1; AUC and relative information gain need rows of both classes.",
            metrics.WhyUndefined);
    }

    [Fact]
    public void Of_GroupsOfOneClassEach_SayWhy()
    {
        EvaluationMetrics metrics = EvaluationMetrics.Of([0f, 1f], [1f, 0f], [4, 5]);
        Assert.Equal(0, metrics.Auc);
        Assert.Null(metrics.GroupedAuc!.PlainMean);
        Assert.Equal("Each of the 2 groups has labels of one class; grouped AUC needs a group with both.",
            metrics.WhyUndefined);
    }

    // The mean of batches' AUCs is not the AUC of their rows: here 1 and 1, but ¾ together.
    [Fact]
    public void Of_IsNotAnAverageOverBatches() =>
        Assert.Equal(0.75, EvaluationMetrics.Of([2f, 1f, 4f, 3f], [1f, 0f, 1f, 0f]).Auc);
}
