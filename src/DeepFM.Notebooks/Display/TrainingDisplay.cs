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
    /// <summary>Shortest time between two changes of what is shown.</summary>
    static readonly TimeSpan every = TimeSpan.FromMilliseconds(180);

    readonly Lock gate = new();
    readonly List<EpochReport> epochs = [];
    Action<object>? update;
    long shown;

    /// <inheritdoc/>
    /// <exception cref="OperationCanceledException">The user has interrupted the cell.</exception>
    public void Report(TrainingProgress value)
    {
        Cell.Cancellation.ThrowIfCancellationRequested();
        lock (gate)
        {
            if (value.Completed is { } epoch) { epochs.Add(epoch); }
            bool last = value.Completed is not null && value.Epoch == value.Epochs;
            if (update is not null && !last && value.Completed is null && TimeProvider.System.GetElapsedTime(shown) < every) { return; }
            shown = TimeProvider.System.GetTimestamp();
            TrainingView view = new(title, value, [.. epochs]);
            if (update is null) { update = DisplayTarget.Show(view); }
            else { update(view); }
        }
    }
}
