using DeepFM.Metrics;

namespace DeepFM.Doubts;

/// <summary>All that may be doubtful in a model's figures on rows.</summary>
public static class EvaluationDoubts
{
    /// <summary>A sentence a doubt; none where all is well.</summary>
    /// <param name="part">What the rows are called: "training", "validation" or "test".</param>
    /// <param name="metrics">The figures on them.</param>
    public static IEnumerable<string> Of(string part, EvaluationMetrics metrics)
    {
        long positives = (long)Math.Round(metrics.ClickRate * metrics.Rows);
        string? rows = PartOfOneClass.Sentence(part, metrics.Rows, positives) ?? FewOfAClass.Sentence(part, metrics.Rows, positives);
        return new[] { rows }.OfType<string>().Concat(OfFigures(part, metrics));
    }

    /// <summary>Of the figures alone, where the rows themselves were looked at before.</summary>
    internal static IEnumerable<string> OfFigures(string part, EvaluationMetrics metrics) =>
        new[] { WorseThanBaseRate.Sentence(part, metrics), ExtremeAuc.Sentence(part, metrics) }.OfType<string>();
}
