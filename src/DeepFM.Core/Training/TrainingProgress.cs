namespace DeepFM.Training;

/// <summary>What a training run is doing.</summary>
public enum TrainingPhase
{
    /// <summary>It trains the model that gives another one its start (FNN's factorization machine).</summary>
    Pretraining,

    /// <summary>It trains the model.</summary>
    Training,
}

/// <summary>What a phase is doing at the moment.</summary>
public enum TrainingActivity
{
    /// <summary>Training on rows.</summary>
    Steps,

    /// <summary>Making tables and network, before the first step.</summary>
    Preparing,

    /// <summary>Scoring rows that it does not train on.</summary>
    Evaluating,

    /// <summary>Writing the model and the report.</summary>
    Saving,
}

/// <summary>Where a training run stands.</summary>
/// <param name="Phase">What it is doing.</param>
/// <param name="Epoch">The epoch under way, from 1.</param>
/// <param name="Epochs">Most epochs of this phase.</param>
/// <param name="RowsDone">Rows of this epoch that were trained on.</param>
/// <param name="RowCount">Rows of an epoch.</param>
/// <param name="RunningLoss">Mean log loss of the epoch's rows so far, nats, before each one's update.</param>
/// <param name="SamplesPerSecond">Rows of this epoch by the seconds spent on them.</param>
/// <param name="SecondsLeft">Until the end of this epoch's steps, at the speed of the last seconds.</param>
/// <param name="Completed">The epoch's figures when it has just ended; else null.</param>
/// <param name="IsLast">Whether the phase ends with this epoch, which has just ended.</param>
/// <param name="Activity">What it is doing.</param>
/// <param name="SecondsLeftAtMost">
/// Until the end of the last epoch, evaluations included: early stopping makes it less. Null while nothing is known.
/// </param>
public sealed record TrainingProgress(TrainingPhase Phase, int Epoch, int Epochs, int RowsDone, int RowCount,
    double RunningLoss, double SamplesPerSecond, double SecondsLeft, EpochReport? Completed = null, bool IsLast = false,
    TrainingActivity Activity = TrainingActivity.Steps, double? SecondsLeftAtMost = null);
