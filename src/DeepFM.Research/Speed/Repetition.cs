using System.Diagnostics;

namespace DeepFM.Research.Speed;

/// <summary>How often and for how long something is done to measure its speed.</summary>
public sealed record Repetition
{
    const int WarmUpRuns = 2;       // the runtime compiles hot code again, in the background, within about 0.3 s

    /// <summary>Runs after the warm-up; the figure is their median. In [1, 1000]. Default 5.</summary>
    public int Runs { get; init => field = Require.InRange(value, 1, 1000); } = 5;

    /// <summary>Least time of a run, seconds; what is measured is done as often as fits. In [0, 3600]. Default 0.2.</summary>
    public double RunSeconds { get; init => field = Require.InRange(value, 0.0, 3600.0); } = 0.2;

    /// <summary>Work by time, one number a run, after a warm-up twice as long as a run.</summary>
    /// <param name="work">What one call does, in any unit.</param>
    /// <param name="body">What is measured.</param>
    /// <param name="cancel">Stops between two runs.</param>
    internal double[] WorkPerSecond(double work, Action body, CancellationToken cancel)
    {
        for (int run = 0; run < WarmUpRuns; run++) { SecondsOfCall(body); }
        double[] rates = new double[Runs];
        for (int run = 0; run < Runs; run++)
        {
            cancel.ThrowIfCancellationRequested();
            rates[run] = work / SecondsOfCall(body);
        }
        return rates;
    }

    double SecondsOfCall(Action body)
    {
        long start = Stopwatch.GetTimestamp();
        double seconds;
        int calls = 0;
        do
        {
            body();
            calls++;
            seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        while (seconds < RunSeconds);
        return seconds / calls;
    }
}
