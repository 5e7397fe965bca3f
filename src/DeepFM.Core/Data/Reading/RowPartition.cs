using DeepFM.Numerics;

namespace DeepFM.Data.Reading;

/// <summary>Tells which part a row belongs to; part 0 trains.</summary>
abstract class RowPartition
{
    /// <summary>Number of parts.</summary>
    public abstract int PartCount { get; }

    public abstract int PartOf(RowReader row);

    /// <summary>The parts of all rows of a group.</summary>
    /// <param name="group">Its rows.</param>
    /// <param name="parts">Overwritten, one a row.</param>
    public virtual void Assign(RowReader group, Span<int> parts)
    {
        for (int row = 0; row < group.Count; row++)
        {
            group.Row = row;
            parts[row] = PartOf(group);
        }
    }
}

/// <summary>All rows train.</summary>
sealed class OnePart : RowPartition
{
    public override int PartCount => 1;

    public override int PartOf(RowReader row) => 0;

    public override void Assign(RowReader group, Span<int> parts) => parts[..group.Count].Clear();
}

/// <summary>
/// A row's part is a hash of the seed and the row's position: no state, so no order and no threads matter.
/// </summary>
sealed class RandomPartition(IReadOnlyList<double> fractions, ulong seed) : RowPartition
{
    public override int PartCount => fractions.Count;

    public override int PartOf(RowReader row)
    {
        double uniform = Uniform(seed, row.Position);       // in [0, 1)
        int part = 0;
        for (double end = fractions[0]; part < fractions.Count - 1 && uniform >= end; end += fractions[part]) { part++; }
        return part;
    }

    // SplitMix64 of the seed, then of the position.
    static double Uniform(ulong seed, long position) =>
        (CounterRandom.Bits(CounterRandom.Key(seed) + (ulong)position, 0) >> 11) * (1.0 / (1L << 53));
}

/// <summary>Rows before the first bound train, and so on. Rows of one time are never parted.</summary>
sealed class TimePartition : RowPartition
{
    readonly TimeReader time;
    readonly long[] firstTimes;         // of parts 1, 2, …

    TimePartition(TimeReader time, long[] firstTimes) => (this.time, this.firstTimes) = (time, firstTimes);

    public override int PartCount => firstTimes.Length + 1;

    public override int PartOf(RowReader row)
    {
        long seconds = time.ReadRequired(row);
        int part = 0;
        while (part < firstTimes.Length && seconds >= firstTimes[part]) { part++; }
        return part;
    }

    /// <summary>
    /// Reads all times once; a part begins with the first time before which its predecessors' share of the rows lies.
    /// </summary>
    public static TimePartition Fit(Schema schema, RowSource source, IReadOnlyList<double> fractions, ReadOptions options)
    {
        TimeReader time = new(schema);
        SortedDictionary<long, long> counts = [];
        BlockReader reader = new(source, options, "times");
        foreach (Dictionary<long, long> block in OrderedParallel.Run(reader.Read(), options.Threads, Count))
        {
            foreach ((long seconds, long count) in block) { counts[seconds] = counts.GetValueOrDefault(seconds) + count; }
        }

        long total = counts.Values.Sum(), before = 0;
        List<long> firstTimes = [];
        double share = fractions[0];
        foreach ((long seconds, long count) in counts)
        {
            while (firstTimes.Count < fractions.Count - 1 && before > 0 && before >= share * total * (1 - 1e-12))
            {
                firstTimes.Add(seconds);
                share += fractions[firstTimes.Count];
            }
            before += count;
        }
        while (firstTimes.Count < fractions.Count - 1) { firstTimes.Add(long.MaxValue); }
        return new(time, [.. firstTimes]);

        Dictionary<long, long> Count(TextBlock block)
        {
            Dictionary<long, long> found = [];
            using (block)
            {
                RowReader row = new(source, block);
                while (row.NextRow())
                {
                    long seconds = time.ReadRequired(row);
                    found[seconds] = found.GetValueOrDefault(seconds) + 1;
                }
            }
            return found;
        }
    }
}
