using System.Collections.Concurrent;

namespace DeepFM.Data.Reading;

/// <summary>Whole lines of one file, as UTF-8 in pinned memory that goes back to a pool when disposed of.</summary>
sealed class TextBlock(byte[] buffer, ConcurrentBag<byte[]> pool) : IDisposable
{
    /// <summary>Pinned.</summary>
    public byte[] Buffer => buffer;

    public required FileLayout Layout { get; init; }

    /// <summary>The lines stand at [Start, End) of <see cref="Buffer"/>.</summary>
    public required int Start { get; init; }

    /// <summary>See <see cref="Start"/>.</summary>
    public required int End { get; init; }

    /// <summary>0 for the first block of the first file; the same whatever the thread count.</summary>
    public required long Index { get; init; }

    /// <summary>Number of the first line in its file, from 1.</summary>
    public required long FirstLine { get; init; }

    /// <summary>Number of lines before the first line, over all files.</summary>
    public required long FirstPosition { get; init; }

    public void Dispose() => pool.Add(buffer);
}
