using System.Numerics.Tensors;

namespace DeepFM.Metrics;

/// <summary>The checks and the score order that the metrics share.</summary>
static class MetricInput
{
    /// <summary>Checks scores and labels, and counts the clicks.</summary>
    /// <exception cref="ArgumentException">The lengths differ, or a label is neither 0 nor 1.</exception>
    /// <exception cref="UserErrorException">There are no rows, or a score is not a number.</exception>
    public static int CountClicks(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels)
    {
        Require.Shape(labels.Length, [scores.Length]);
        if (scores.IsEmpty) { throw new UserErrorException("There are no rows to evaluate."); }

        int clicks = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            if (labels[row] is not (0 or 1))
            {
                throw new ArgumentException(
                    $"Row {row} (counted from 0) has the label {labels[row]}; it must be 0 or 1.");
            }
            if (float.IsNaN(scores[row])) { throw NotFinite(row, scores[row]); }
            clicks += (int)labels[row];
        }
        return clicks;
    }

    /// <summary>Refuses infinite logits, whose loss is infinite too.</summary>
    /// <param name="logits">Of rows in a sequence.</param>
    /// <param name="firstRow">The number of the first one, for the message.</param>
    /// <exception cref="UserErrorException">A logit is infinite or not a number.</exception>
    public static void RequireFinite(ReadOnlySpan<float> logits, long firstRow = 0)
    {
        if (TensorPrimitives.IsFiniteAll(logits)) { return; }
        int row = 0;
        while (float.IsFinite(logits[row])) { row++; }
        throw NotFinite(firstRow + row, logits[row]);
    }

    /// <summary>
    /// A number that orders as the score does; −0 and +0 give the same, which is not that of another score.
    /// </summary>
    public static uint OrderKey(float score)
    {
        uint bits = BitConverter.SingleToUInt32Bits(score + 0f);            // −0 + 0 is +0
        return bits ^ ((uint)((int)bits >> 31) | 0x8000_0000);             // negative: all bits turned; else the sign's
    }

    static UserErrorException NotFinite(long row, float score) => new(
        $"The model's output for row {row} (counted from 0, over all files) is {score}. A number in that row is far larger than those "
        + "of training, the training has diverged, or the weights are damaged. Look at the row, or train with a lower learning rate.");
}
