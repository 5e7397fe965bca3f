namespace DeepFM;

/// <summary>How long some work will still take, from the rate of its last seconds.</summary>
/// <remarks>A slow start and a rate that has changed are forgotten soon; always some reports count, and the time since the share last moved.</remarks>
/// <param name="longestWindow">Seconds that the rate is taken from, at most.</param>
/// <param name="shareOfTime">The same as a share of the time so far, in (0, 1]: for work that is short.</param>
public sealed class TimeLeft(double longestWindow = 5, double shareOfTime = 1 / 6.0)
{
    const int LeastReports = 4;

    readonly Queue<(double Seconds, double Share)> reports = [];

    /// <summary>Takes a report.</summary>
    /// <param name="seconds">Since the work began.</param>
    /// <param name="share">Share of the work that is done, in [0, 1].</param>
    /// <returns>Seconds until its end; null while there is no rate.</returns>
    public double? After(double seconds, double share)
    {
        (double time, double done) = Last(seconds, share);
        return share >= 1 ? 0 : done > 0 ? (1 - share) * time / done : null;
    }

    /// <summary>Takes a report, and returns the time that the rate is taken from, and the share of the work that was done in it.</summary>
    public (double Seconds, double Share) Last(double seconds, double share)
    {
        reports.Enqueue((seconds, share));
        double from = seconds - Math.Min(longestWindow, shareOfTime * seconds);
        while (reports.Count > LeastReports && reports.ElementAt(1) is var next && next.Seconds <= from && next.Share < share) { reports.Dequeue(); }
        (double start, double before) = reports.Peek();
        return (seconds - start, share - before);
    }
}
