using System.Diagnostics;
using DeepFM.Notebooks.Jupyter;
using DeepFM.Research.Speed;

namespace DeepFM.Notebooks.Speed;

/// <summary>How long the user of a notebook waits for the kernel: for a fresh one's first result, and for small cells after it.</summary>
public static class KernelBenchmark
{
    /// <summary>Starts kernels one after the other, and runs cells in each as Jupyter does.</summary>
    /// <param name="program">The full path of deepfm.dll.</param>
    /// <param name="starts">How often a kernel is started, after a first time that is not counted. In [1, 1000].</param>
    /// <param name="cells">Cells that each kernel runs after the first. In [1, 100000].</param>
    /// <param name="cancel">Stops between two kernels.</param>
    /// <exception cref="UserErrorException">A kernel does not start, or does not answer.</exception>
    public static KernelReport Measure(string program, int starts, int cells, CancellationToken cancel = default)
    {
        Require.InRange(starts, 1, 1000, nameof(starts));
        Require.InRange(cells, 1, 100_000, nameof(cells));
        string host = KernelSpecStore.Host();
        List<double> ready = [], first = [], each = [];
        List<double> grown = [];
        for (int start = 0; start <= starts; start++)
        {
            cancel.ThrowIfCancellationRequested();
            Stopwatch time = Stopwatch.StartNew();
            using KernelClient kernel = new(host, program);
            kernel.AskInfo();
            double readySeconds = time.Elapsed.TotalSeconds;
            kernel.Run("1 + 1");
            double firstSeconds = time.Elapsed.TotalSeconds;
            if (start == 0) { continue; }               // its files came from the disk
            ready.Add(readySeconds);
            first.Add(firstSeconds);
            long before = kernel.ResidentBytes;
            for (int cell = 0; cell < cells; cell++)
            {
                long begin = Stopwatch.GetTimestamp();
                kernel.Run($"{cell} + 1");
                each.Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
            }
            grown.Add((kernel.ResidentBytes - before) / 1e6);
        }
        return new()
        {
            Starts = starts,
            Cells = cells,
            ReadySeconds = Figure.Of(ready),
            FirstResultSeconds = Figure.Of(first),
            CellMilliseconds = Figure.Of(each),
            GrowthMegabytes = Figure.Of(grown),
        };
    }
}

/// <summary>The kernel's speed.</summary>
public sealed record KernelReport() : SpeedReport("kernel")
{
    /// <summary>Kernels that were started.</summary>
    public required int Starts { get; init; }

    /// <summary>Cells that each ran after its first.</summary>
    public required int Cells { get; init; }

    /// <summary>From the start of the process to the answer to kernel_info, seconds.</summary>
    public required Figure ReadySeconds { get; init; }

    /// <summary>From the start of the process to the result of the first cell, seconds.</summary>
    public required Figure FirstResultSeconds { get; init; }

    /// <summary>From a later cell's request to its end, milliseconds, over all cells of all kernels.</summary>
    public required Figure CellMilliseconds { get; init; }

    /// <summary>What the process had resident more after these cells, in 10⁶ bytes.</summary>
    public required Figure GrowthMegabytes { get; init; }
}
