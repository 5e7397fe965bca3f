using System.Diagnostics;

namespace DeepFM.Notebooks.Jupyter;

/// <summary>Holds back a cell that prints faster than its readers can be expected to read.</summary>
/// <remarks>
/// A publishing socket cannot tell how far its readers are: what they have not read stays in memory. So text leaves at no more than
/// <paramref name="charsPerSecond"/> once <paramref name="burst"/> characters went at once. The reading end of Jupyter takes about
/// a third of the standard rate at most, and cuts what it shows far below.
/// </remarks>
sealed class StreamPace(double charsPerSecond = 32e6, double burst = 16e6)
{
    readonly Lock gate = new();
    readonly double burst = burst;
    double room = burst;
    long last = Stopwatch.GetTimestamp();

    /// <summary>Takes room for some characters, and waits first when there is none.</summary>
    public void Take(int chars)
    {
        double wait;
        lock (gate)
        {
            long now = Stopwatch.GetTimestamp();
            room = Math.Min(burst, room + Stopwatch.GetElapsedTime(last, now).TotalSeconds * charsPerSecond) - chars;
            last = now;
            wait = -room / charsPerSecond;
        }
        if (wait > 0.001) { Thread.Sleep(TimeSpan.FromSeconds(wait)); }
    }
}
