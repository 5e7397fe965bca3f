using DeepFM.Numerics;

namespace DeepFM.Research.Speed;

/// <summary>The bounds that this machine sets: multiply-adds and memory reads by time.</summary>
public static class PeakBenchmark
{
    /// <summary>Measures both, on one thread and on all.</summary>
    /// <param name="threads">All threads, in [1, 1024].</param>
    /// <param name="bufferBytes">
    /// Memory that is read, in [1 MiB, 1 TiB], rounded up to whole MiB: much more than the caches hold.
    /// </param>
    /// <param name="repetition">How often and how long.</param>
    /// <param name="cancel">Stops between two runs.</param>
    public static PeakReport Measure(int threads, long bufferBytes, Repetition repetition, CancellationToken cancel = default)
    {
        const long MiB = 1 << 20;
        Require.InRange(bufferBytes, MiB, MiB << 20, nameof(bufferBytes));
        using NativeBuffer<float> memory = new((bufferBytes + MiB - 1) / MiB * MiB / sizeof(float));
        using ThreadTeam one = new(1), all = new(threads);
        return new()
        {
            Threads = threads,
            OneThreadGflops = Figure.Of(ProcessorPeak.Gflops(one, repetition, cancel)),
            AllThreadsGflops = Figure.Of(ProcessorPeak.Gflops(all, repetition, cancel)),
            BufferBytes = memory.Length * sizeof(float),
            OneThreadReadGigabytesPerSecond = Figure.Of(ProcessorPeak.ReadGigabytes(memory, one, repetition, cancel)),
            AllThreadsReadGigabytesPerSecond = Figure.Of(ProcessorPeak.ReadGigabytes(memory, all, repetition, cancel)),
        };
    }
}

/// <summary>The bounds that a machine sets.</summary>
public sealed record PeakReport() : SpeedReport("peak")
{
    /// <summary>All threads.</summary>
    public required int Threads { get; init; }

    /// <summary>Single-precision operations of one thread, 10⁹ a second; a multiply-add counts two.</summary>
    public required Figure OneThreadGflops { get; init; }

    /// <summary>The same of all threads together.</summary>
    public required Figure AllThreadsGflops { get; init; }

    /// <summary>Memory that was read from end to end.</summary>
    public required long BufferBytes { get; init; }

    /// <summary>Bytes that one thread reads from memory, 10⁹ a second.</summary>
    public required Figure OneThreadReadGigabytesPerSecond { get; init; }

    /// <summary>The same of all threads together.</summary>
    public required Figure AllThreadsReadGigabytesPerSecond { get; init; }
}
