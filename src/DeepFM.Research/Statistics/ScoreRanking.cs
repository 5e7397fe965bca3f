namespace DeepFM.Research.Statistics;

/// <summary>A model's scores of rows, sorted once, so that the AUC of any resample takes one pass.</summary>
public sealed class ScoreRanking
{
    readonly int[] rows;            // in the order of their scores
    readonly bool[] starts;         // whether a place begins a new score
    readonly bool[] clicks;         // by place

    /// <summary>Sorts scores.</summary>
    /// <param name="scores">[n], no NaN.</param>
    /// <param name="labels">[n], each 0 or 1.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public ScoreRanking(ReadOnlySpan<float> scores, ReadOnlySpan<float> labels)
    {
        if (scores.Length != labels.Length)
        {
            throw new ArgumentException($"There are {scores.Length} scores and {labels.Length} labels; they must pair.");
        }
        float[] sorted = scores.ToArray();
        rows = [.. Enumerable.Range(0, sorted.Length)];
        Array.Sort(sorted, rows);
        starts = new bool[rows.Length];
        clicks = new bool[rows.Length];
        for (int place = 0; place < rows.Length; place++)
        {
            starts[place] = place == 0 || sorted[place] != sorted[place - 1];
            clicks[place] = labels[rows[place]] == 1;
        }
    }

    /// <summary>Number of rows.</summary>
    public int Count => rows.Length;

    /// <summary>The exact AUC when row i counts <paramref name="counts"/>[i] times; ties one half.</summary>
    /// <param name="counts">[n], not negative.</param>
    /// <returns>Null when the rows that count are of one class.</returns>
    public double? Auc(ReadOnlySpan<byte> counts)
    {
        long below = 0, positives = 0, twice = 0, clicksHere = 0, othersHere = 0;
        for (int place = 0; place < rows.Length; place++)
        {
            if (starts[place])
            {
                twice += clicksHere * (2 * below + othersHere);
                positives += clicksHere;
                below += othersHere;
                clicksHere = othersHere = 0;
            }
            int count = counts[rows[place]];
            if (clicks[place]) { clicksHere += count; }
            else { othersHere += count; }
        }
        twice += clicksHere * (2 * below + othersHere);
        positives += clicksHere;
        below += othersHere;
        return positives == 0 || below == 0 ? null : twice / (2.0 * positives * below);
    }
}
