using DeepFM.Metrics;

namespace DeepFM.Training;

/// <summary>Watches a validation figure: which epoch was best, and how many have passed since.</summary>
sealed class BestEpoch(Monitor monitor)
{
    // As FuxiCTR, whose published runs the presets repeat: smaller steps than this are not progress.
    const double MinImprovement = 1e-6;

    double best = double.NegativeInfinity;

    /// <summary>The best epoch so far, from 1; 0 before the first.</summary>
    public int Epoch { get; private set; }

    /// <summary>Epochs since the best one.</summary>
    public int Stalled { get; private set; }

    /// <summary>Refuses rows on which the figure is not defined, before anything is trained.</summary>
    /// <param name="monitor">The figure.</param>
    /// <param name="labels">Of the validation rows.</param>
    /// <exception cref="UserErrorException">AUC is watched, and all labels are alike.</exception>
    public static void Require(Monitor monitor, ReadOnlySpan<float> labels)
    {
        if (monitor == Monitor.Auc && OneClass.Is(labels))
        {
            throw new UserErrorException(
                $"Early stopping watches AUC on validation rows. {OneClass.Of(labels.Length, labels[0], "these")}. "
                + "Give validation rows of both classes, or none: then the last epoch is kept.");
        }
    }

    /// <summary>Takes an epoch's figures; returns whether they are the best so far.</summary>
    public bool Add(int epoch, EvaluationMetrics valid)
    {
        double figure = monitor == Monitor.LogLoss ? -valid.LogLoss : valid.Auc!.Value;
        if (figure >= best + MinImprovement)
        {
            (best, Epoch, Stalled) = (figure, epoch, 0);
            return true;
        }
        Stalled++;
        return false;
    }

    /// <summary>The figure's name, for a sentence.</summary>
    public string Figure => monitor == Monitor.LogLoss ? "log loss" : "AUC";
}
