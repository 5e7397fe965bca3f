using DeepFM.Data;
using DeepFM.Metrics;
using DeepFM.Training;
using static System.FormattableString;

namespace DeepFM.Doubts;

/// <summary>A part whose labels are all alike: no model learns from it, and figures that need both classes are not there.</summary>
static class PartOfOneClass
{
    /// <summary>Refuses training rows of one class, before anything is trained.</summary>
    /// <exception cref="UserErrorException">All labels are alike.</exception>
    public static void Refuse(EncodedData training)
    {
        if (OfTraining(training.RowCount, training.PositiveCount) is { } sentence) { throw new UserErrorException(sentence); }
    }

    /// <summary>About training rows of one class; null when they have both.</summary>
    public static string? OfTraining(long rows, long positives) => positives > 0 && positives < rows ? null
        : $"{OneClass.Of(rows, positives > 0 ? 1 : 0, "the training rows")}, so there is nothing to learn. Check the schema's label, or give rows of "
            + "both classes (a split by time takes the oldest rows for training).";

    /// <summary>About a part that is only evaluated; null when it has both classes.</summary>
    public static string? Sentence(string part, long rows, long positives) => positives > 0 && positives < rows ? null
        : Invariant($"All {rows:N0} {part} rows are {(positives > 0 ? "positive" : "negative")}: AUC is not defined on them, and log loss is best ")
            + $"for a model that always says {(positives > 0 ? "1" : "0")}. Give {part} rows of both classes.";

    /// <summary>About log loss that is watched on rows without a positive, or without a negative.</summary>
    public static IEnumerable<string> Find(RunReport report)
    {
        if (report.Settings.Training.Monitor == Training.Monitor.LogLoss && report.Valid is { ClickRate: 0 or 1 } valid)
        {
            yield return $"monitor=logLoss chose the epoch on validation rows that are all {(valid.ClickRate == 1 ? "positive" : "negative")}: it kept "
                + $"the one that predicts {(valid.ClickRate == 1 ? "highest" : "lowest")}, not the best. Give validation rows of both classes, or none "
                + "and set epochs.";
        }
    }
}
