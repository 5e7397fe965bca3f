using DeepFM.Numerics;

namespace DeepFM.Metrics;

/// <summary>
/// Area under the ROC curve: the probability that a click's score is above a non-click's, ties one half.
/// </summary>
/// <remarks>
/// AUC = Σ_p Σ_n ( [s_p &gt; s_n] + ½[s_p = s_n] ) / (P·N), exact: pairs are counted in integers, without thresholds or
/// buckets, and divided once. O(n) time by radix sort; 8 bytes a row of memory besides the input.
/// </remarks>
public static class Auc
{
    /// <summary>The AUC, in [0, 1]; null when all labels are alike, because no pair can be formed.</summary>
    /// <param name="scores">
    /// Logits or probabilities, [n]; only their order counts. −0 equals +0, infinities are allowed.
    /// </param>
    /// <param name="labels">[n], each 0 or 1.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a label is neither 0 nor 1.</exception>
    /// <exception cref="UserErrorException">
    /// There are no rows, or a score is not a number; the message names its row.
    /// </exception>
    public static double? Of(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels)
    {
        int n = scores.Length, clicks = MetricInput.CountClicks(scores, labels);
        if (clicks == 0 || clicks == n) { return null; }

        uint[] keys = GC.AllocateUninitializedArray<uint>(n), scratch = GC.AllocateUninitializedArray<uint>(n);
        int click = 0, other = clicks;                      // clicks in front, the others behind
        for (int row = 0; row < n; row++)
        {
            keys[labels[row] == 1 ? click++ : other++] = MetricInput.OrderKey(scores[row]);
        }
        ReadOnlySpan<uint> positives = RadixSort.Sort(keys.AsSpan(0, clicks), scratch.AsSpan(0, clicks));
        ReadOnlySpan<uint> negatives = RadixSort.Sort(keys.AsSpan(clicks), scratch.AsSpan(clicks));
        return TwicePairsWon(positives, negatives) / (2.0 * clicks * (n - clicks));
    }

    // Twice, so that a tie counts 1 and the total, at most 2·(2³⁰)², stays a whole number.
    static long TwicePairsWon(ReadOnlySpan<uint> positives, ReadOnlySpan<uint> negatives)
    {
        long twice = 0;
        int below = 0;                                      // negatives with a lower score
        for (int p = 0; p < positives.Length;)
        {
            uint score = positives[p];
            while (below < negatives.Length && negatives[below] < score) { below++; }
            int notAbove = below;
            while (notAbove < negatives.Length && negatives[notAbove] == score) { notAbove++; }
            for (; p < positives.Length && positives[p] == score; p++) { twice += below + notAbove; }
            below = notAbove;
        }
        return twice;
    }
}
