using DeepFM.Data;
using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Research.Speed;

/// <summary>A model and the generated rows that it is measured on.</summary>
public sealed record Workload
{
    /// <summary>Batches drawn beforehand and used in turn.</summary>
    internal const int BatchCount = 8;

    /// <summary>The model, its options, and the batch size.</summary>
    public required RunSettings Settings { get; init => field = value with { Training = value.Training.ForRows(int.MaxValue) }; }

    /// <summary>F. In [1, 65536]. Default 39, as in the Criteo data.</summary>
    public int FieldCount { get; init => field = Require.InRange(value, 1, 65_536); } = 39;

    /// <summary>Ids of all fields together. At least one a field. Default 1,000,000.</summary>
    public int Vocabulary { get; init => field = Require.InRange(value, 1, int.MaxValue); } = 1_000_000;

    /// <summary>Threads to compute with, in [1, 1024].</summary>
    public int Threads { get; init => field = Require.InRange(value, 1, 1024); } = 1;

    /// <summary>Least time of what is measured, seconds. In [0, 3600]. Default 2.</summary>
    public double Seconds { get; init => field = Require.InRange(value, 0.0, 3600.0); } = 2;

    /// <summary>Batches that are measured; null for as many as <see cref="Seconds"/> take.</summary>
    public int? Steps { get; init => field = value is { } count ? Require.InRange(count, 1, 1_000_000_000) : null; }

    internal int BatchSize => Settings.Training.BatchSize;

    internal ModelDefinition Definition => Settings.CreateModel().Build(FieldCount);

    internal EncodedData Rows() => GeneratedRows.Draw(checked(BatchCount * BatchSize), FieldCount, Vocabulary, seed: 1);
}
