using DeepFM.Data;
using static System.FormattableString;

namespace DeepFM.Doubts;

/// <summary>A part with so few positive, or so few negative, rows that chance decides its figures.</summary>
static class FewOfAClass
{
    /// <summary>Fewer rows of a class than this are few.</summary>
    public const int Enough = 30;

    /// <summary>The sentence about a part; null where it has enough of both classes, or one class alone.</summary>
    public static string? Sentence(string part, long rows, long positives)
    {
        long negatives = rows - positives, fewer = Math.Min(positives, negatives);
        if (fewer is 0 or >= Enough) { return null; }
        string seen = Invariant($"Only {fewer:N0} of the {rows:N0} {part} rows {(fewer == 1 ? "is" : "are")} ")
            + $"{(positives <= negatives ? "positive" : "negative")}";
        double error = ErrorOfAuc(positives, negatives);
        return part == "training"
            ? $"{seen}: what a model learns from so few depends on chance, and so do its figures. Train on more rows, or compare "
                + "several --seeds."
            : Invariant($"{seen}: their AUC may be off by {2 * error:0.00} by chance alone. Give more {part} rows, or a larger share ")
                + "of --split.";
    }

    /// <summary>√((P + N + 1)/(12·P·N)), the standard error of the AUC of scores that say nothing.</summary>
    public static double ErrorOfAuc(double positives, double negatives) =>
        Math.Sqrt((positives + negatives + 1) / (12 * positives * negatives));
}
