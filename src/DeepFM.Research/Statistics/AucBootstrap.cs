namespace DeepFM.Research.Statistics;

/// <summary>An interval of a difference of two AUCs over resampled rows.</summary>
/// <param name="Difference">On the rows as they are.</param>
/// <param name="Low">The 2.5 % point of the resamples.</param>
/// <param name="High">The 97.5 % point.</param>
/// <param name="Resamples">Their number.</param>
public sealed record AucInterval(double Difference, double Low, double High, int Resamples)
{
    /// <summary>Whether 0 lies outside the interval.</summary>
    public bool ExcludesZero => Low > 0 || High < 0;
}

/// <summary>The bootstrap of AUC differences: rows are drawn with replacement, clicks and others apart.</summary>
/// <remarks>
/// Each resample has as many clicks and as many other rows as the original (stratified), and all models see the same
/// resamples. Percentile interval — Efron and Tibshirani 1993, chapter 13. It says how far the difference depends on the
/// rows at hand, not on the seeds: these are averaged over.
/// </remarks>
public static class AucBootstrap
{
    const int Most = 1000, Least = 100;
    const double Budget = 4e9;              // row visits: about 20 s on two cores

    /// <summary>Resamples for so many rows and rankings: 1000, fewer where that would take minutes.</summary>
    public static int ResamplesFor(long rows, int rankings) =>
        (int)Math.Clamp(Budget / ((double)rows * (rankings + 4)), Least, Most);

    /// <summary>Intervals of mean AUC of <paramref name="first"/> minus that of each of <paramref name="others"/>.</summary>
    /// <param name="labels">[n], both classes.</param>
    /// <param name="first">A model's rankings of the rows, one a seed.</param>
    /// <param name="others">The other models' rankings.</param>
    /// <param name="resamples">At least 1.</param>
    /// <param name="seed">The same gives the same intervals, for any number of threads.</param>
    /// <param name="threads">Threads to compute with, at least 1.</param>
    /// <param name="cancel">Stops between resamples.</param>
    /// <exception cref="ArgumentException">All labels are alike.</exception>
    public static AucInterval[] Differences(ReadOnlyMemory<float> labels, IReadOnlyList<ScoreRanking> first,
        IReadOnlyList<IReadOnlyList<ScoreRanking>> others, int resamples, ulong seed, int threads,
        CancellationToken cancel = default)
    {
        int n = labels.Length;
        int[] clicks = [.. Enumerable.Range(0, n).Where(row => labels.Span[row] == 1)];
        int[] rest = [.. Enumerable.Range(0, n).Where(row => labels.Span[row] != 1)];
        if (clicks.Length == 0 || rest.Length == 0) { throw new ArgumentException("All labels are alike; AUC is not defined."); }

        byte[] once = new byte[n];
        Array.Fill(once, (byte)1);
        double[] plain = Differences(once);
        double[][] drawn = new double[resamples][];
        Parallel.For(0, resamples, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancel },
            () => new byte[n],
            (resample, _, counts) =>
            {
                counts.AsSpan().Clear();
                SplitMix random = new(seed, (ulong)resample);
                Draw(clicks, counts, ref random);
                Draw(rest, counts, ref random);
                drawn[resample] = Differences(counts);
                return counts;
            },
            _ => { });

        return [.. plain.Select((difference, other) =>
        {
            double[] sorted = [.. drawn.Select(differences => differences[other]).Order()];
            return new AucInterval(difference, Percentile(sorted, 0.025), Percentile(sorted, 0.975), resamples);
        })];

        double[] Differences(byte[] counts)
        {
            double own = Mean(first, counts);
            return [.. others.Select(other => own - Mean(other, counts))];
        }
    }

    /// <summary>The point below which a share of sorted values lies, between neighbours in proportion.</summary>
    internal static double Percentile(IReadOnlyList<double> sorted, double share)
    {
        double place = share * (sorted.Count - 1);
        int below = (int)place;
        return below + 1 >= sorted.Count ? sorted[^1]
            : sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]);
    }

    static double Mean(IReadOnlyList<ScoreRanking> rankings, byte[] counts) =>
        rankings.Average(ranking => ranking.Auc(counts)!.Value);    // stratified: both classes are always there

    static void Draw(int[] from, byte[] counts, ref SplitMix random)
    {
        for (int i = 0; i < from.Length; i++)
        {
            ref byte count = ref counts[from[random.Below(from.Length)]];
            if (count < byte.MaxValue) { count++; }         // 256 draws of one row: below 1e-500
        }
    }

    /// <summary>Steele, Lea and Flood's generator, one stream a resample.</summary>
    struct SplitMix(ulong seed, ulong stream)
    {
        ulong state = Mix(seed) ^ Mix(~stream);

        public int Below(int count)
        {
            state += 0x9E3779B97F4A7C15;
            return (int)Math.BigMul(Mix(state), (ulong)count, out _);
        }

        static ulong Mix(ulong z)
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
