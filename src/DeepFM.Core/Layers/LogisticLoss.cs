using System.Numerics.Tensors;

namespace DeepFM.Layers;

/// <summary>Log loss of a click, in nats per sample, taken from the logit so that it never overflows.</summary>
/// <remarks>
/// loss(z, y) = log(1 + e^z) − y·z, with z the logit and y ∈ {0, 1}. Identical to −[y ln σ(z) + (1−y) ln(1−σ(z))], but
/// finite for every finite z. Computed in double; |error| of a sample's loss ≤ 2⁻⁵²·(1 + |z|).
/// </remarks>
static unsafe class LogisticLoss
{
    /// <summary>Sum of a tile's losses; writes ∂(mean loss of the batch)/∂z for its samples.</summary>
    public static double SumAndGradient(StepState state, in Tile tile)
    {
        // t = e^−|z|, in (0, 1], then log(1 + t): whole tiles at a time, as a call of each a sample would take longer
        // than logistic regression itself.
        Span<double> t = stackalloc double[tile.RowCount], logs = stackalloc double[tile.RowCount];
        float* logits = state.Logits + tile.FirstRow;
        for (int r = 0; r < t.Length; r++) { t[r] = -Math.Abs((double)logits[r]); }
        TensorPrimitives.Exp<double>(t, t);
        TensorPrimitives.Add<double>(t, 1, logs);
        TensorPrimitives.Log<double>(logs, logs);

        double total = 0;                                   // float32 would lose digits at B ≈ 10⁴
        double share = 1.0 / state.BatchSize;
        ReadOnlySpan<float> labels = state.Data.Labels;
        for (int r = 0; r < t.Length; r++)
        {
            double z = logits[r], y = labels[state.RowAt(tile.FirstRow + r)];
            double sigmoid = (z >= 0 ? 1 : t[r]) / (1 + t[r]);
            total += Math.Max(z, 0) - y * z + logs[r];
            state.GradLogits[tile.FirstRow + r] = (float)((sigmoid - y) * share);
        }
        return total;
    }
}
