using DeepFM.Metrics;

namespace DeepFM.Research.Speed;

/// <summary>The exact AUC of many rows.</summary>
public static class AucBenchmark
{
    /// <summary>Measures <see cref="Auc.Of"/> on scores that are uniform, and higher for clicks.</summary>
    /// <param name="rowCount">In [2, 2³⁰].</param>
    /// <param name="repetition">How often and how long.</param>
    /// <param name="cancel">Stops between two runs.</param>
    public static AucReport Measure(int rowCount, Repetition repetition, CancellationToken cancel = default)
    {
        Require.InRange(rowCount, 2, 1 << 30, nameof(rowCount));
        Random random = new(1);
        float[] scores = new float[rowCount], labels = new float[rowCount];
        for (int row = 0; row < rowCount; row++)
        {
            labels[row] = row % 4 == 0 ? 1 : 0;
            scores[row] = random.NextSingle() + 0.5f * labels[row];
        }
        double? auc = null;
        double[] rates = repetition.WorkPerSecond(rowCount, () => auc = Auc.Of(scores, labels), cancel);
        Figure milliseconds = Figure.Of(rates.Select(rate => 1e3 * rowCount / rate));
        return new()
        {
            RowCount = rowCount,
            Auc = auc!.Value,
            MedianMilliseconds = milliseconds.Median,
            MinMilliseconds = milliseconds.Min,
            MaxMilliseconds = milliseconds.Max,
            RowsPerSecond = Figure.Of(rates).Median,
        };
    }
}

/// <summary>The metric's speed.</summary>
public sealed record AucReport() : SpeedReport("auc")
{
    /// <summary>Rows, a quarter of them clicks.</summary>
    public required int RowCount { get; init; }

    /// <summary>What came out: 0.875 but for chance.</summary>
    public required double Auc { get; init; }

    /// <summary>The median run.</summary>
    public required double MedianMilliseconds { get; init; }

    /// <summary>The fastest run.</summary>
    public required double MinMilliseconds { get; init; }

    /// <summary>The slowest run.</summary>
    public required double MaxMilliseconds { get; init; }

    /// <summary>Rows by time.</summary>
    public required double RowsPerSecond { get; init; }
}
