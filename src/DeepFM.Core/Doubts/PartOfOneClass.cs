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
    public static void Refuse(ReadOnlySpan<float> training)
    {
        if (!OneClass.Is(training)) { return; }
        throw new UserErrorException($"{OneClass.Of(training.Length, training[0], "the training rows")}, so there is nothing "
            + "to learn. Check the schema's label, or give rows of both classes (a split by time takes the oldest rows for training).");
    }

    /// <summary>Of parts that are only evaluated.</summary>
    public static IEnumerable<string> Find(DataSplits data)
    {
        foreach ((string part, EncodedData rows) in DataDoubts.Parts(data))
        {
            if (part != "training" && OneClass.Is(rows.Labels)) { yield return Sentence(part, rows.RowCount, rows.Labels[0] == 1); }
        }
    }

    /// <summary>About a part without rows of the other class.</summary>
    public static string Sentence(string part, int rows, bool arePositive) =>
        Invariant($"All {rows:N0} {part} rows are {(arePositive ? "positive" : "negative")}: AUC is not defined on them, and log loss is best ")
            + $"for a model that always says {(arePositive ? "1" : "0")}. Give {part} rows of both classes.";

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
