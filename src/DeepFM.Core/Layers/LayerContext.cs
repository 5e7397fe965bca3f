namespace DeepFM.Layers;

/// <summary>Sizes and settings that layers are built with.</summary>
/// <param name="State">What a step's layers share.</param>
/// <param name="BatchSize">The largest batch.</param>
/// <param name="Threads">Threads of the team.</param>
/// <param name="Trains">False when the engine only scores: no gradients.</param>
/// <param name="NetworkL2">λ of the network's weights.</param>
/// <param name="BatchNormMomentum">Share of the new statistics in the running ones.</param>
/// <param name="BatchNormEpsilon">Added to the variance.</param>
sealed record LayerContext(StepState State, int BatchSize, int Threads, bool Trains, float NetworkL2,
    float BatchNormMomentum, float BatchNormEpsilon);

/// <summary>A node's output and the loss's gradient with respect to it.</summary>
/// <param name="Value">[B, width].</param>
/// <param name="Gradient">[B, width]; null when the engine only scores, or when no layer asks for it.</param>
sealed record Signal(Slab Value, Slab? Gradient);

/// <summary>Sums that each tile leaves for itself, so that they can be added up in tile order.</summary>
static unsafe class TileSums
{
    const int StackDoubles = 8192;

    /// <summary>to = Σ_tile sums[tile], in double, in tile order.</summary>
    /// <param name="sums">[tiles, width].</param>
    /// <param name="tiles">Number of tiles.</param>
    /// <param name="width">Columns.</param>
    /// <param name="to">Overwritten, [width].</param>
    public static void Add(float* sums, int tiles, int width, float* to)
    {
        Span<double> totals = width <= StackDoubles ? stackalloc double[width] : new double[width];
        totals.Clear();
        for (int tile = 0; tile < tiles; tile++, sums += width)
        {
            for (int j = 0; j < totals.Length; j++) { totals[j] += sums[j]; }
        }
        for (int j = 0; j < totals.Length; j++) { to[j] = (float)totals[j]; }
    }
}
