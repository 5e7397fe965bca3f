using DeepFM.Notebooks.Display;
using DeepFM.Training;

namespace DeepFM.Notebooks;

/// <summary>Shows in a notebook where a training stands: a bar, samples/s, the loss and the time left.</summary>
/// <remarks>Give it to a training as its progress. It also stops the training when the user interrupts the cell.</remarks>
/// <param name="title">What is trained, such as "DeepFM, seed 1".</param>
/// <example><code>
/// TrainingRun.Execute(settings, data, seed: 1, threads: 2, "runs/mine", saveModel: true, new TrainingDisplay("DeepFM"), Cell.Cancellation)
/// </code></example>
public sealed class TrainingDisplay(string title = "Training") : IProgress<TrainingProgress>
{
    readonly LiveDisplay<TrainingView> live = new(TimeSpan.FromMilliseconds(180),
        view => view.Progress is { IsLast: true, Phase: TrainingPhase.Training } ? null : view with { Stopped = true });

    readonly List<EpochReport> epochs = [];

    /// <inheritdoc/>
    /// <exception cref="OperationCanceledException">The user has interrupted the cell.</exception>
    public void Report(TrainingProgress value)
    {
        Cell.Cancellation.ThrowIfCancellationRequested();
        EpochReport[] ended;
        lock (epochs)
        {
            if (value.Completed is { } epoch) { epochs.Add(epoch); }
            ended = [.. epochs];
        }
        live.Show(() => new(title, value, ended), matters: value.Completed is not null);
    }
}
