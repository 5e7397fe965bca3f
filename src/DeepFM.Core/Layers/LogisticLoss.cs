namespace DeepFM.Layers;

/// <summary>Log loss of a click, in nats per sample, taken from the logit so that it never overflows.</summary>
/// <remarks>
/// loss(z, y) = log(1 + e^z) − y·z, with z the logit and y ∈ {0, 1}. Identical to −[y ln σ(z) + (1−y) ln(1−σ(z))], but
/// finite for every finite z.
/// </remarks>
static unsafe class LogisticLoss
{
    /// <summary>Sum of a tile's losses; writes ∂(mean loss of the batch)/∂z for its samples.</summary>
    public static double SumAndGradient(StepState state, in Tile tile)
    {
        double total = 0;                                   // float32 would lose digits at B ≈ 10⁴
        ReadOnlySpan<float> labels = state.Data.Labels;
        for (int b = tile.FirstRow; b < tile.FirstRow + tile.RowCount; b++)
        {
            double z = state.Logits[b], y = labels[state.RowAt(b)];
            double t = Math.Exp(-Math.Abs(z));              // in (0, 1]
            double sigmoid = (z >= 0 ? 1 : t) / (1 + t);
            total += Math.Max(z, 0) - y * z + double.LogP1(t);
            state.GradLogits[b] = (float)((sigmoid - y) / state.BatchSize);
        }
        return total;
    }
}
