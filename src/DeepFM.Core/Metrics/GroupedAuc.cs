using DeepFM.Numerics;

namespace DeepFM.Metrics;

/// <summary>AUC inside groups of rows (a user's, say), averaged over the groups by two definitions.</summary>
/// <remarks>A group whose labels are all alike has no AUC; it is left out of both averages, and counted.</remarks>
/// <param name="ImpressionWeighted">
/// Σ_g n_g·AUC_g / Σ_g n_g, with n_g the group's rows — Zhu et al. 2017; the GAUC of the DIN paper (Zhou et al. 2018).
/// Null when no group has both classes.
/// </param>
/// <param name="PlainMean">Σ_g AUC_g / G: every group counts alike. Null when no group has both classes.</param>
/// <param name="Groups">G, the groups with both classes.</param>
/// <param name="LeftOutGroups">Groups of one class.</param>
/// <param name="LeftOutRows">Their rows.</param>
public sealed record GroupedAuc(double? ImpressionWeighted, double? PlainMean, int Groups, int LeftOutGroups,
    int LeftOutRows)
{
    /// <summary>Computes both averages. O(n) time; 16 bytes a row of memory besides the input.</summary>
    /// <param name="scores">Logits or probabilities, [n].</param>
    /// <param name="labels">[n], each 0 or 1.</param>
    /// <param name="groupIds">[n], each 0 or more; equal ids are one group, wherever they stand.</param>
    /// <exception cref="ArgumentException">
    /// The lengths differ, a label is neither 0 nor 1, or a group id is negative.
    /// </exception>
    /// <exception cref="UserErrorException">
    /// There are no rows, or a score is not a number; the message names its row.
    /// </exception>
    public static GroupedAuc Of(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels, ReadOnlySpan<int> groupIds)
    {
        int n = scores.Length;
        Require.Shape(groupIds.Length, [n]);
        MetricInput.CountClicks(scores, labels);

        ulong[] keys = GC.AllocateUninitializedArray<ulong>(n);
        for (int row = 0; row < n; row++)
        {
            if (groupIds[row] < 0)
            {
                throw new ArgumentException(
                    $"Row {row} (counted from 0) has the group id {groupIds[row]}; it must be 0 or more.");
            }
            // From the top: 31 bits of group, 32 of score, 1 of label.
            ulong group = (ulong)groupIds[row], score = MetricInput.OrderKey(scores[row]), label = (ulong)labels[row];
            keys[row] = (group << 33) | (score << 1) | label;
        }
        ReadOnlySpan<ulong> sorted = RadixSort.Sort(keys, GC.AllocateUninitializedArray<ulong>(n));

        double weighted = 0, plain = 0;
        int groups = 0, leftOutGroups = 0, leftOutRows = 0;
        for (int start = 0, end; start < n; start = end)
        {
            ulong group = sorted[start] >> 33;
            for (end = start + 1; end < n && sorted[end] >> 33 == group; end++) { }
            if (OfSorted(sorted[start..end]) is double auc)
            {
                weighted += auc * (end - start);
                plain += auc;
                groups++;
            }
            else
            {
                leftOutGroups++;
                leftOutRows += end - start;
            }
        }
        return groups == 0
            ? new(null, null, 0, leftOutGroups, leftOutRows)
            : new(weighted / (n - leftOutRows), plain / groups, groups, leftOutGroups, leftOutRows);
    }

    // One group's keys in order: for each score, the negatives and then the positives that have it.
    static double? OfSorted(ReadOnlySpan<ulong> keys)
    {
        long twice = 0, negatives = 0;
        for (int at = 0; at < keys.Length;)
        {
            ulong score = keys[at] >> 1;
            long below = negatives;
            for (; at < keys.Length && keys[at] == score << 1; at++) { negatives++; }
            for (; at < keys.Length && keys[at] >> 1 == score; at++) { twice += below + negatives; }
        }
        long positives = keys.Length - negatives;
        return positives == 0 || negatives == 0 ? null : twice / (2.0 * positives * negatives);
    }
}
