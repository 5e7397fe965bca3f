using DeepFM.Metrics;

namespace DeepFM.Training;

/// <summary>The figures of one epoch.</summary>
public sealed record EpochReport
{
    /// <summary>From 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Mean log loss of the training rows, each before its own update and with dropout; nats.</summary>
    public required double TrainLoss { get; init; }

    /// <summary>The learning rate of the epoch.</summary>
    public required float LearningRate { get; init; }

    /// <summary>The figures on validation rows after the epoch; null when there are none.</summary>
    public EvaluationMetrics? Valid { get; init; }

    /// <summary>Time of the training steps, without evaluation.</summary>
    public required double TrainSeconds { get; init; }

    /// <summary>Time of the evaluation after the epoch.</summary>
    public required double EvaluationSeconds { get; init; }
}

/// <summary>The course of one training: its epochs, and which of them was kept.</summary>
public sealed record TrainingHistory
{
    /// <summary>All epochs, in order.</summary>
    public required IReadOnlyList<EpochReport> Epochs { get; init; }

    /// <summary>The epoch whose parameters were kept, from 1; 0 when none was trained.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>Why that epoch was kept, and why training ended after the last one; a sentence.</summary>
    public required string Outcome { get; init; }

    /// <summary>Training rows of an epoch.</summary>
    public required int Rows { get; init; }

    /// <summary>Rows of a step, as it was taken from the options or from the rows; 0 in reports that were written without it.</summary>
    public int BatchSize { get; init; }

    /// <summary>What the logit's constant started from.</summary>
    public float StartBias { get; init; }

    /// <summary>FTRL's β, as it was taken from the options or from the batch size.</summary>
    public float FtrlBeta { get; init; }

    /// <summary>λ of the embeddings, likewise.</summary>
    public float EmbeddingL2 { get; init; }

    /// <summary>λ of the network's weights, likewise.</summary>
    public float NetworkL2 { get; init; }

    /// <summary>Time of all training steps, without evaluation.</summary>
    public double TrainSeconds => Epochs.Sum(epoch => epoch.TrainSeconds);

    /// <summary>Time of all evaluations on validation rows.</summary>
    public double EvaluationSeconds => Epochs.Sum(epoch => epoch.EvaluationSeconds);

    /// <summary>Rows trained on, by the time of the training steps; 0 when none was trained.</summary>
    public double SamplesPerSecond => TrainSeconds > 0 ? (double)Rows * Epochs.Count / TrainSeconds : 0;
}
