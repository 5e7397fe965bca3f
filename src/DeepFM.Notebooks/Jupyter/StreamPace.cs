namespace DeepFM.Notebooks.Jupyter;

/// <summary>Holds back a cell that prints faster than its readers can be expected to read.</summary>
/// <remarks>
/// A publishing socket cannot tell how far its readers are: what they have not read stays in memory. So text leaves at no more than
/// <paramref name="charsPerSecond"/> once <paramref name="burst"/> characters went at once. A reader that is slower than that still
/// makes the kernel keep what it has not read.
/// </remarks>
/// <param name="charsPerSecond">The rate that is kept to in the long run.</param>
/// <param name="burst">How much may go at once.</param>
/// <param name="clock">Tells the time; the system's by default.</param>
/// <param name="wait">Waits; by default the thread sleeps.</param>
sealed class StreamPace(
    double charsPerSecond = 32e6, double burst = 16e6, TimeProvider? clock = null, Action<TimeSpan>? wait = null)
{
    static readonly TimeSpan shortest = TimeSpan.FromMilliseconds(1);
    readonly Lock gate = new();
    readonly TimeProvider clock = clock ?? TimeProvider.System;
    readonly Action<TimeSpan> wait = wait ?? Thread.Sleep;
    readonly double burst = burst;
    double room = burst;
    long? last;

    /// <summary>Takes room for some characters, and waits first when there is none.</summary>
    public void Take(int chars)
    {
        TimeSpan debt;
        lock (gate)
        {
            long now = clock.GetTimestamp();
            room = Math.Min(burst, room + clock.GetElapsedTime(last ?? now, now).TotalSeconds * charsPerSecond) - chars;
            last = now;
            debt = TimeSpan.FromSeconds(Math.Max(0, -room / charsPerSecond));
        }
        if (debt > shortest) { wait(debt); }
    }
}
