using DeepFM.Training;

namespace DeepFM.Research.Speed;

/// <summary>What a model did with batches of generated rows.</summary>
public abstract record BatchReport : SpeedReport
{
    internal BatchReport(string benchmark, Workload workload, BatchClock clock, long dataBytes, long tableBytes)
        : base(benchmark)
    {
        Settings = workload.Settings;
        FieldCount = workload.FieldCount;
        Vocabulary = workload.Vocabulary;
        Threads = workload.Threads;
        DataBytes = dataBytes;
        TableBytes = tableBytes;
        Figure milliseconds = Figure.Of(clock.Milliseconds);
        Steps = clock.Milliseconds.Count;
        MedianMilliseconds = milliseconds.Median;
        MinMilliseconds = milliseconds.Min;
        MaxMilliseconds = milliseconds.Max;
        MeanMilliseconds = clock.Milliseconds.Average();
        AllocatedBytesPerStep = clock.AllocatedBytes;
        SamplesPerSecond = 1e3 * workload.BatchSize / milliseconds.Median;
    }

    /// <summary>The model and its options; the batch size is one of these.</summary>
    public RunSettings Settings { get; }

    /// <summary>F.</summary>
    public int FieldCount { get; }

    /// <summary>Ids of all fields together.</summary>
    public int Vocabulary { get; }

    /// <summary>Threads that computed.</summary>
    public int Threads { get; }

    /// <summary>Batches that were timed.</summary>
    public int Steps { get; }

    /// <summary>Rows of a batch by its median time.</summary>
    public double SamplesPerSecond { get; }

    /// <summary>The median batch.</summary>
    public double MedianMilliseconds { get; }

    /// <summary>The fastest batch.</summary>
    public double MinMilliseconds { get; }

    /// <summary>The slowest batch.</summary>
    public double MaxMilliseconds { get; }

    /// <summary>All batches' time by their number.</summary>
    public double MeanMilliseconds { get; }

    /// <summary>Bytes of the collected heap that a batch allocated.</summary>
    public double AllocatedBytesPerStep { get; }

    /// <summary>The feature table, optimizer states included.</summary>
    public long TableBytes { get; }

    /// <summary>The generated rows: ids and labels.</summary>
    public long DataBytes { get; }
}
