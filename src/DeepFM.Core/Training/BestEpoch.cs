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

    /// <summary>Takes an epoch's figures; returns whether they are the best so far.</summary>
    /// <exception cref="UserErrorException">The figure is not defined, because the rows have one class.</exception>
    public bool Add(int epoch, EvaluationMetrics valid)
    {
        double figure = monitor switch
        {
            Monitor.LogLoss => -valid.LogLoss,
            _ => valid.Auc ?? throw new UserErrorException(
                $"Early stopping watches AUC on validation rows, which is not defined: {valid.WhyUndefined} "
                + "Give other validation rows, or set monitor=logLoss."),
        };
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
