using DeepFM.Data.Reading;
using DeepFM.Doubts;

namespace DeepFM.Data;

/// <summary>Which files to load, and which of their rows train, validate and test.</summary>
public sealed record DataRequest
{
    /// <summary>What the files look like.</summary>
    public required Schema Schema { get; init; }

    /// <summary>Files with training rows; at least one.</summary>
    public required IReadOnlyList<string> TrainFiles { get; init; }

    /// <summary>Files with validation rows; empty when a split gives these, or when there are none.</summary>
    public IReadOnlyList<string> ValidFiles { get; init; } = [];

    /// <summary>Files with test rows; empty when a split gives these, or when there are none.</summary>
    public IReadOnlyList<string> TestFiles { get; init; } = [];

    /// <summary>How the training files are told into parts; null when they only train.</summary>
    public Split? Split { get; init; }

    /// <summary>Seed of a random split.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads that parse; 0 for one a core. The result does not depend on it.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// Folder for <c>train.safetensors</c> and so on, which are then mapped into memory, so that data may be larger than it;
    /// null to keep the encoded data in memory. Files that are there are written anew.
    /// </summary>
    public string? EncodedFolder { get; init; }

    internal int BlockBytes { get; init; } = ReadOptions.DefaultBlockBytes;

    /// <summary>Memory that may be taken, bytes; null when unknown.</summary>
    internal Func<long?> Memory { get; init; } = static () => AvailableMemory.Bytes;

    /// <summary>What is free on the disk of a folder, bytes.</summary>
    internal Func<string, long> Disk { get; init; } = FreeDisk.Of;
}

/// <summary>Encoded data, told into parts, and how it came about.</summary>
public sealed class DataSplits : IDisposable
{
    /// <summary>The rows that train.</summary>
    public required EncodedData Train { get; init; }

    /// <summary>The rows that say when to stop; null when there are none.</summary>
    public EncodedData? Valid { get; init; }

    /// <summary>The rows that are reported on; null when there are none.</summary>
    public EncodedData? Test { get; init; }

    /// <summary>The encodings, fitted on <see cref="Train"/> alone.</summary>
    public required FeatureMap Features { get; init; }

    /// <summary>The split in words, such as "random 80/10/10 %, seed 1" or "given files".</summary>
    public required string SplitDescription { get; init; }

    /// <summary>SHA-256 over the schema and the bytes of all files, as 64 hexadecimal digits.</summary>
    public required string Digest { get; init; }

    /// <summary>What is doubtful in these rows, a plain sentence each; every report of a run on them repeats it.</summary>
    public NoticeSet Notices { get; init; } = [];

    /// <inheritdoc/>
    public void Dispose()
    {
        Train.Dispose();
        Valid?.Dispose();
        Test?.Dispose();
    }
}
