using DeepFM.Metrics;

namespace DeepFM.Doubts;

/// <summary>All that may be doubtful in a model's figures on rows.</summary>
public static class EvaluationDoubts
{
    /// <summary>A sentence a doubt; none where all is well.</summary>
    /// <param name="part">What the rows are called: "training", "validation" or "test".</param>
    /// <param name="metrics">The figures on them.</param>
    public static IEnumerable<string> Of(string part, EvaluationMetrics metrics) =>
        new[] { FewOfAClass.Sentence(part, metrics.Rows, (int)Math.Round(metrics.ClickRate * metrics.Rows)) }.OfType<string>();
}
