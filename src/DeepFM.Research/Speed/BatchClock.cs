using System.Diagnostics;

namespace DeepFM.Research.Speed;

/// <summary>Times batches one by one, after a warm-up.</summary>
/// <param name="workload">How many.</param>
/// <param name="body">Works on batch i mod <see cref="Workload.BatchCount"/>.</param>
sealed class BatchClock(Workload workload, Action<int> body)
{
    const int LeastBatches = 10;

    /// <summary>Each batch's time, milliseconds.</summary>
    public IReadOnlyList<double> Milliseconds { get; private set; } = [];

    /// <summary>Bytes allocated while they were timed, by batch.</summary>
    public double AllocatedBytes { get; private set; }

    /// <summary>Works on each batch at least once, for half of the measurement's time or more.</summary>
    public void WarmUp(CancellationToken cancel)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Workload.BatchCount || Stopwatch.GetElapsedTime(start).TotalSeconds < workload.Seconds / 2; i++)
        {
            cancel.ThrowIfCancellationRequested();
            body(i % Workload.BatchCount);
        }
    }

    /// <summary>Times them.</summary>
    public void Run(CancellationToken cancel)
    {
        double[] times = new double[workload.Steps ?? Math.Max(LeastBatches, (int)Math.Ceiling(workload.Seconds / Time(0)))];
        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < times.Length; i++)
        {
            cancel.ThrowIfCancellationRequested();
            times[i] = 1e3 * Time(i % Workload.BatchCount);
        }
        AllocatedBytes = (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / times.Length;
        Milliseconds = times;
    }

    double Time(int batch)
    {
        long start = Stopwatch.GetTimestamp();
        body(batch);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
