using System.Text.Json.Serialization;
using DeepFM.Metrics;

namespace DeepFM.Training;

/// <summary>Everything about one run: what was asked for, on which data and machine, and what came out.</summary>
/// <remarks>One JSON file a run, <c>report.json</c>. It is written last, so a run that has one is complete.</remarks>
public sealed record RunReport
{
    /// <summary>The form of this file; a reader refuses later ones. Form 1 has no <see cref="NumericsVersion"/>.</summary>
    public int FormatVersion { get; init; } = CurrentVersion;

    /// <summary>The model's name as the paper writes it.</summary>
    public required string DisplayName { get; init; }

    /// <summary>The whole configuration.</summary>
    public required RunSettings Settings { get; init; }

    /// <summary>Seed of weights, dropout and row order.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Threads that computed; the figures do not depend on their number, the times do.</summary>
    public required int Threads { get; init; }

    /// <summary>The data.</summary>
    public required DataReport Data { get; init; }

    /// <summary>Numbers that training adjusts.</summary>
    public required long ParameterCount { get; init; }

    /// <summary>The course of the training.</summary>
    public required TrainingHistory Training { get; init; }

    /// <summary>The course of the training of the model that gave this one its start; absent for most models.</summary>
    public TrainingHistory? Pretraining { get; init; }

    /// <summary>The kept epoch's figures on validation rows; absent without such rows.</summary>
    public EvaluationMetrics? Valid { get; init; }

    /// <summary>The kept epoch's figures on test rows; absent without such rows.</summary>
    public EvaluationMetrics? Test { get; init; }

    /// <summary>What is doubtful in the data or in the run, a plain sentence each; empty when nothing is.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>Time of training and pre-training together, without evaluation.</summary>
    public double TotalTrainSeconds => Training.TrainSeconds + (Pretraining?.TrainSeconds ?? 0);

    /// <summary>Training rows by the time of the training steps.</summary>
    public double SamplesPerSecond => Training.SamplesPerSecond;

    /// <summary>The version of the kit's arithmetic; absent in reports from before there was one.</summary>
    public int? NumericsVersion { get; init; }

    /// <summary>What the bits of the figures depend on beside settings, seed and data: runs of one table should have the same.</summary>
    [JsonIgnore]
    public Arithmetic Arithmetic =>
        new(NumericsVersion, Machine.VectorBits, Machine.WidestVectorBits, NumericsVersion is null ? Machine.Commit : null);

    /// <summary>Where it ran.</summary>
    public required MachineReport Machine { get; init; }

    /// <summary>When the run ended, UTC.</summary>
    public required DateTime Date { get; init; }

    const int CurrentVersion = 2;

    /// <summary>Reads a report.</summary>
    /// <exception cref="UserErrorException">The file is missing, is not a report, or has another form.</exception>
    public static RunReport Read(string path)
    {
        RunReport report = JsonFiles.Read<RunReport>(path);
        return report.FormatVersion is 1 or CurrentVersion ? report : throw new UserErrorException(
            $"{path} has format version {report.FormatVersion}; this kit reads 1 and {CurrentVersion}. Run it again.");
    }

    /// <summary>Writes the report, whole or not at all.</summary>
    public void Write(string path) => JsonFiles.Write(path, this);

    /// <summary>The report as JSON.</summary>
    public string ToJson() => JsonFiles.ToJson(this);
}

/// <summary>The data of a run.</summary>
/// <param name="Digest">SHA-256 over schema and files; with equal splits, equal digests mean equal encoded rows.</param>
/// <param name="Split">How rows came to training, validation and test; a sentence.</param>
/// <param name="FieldCount">F.</param>
/// <param name="FeatureCount">N, ids of all fields together.</param>
/// <param name="Train">Training rows.</param>
/// <param name="Valid">Validation rows; null without such rows.</param>
/// <param name="Test">Test rows; null without such rows.</param>
public sealed record DataReport(string Digest, string Split, int FieldCount, int FeatureCount, SplitReport Train,
    SplitReport? Valid, SplitReport? Test);

/// <summary>The rows of a split.</summary>
/// <param name="Rows">Their number.</param>
/// <param name="PositiveRate">Share of them that are clicks, in [0, 1].</param>
public sealed record SplitReport(int Rows, double PositiveRate);
