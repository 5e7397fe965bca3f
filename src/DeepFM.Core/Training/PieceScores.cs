using DeepFM.Data;
using DeepFM.Layers;
using DeepFM.Metrics;

namespace DeepFM.Training;

/// <summary>Scores rows that come in pieces, to the same bits however they are cut.</summary>
/// <remarks>
/// The last bits of a score depend on the rows that share its tile (<see cref="Engine.Score"/>). So tiles are those of all rows
/// together: what a piece has over whole tiles waits for the first rows of the next one.
/// </remarks>
static class PieceScores
{
    /// <summary>The logits of all rows, in order, a part at a time; the array behind a part is used again for the next.</summary>
    /// <param name="engine">The model.</param>
    /// <param name="pieces">Rows; each piece is disposed of after use.</param>
    /// <param name="note">Given each piece before it is scored, or null.</param>
    /// <param name="cancel">Stops between pieces.</param>
    /// <exception cref="UserErrorException">A logit is infinite or not a number.</exception>
    public static IEnumerable<ReadOnlyMemory<float>> Of(Engine engine, IEnumerable<EncodedData> pieces, Action<EncodedData>? note,
        CancellationToken cancel)
    {
        float[] logits = new float[Tile.ScoredRows];
        long rows = 0;
        EncodedDataBuilder? waiting = null;         // fewer rows than a tile has
        try
        {
            foreach (EncodedData piece in pieces)
            {
                using (piece)
                {
                    AmbientCancellation.ThrowIfRequested(cancel);
                    note?.Invoke(piece);
                    int row = 0;
                    if (waiting is not null)
                    {
                        row = Math.Min(Tile.ScoredRows - waiting.RowCount, piece.RowCount);
                        waiting.Append(piece, 0, row);
                        if (waiting.RowCount < Tile.ScoredRows) { continue; }
                        yield return Waiting();
                    }
                    int whole = (piece.RowCount - row) / Tile.ScoredRows * Tile.ScoredRows;
                    if (whole > 0) { yield return Score(piece, row, whole); }
                    row += whole;
                    if (row == piece.RowCount) { continue; }
                    waiting = new(piece.Fields);
                    waiting.Append(piece, row, piece.RowCount - row);
                }
            }
            if (waiting is not null) { yield return Waiting(); }
        }
        finally
        {
            waiting?.Dispose();
        }

        ReadOnlyMemory<float> Waiting()
        {
            using EncodedData tile = waiting!.Build();
            waiting = null;
            return Score(tile, 0, tile.RowCount);
        }

        ReadOnlyMemory<float> Score(EncodedData data, int first, int count)
        {
            if (logits.Length < count) { logits = new float[count]; }
            engine.Score(data, first, logits.AsSpan(0, count));
            MetricInput.RequireFinite(logits.AsSpan(0, count), rows);
            rows += count;
            return logits.AsMemory(0, count);
        }
    }
}
