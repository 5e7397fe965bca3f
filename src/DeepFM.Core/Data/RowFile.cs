using System.Collections.Concurrent;
using DeepFM.Data.Reading;

namespace DeepFM.Data;

/// <summary>Writes one row as text, with its line end, and returns the bytes written.</summary>
/// <param name="row">Number of the row, from 0.</param>
/// <param name="to">Overwritten from its start; long enough for the longest row.</param>
public delegate int RowWriter(long row, Span<byte> to);

/// <summary>How far a file of rows has come.</summary>
/// <param name="File">Name of the file without its folder.</param>
/// <param name="Rows">Rows written so far.</param>
/// <param name="RowCount">Rows that it will have.</param>
public readonly record struct WriteProgress(string File, long Rows, long RowCount);

/// <summary>Text files of rows that can be made in any order: by several threads in blocks, written in the rows' order.</summary>
public static class RowFile
{
    /// <summary>Rows that a thread makes at a time unless told otherwise.</summary>
    public const int DefaultRowsOfBlock = 2048;

    /// <summary>Writes the file, whole or not at all, and returns its bytes. They do not depend on the threads.</summary>
    /// <param name="path">Replaced when it is there.</param>
    /// <param name="rowCount">Rows, at least 0.</param>
    /// <param name="longestRow">Bytes that no row exceeds, in [1, 65536].</param>
    /// <param name="header">Bytes before the first row; may be empty.</param>
    /// <param name="makeWriter">Makes the writer of one block. Writers of different blocks run at the same time.</param>
    /// <param name="threads">Threads that make rows, in [1, 1024]; 0 for one a core.</param>
    /// <param name="rowsOfBlock">
    /// Rows that a thread makes at a time, in [1, 65536]: enough to make the hand-over cheap. The bytes do not depend on it.
    /// </param>
    /// <param name="progress">Told after each block, on the calling thread.</param>
    /// <param name="cancel">Stops between two blocks; then nothing is left behind.</param>
    /// <exception cref="UserErrorException">The disk has no room for so many rows, told by the first block.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> asked for it.</exception>
    public static long Write(string path, long rowCount, int longestRow, ReadOnlySpan<byte> header, Func<RowWriter> makeWriter,
        int threads = 0, int rowsOfBlock = DefaultRowsOfBlock, IProgress<WriteProgress>? progress = null,
        CancellationToken cancel = default) =>
        Write(path, rowCount, longestRow, header, makeWriter, FreeDisk.Of,
            threads, rowsOfBlock, progress, cancel);

    // freeBytes: what is free in a folder.
    internal static long Write(string path, long rowCount, int longestRow, ReadOnlySpan<byte> header, Func<RowWriter> makeWriter,
        Func<string, long> freeBytes, int threads, int rowsOfBlock, IProgress<WriteProgress>? progress = null,
        CancellationToken cancel = default)
    {
        Require.InRange(rowCount, 0, long.MaxValue, nameof(rowCount));
        Require.InRange(longestRow, 1, 65_536, nameof(longestRow));
        Require.InRange(threads, 0, 1024, nameof(threads));
        Require.InRange(rowsOfBlock, 1, 65_536, nameof(rowsOfBlock));
        byte[] first = header.ToArray();
        ConcurrentBag<byte[]> free = [];
        long bytes = first.Length;

        TextOfRows Make(long from)
        {
            byte[] buffer = free.TryTake(out byte[]? used) ? used : GC.AllocateUninitializedArray<byte>(rowsOfBlock * longestRow);
            RowWriter write = makeWriter();
            int count = (int)Math.Min(rowsOfBlock, rowCount - from), length = 0;
            for (int i = 0; i < count; i++) { length += write(from + i, buffer.AsSpan(length)); }
            return new(from + count, buffer, length);
        }

        AtomicFile.Write(path, stream =>
        {
            stream.Write(first);
            foreach (TextOfRows block in OrderedParallel.Run(Starts(), threads == 0 ? Environment.ProcessorCount : threads, Make))
            {
                cancel.ThrowIfCancellationRequested();
                if (bytes == first.Length) { RequireSpace(path, rowCount, (double)block.Length / block.RowsDone, freeBytes); }
                stream.Write(block.Buffer, 0, block.Length);
                bytes += block.Length;
                free.Add(block.Buffer);
                progress?.Report(new(Path.GetFileName(path), block.RowsDone, rowCount));
            }
        });
        return bytes;

        IEnumerable<long> Starts()
        {
            for (long from = 0; from < rowCount; from += rowsOfBlock) { yield return from; }
        }
    }

    static void RequireSpace(string path, long rowCount, double bytesPerRow, Func<string, long> freeBytes)
    {
        FreeDisk.Require(path, rowCount * bytesPerRow, FormattableString.Invariant($"{rowCount:N0} rows"),
            freeBytes(Path.GetDirectoryName(Path.GetFullPath(path))!), "Ask for fewer rows, or choose another disk.");
    }

    readonly record struct TextOfRows(long RowsDone, byte[] Buffer, int Length);
}
