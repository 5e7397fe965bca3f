using DeepFM.Numerics;

namespace DeepFM.Layers;

/// <summary>The loss that training reduces: the mean over the batch of what <see cref="LogisticKernel"/> computes.</summary>
static unsafe class LogisticLoss
{
    /// <summary>Sum of a tile's losses, nats; writes ∂(mean loss of the batch)/∂z = (σ(z) − y)/B for its samples.</summary>
    public static double SumAndGradient(StepState state, in Tile tile)
    {
        int n = tile.RowCount;                              // at most Tile.MaxRows
        float* logits = state.Logits + tile.FirstRow, gradLogits = state.GradLogits + tile.FirstRow;
        Span<float> labels = stackalloc float[n];
        Span<double> sigmoids = stackalloc double[n];
        float* allLabels = state.Data.Labels;
        for (int r = 0; r < n; r++) { labels[r] = allLabels[state.RowAt(tile.FirstRow + r)]; }
        double total = LogisticKernel.Losses(new(logits, n), labels, sigmoids), share = 1.0 / state.BatchSize;
        for (int r = 0; r < n; r++) { gradLogits[r] = (float)((sigmoids[r] - labels[r]) * share); }
        return total;
    }
}
