using DeepFM.Metrics;
using DeepFM.Training;
using static System.FormattableString;

namespace DeepFM.Doubts;

/// <summary>A training that ended because its epochs were used up, while the validation figure still got better.</summary>
static class LastEpochBest
{
    // Less than this in an epoch is not worth another one.
    const double Gain = 0.0005;

    public static IEnumerable<string> Find(RunReport report)
    {
        TrainingOptions training = report.Settings.Training, pretraining = report.Settings.Pretraining ?? training;
        if (report.Pretraining is { } first && Sentence(first, pretraining, training.PretrainEpochs) is { } firstEnded)
        {
            yield return $"Pre-training {firstEnded} Set pretrainEpochs={2 * first.Epochs.Count}.";
        }
        if (Sentence(report.Training, training, training.Epochs) is { } ended)
        {
            yield return $"Training {ended} Set epochs={2 * report.Training.Epochs.Count}.";
        }
    }

    static string? Sentence(TrainingHistory history, TrainingOptions options, int most)
    {
        // Without patience the number of epochs is what was asked for.
        if (options.Patience == 0 || history.Epochs.Count < most || history.Epochs is not [_, .., { Valid: { } last }])
        {
            return null;
        }
        bool isLogLoss = options.Monitor == Training.Monitor.LogLoss;
        double best = history.Epochs.SkipLast(1).Max(epoch => Figure(epoch.Valid)), now = Figure(last);
        return !(now - best >= Gain) ? null
            : Invariant($"ended after all {most} epochs, and the last one still bettered the validation ")
                + Invariant($"{(isLogLoss ? "log loss" : "AUC")} from {Math.Abs(best):0.0000} to {Math.Abs(now):0.0000}: more may better it further.");

        double Figure(EvaluationMetrics? valid) => (isLogLoss ? -valid?.LogLoss : valid?.Auc) ?? double.NaN;
    }
}
