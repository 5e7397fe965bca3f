using System.Diagnostics;
using DeepFM.Data;
using DeepFM.Research.Generation;

namespace DeepFM.Research.Speed;

/// <summary>Text to encoded rows: the count pass and the encode pass over a file in the form of the Criteo data.</summary>
public static class ReadBenchmark
{
    /// <summary>Writes a file to the temporary folder, reads it several times, and removes all that was written.</summary>
    /// <param name="rowCount">Rows of the file, about 230 bytes each. In [1, 2³⁰].</param>
    /// <param name="threads">Threads that parse, in [1, 1024].</param>
    /// <param name="runs">Times that the file is read after a first time, which warms up. In [1, 1000].</param>
    /// <param name="progress">Told after each block of text.</param>
    /// <param name="cancel">Stops between two blocks.</param>
    /// <remarks>
    /// The encoded rows go to a folder, as for data larger than memory, so memory grows with the distinct values alone. To
    /// show it, the file is read once more as if it were two: twice the rows, and the same values and ids.
    /// </remarks>
    public static ReadReport Measure(int rowCount, int threads, int runs, IProgress<DataProgress>? progress = null,
        CancellationToken cancel = default)
    {
        Require.InRange(rowCount, 1, 1 << 30, nameof(rowCount));
        Require.InRange(threads, 1, 1024, nameof(threads));
        Require.InRange(runs, 1, 1000, nameof(runs));
        DirectoryInfo folder = Directory.CreateTempSubdirectory("deepfm-bench-");
        try
        {
            string file = Path.Combine(folder.FullName, "rows.tsv");
            CriteoText.Write(file, rowCount, threads: threads, cancel: cancel);
            DataRequest request = new()
            {
                Schema = CriteoText.Schema,
                TrainFiles = [file],
                Threads = threads,
                EncodedFolder = folder.FullName,
            };
            int features = 0;
            long tableBytes = 0;
            List<(double Count, double Encode)> seconds = [];
            for (int run = 0; run <= runs; run++)
            {
                PassClock clock = new(progress);
                using DataSplits rows = DataLoader.Load(request, clock, cancel);
                (features, tableBytes) = (rows.Train.FeatureCount, rows.Features.CountTableBytes);
                if (run > 0) { seconds.Add(clock.Passes()); }
            }
            long resident = SpeedReport.PeakWorkingSet();
            DataRequest twice = request with { Schema = CriteoText.SchemaOf(copies: 2), TrainFiles = [file, file] };
            DataLoader.Load(twice, progress, cancel).Dispose();
            return new()
            {
                ResidentBytes = resident,
                ResidentGrowthBytes = SpeedReport.PeakWorkingSet() - resident,
                CountTableBytes = tableBytes,
                RowCount = rowCount,
                FeatureCount = features,
                FileBytes = new FileInfo(file).Length,
                Threads = threads,
                RowsPerSecond = Figure.Of(seconds.Select(passes => rowCount / (passes.Count + passes.Encode))),
                CountPassSeconds = Figure.Of(seconds.Select(passes => passes.Count)),
                EncodePassSeconds = Figure.Of(seconds.Select(passes => passes.Encode)),
            };
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Tells the passes apart by the first block that the second one reports.</summary>
    sealed class PassClock(IProgress<DataProgress>? next) : IProgress<DataProgress>
    {
        readonly long start = Stopwatch.GetTimestamp();
        long second;

        public void Report(DataProgress value)
        {
            if (second == 0 && value.Stage == "encode") { second = Stopwatch.GetTimestamp(); }
            next?.Report(value);
        }

        public (double Count, double Encode) Passes() => (
            Stopwatch.GetElapsedTime(start, second).TotalSeconds, Stopwatch.GetElapsedTime(second).TotalSeconds);
    }
}

/// <summary>The speed of reading and encoding.</summary>
public sealed record ReadReport() : SpeedReport("read")
{
    /// <summary>Rows of the file.</summary>
    public required int RowCount { get; init; }

    /// <summary>Ids that the count pass found, rare ones sharing one a field.</summary>
    public required int FeatureCount { get; init; }

    /// <summary>Length of the file.</summary>
    public required long FileBytes { get; init; }

    /// <summary>Threads that parsed.</summary>
    public required int Threads { get; init; }

    /// <summary>Memory of the tables in which the count pass counts: it grows with the distinct values.</summary>
    public required long CountTableBytes { get; init; }

    /// <summary>By how much reading twice the rows, of the same values, raised <see cref="SpeedReport.ResidentBytes"/>.</summary>
    public required long ResidentGrowthBytes { get; init; }

    /// <summary>Rows by the time of both passes together.</summary>
    public required Figure RowsPerSecond { get; init; }

    /// <summary>The pass that counts values and fits the encodings.</summary>
    public required Figure CountPassSeconds { get; init; }

    /// <summary>The pass that encodes, and writes the encoded rows.</summary>
    public required Figure EncodePassSeconds { get; init; }
}
