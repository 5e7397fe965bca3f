using DeepFM.Models;
using DeepFM.Numerics;

namespace DeepFM.Layers;

/// <summary>What both halves of a batch norm share.</summary>
sealed unsafe class BatchNormState : IDisposable
{
    readonly NativeBuffer<float> memory;
    readonly int tiles;

    public BatchNormState(DenseNode node, DenseParameters parameters, LayerContext context)
    {
        Node = node;
        Scale = parameters[$"{node.Name}.scale"];
        Shift = parameters[$"{node.Name}.shift"];
        RunningMean = parameters[$"{node.Name}.mean"];
        RunningVariance = parameters[$"{node.Name}.variance"];
        tiles = Tile.MaxCountOf(context.BatchSize);
        memory = new((5L + 4 * tiles) * Width);
    }

    public DenseNode Node { get; }

    public int Width => Node.Width;

    public DenseParameter Scale { get; }

    public DenseParameter Shift { get; }

    public DenseParameter RunningMean { get; }

    public DenseParameter RunningVariance { get; }

    // Of the batch, [Width] each.
    public float* Mean => memory.Pointer;

    public float* Inverse => memory.Pointer + Width;

    public float* Factor => memory.Pointer + 2 * Width;

    public float* MeanGradient => memory.Pointer + 3 * Width;

    public float* MeanGradientXHat => memory.Pointer + 4 * Width;

    // Of the tiles, [tiles, Width] each.
    public float* TileMeans => memory.Pointer + 5 * Width;

    public float* TileSquares => TileMeans + (nint)tiles * Width;

    public float* TileShifts => TileSquares + (nint)tiles * Width;

    public float* TileScales => TileShifts + (nint)tiles * Width;

    public void Dispose() => memory.Dispose();
}

/// <summary>The half of batch norm that looks at the whole batch: its mean and variance — Ioffe and Szegedy 2015.</summary>
sealed unsafe class BatchNormStatisticsLayer(BatchNormState norm, Signal z, Slab? gradient, LayerContext context) : Layer
{
    readonly double[] means = new double[norm.Width], squares = new double[norm.Width];

    public override bool NeedsWholeBatch => true;

    public override void Forward(in Tile tile)
    {
        if (!tile.Training) { return; }
        nint at = (nint)tile.Index * norm.Width;
        Kernels.Current.Moments(z.Value.At(tile), z.Value.Stride, tile.RowCount, norm.Width,
            norm.TileMeans + at, norm.TileSquares + at);
    }

    public override void ReduceForward(int batchSize)
    {
        double count = 0;
        Array.Clear(means);
        Array.Clear(squares);
        for (int index = 0; index < Tile.CountOf(batchSize); index++)
        {
            // Two groups' means and squared distances make those of both together — Chan, Golub and LeVeque 1979.
            int rows = Tile.Of(index, batchSize, 0, true).RowCount;
            float* tileMeans = norm.TileMeans + (nint)index * norm.Width;
            float* tileSquares = norm.TileSquares + (nint)index * norm.Width;
            double total = count + rows;
            for (int j = 0; j < means.Length; j++)
            {
                double delta = tileMeans[j] - means[j];
                means[j] += delta * rows / total;
                squares[j] += tileSquares[j] + delta * delta * count * rows / total;
            }
            count = total;
        }
        for (int j = 0; j < means.Length; j++)
        {
            double variance = squares[j] / count, unbiased = count > 1 ? squares[j] / (count - 1) : variance;
            norm.Mean[j] = (float)means[j];
            norm.Inverse[j] = (float)(1 / Math.Sqrt(variance + context.BatchNormEpsilon));
            Move(ref norm.RunningMean.Value[j], means[j]);
            Move(ref norm.RunningVariance.Value[j], unbiased);
        }
    }

    public override void ReduceBackward(int batchSize)
    {
        int tiles = Tile.CountOf(batchSize);
        TileSums.Add(norm.TileShifts, tiles, norm.Width, norm.Shift.Gradient);
        TileSums.Add(norm.TileScales, tiles, norm.Width, norm.Scale.Gradient);
        for (int j = 0; j < norm.Width; j++)
        {
            norm.Factor[j] = norm.Scale.Value[j] * norm.Inverse[j];
            norm.MeanGradient[j] = norm.Shift.Gradient[j] / batchSize;
            norm.MeanGradientXHat[j] = norm.Scale.Gradient[j] / batchSize;
        }
    }

    public override void Backward(in Tile tile) =>
        Kernels.Current.NormBackward(gradient!.At(tile), z.Value.At(tile), z.Value.Stride, tile.RowCount, norm.Width,
            norm.Factor, norm.MeanGradient, norm.MeanGradientXHat);

    void Move(ref float running, double now) =>
        running = (float)(running + context.BatchNormMomentum * (now - running));
}

/// <summary>y = dropout(f(x̂·γ + β)), x̂ = (z − mean)/√(variance + ε), in place of z.</summary>
sealed unsafe class BatchNormApplyLayer(BatchNormState norm, Signal z, Signal y, LayerContext context) : Layer
{
    readonly StepState state = context.State;

    public override void Forward(in Tile tile)
    {
        float* mean = norm.Mean, inverse = norm.Inverse;
        if (!tile.Training) { mean = norm.RunningMean.Value; }
        Kernels.Current.Normalize(z.Value.At(tile), y.Value.At(tile), y.Value.Stride, tile.RowCount, norm.Width,
            mean, inverse, norm.Scale.Value);
        Kernels.Current.ActivationForward(y.Value.At(tile), y.Value.Stride, tile.RowCount, norm.Width,
            norm.Shift.Value, norm.Node.Activation, Mask(tile), tile.FirstRow);
    }

    public override void Backward(in Tile tile)
    {
        nint at = (nint)tile.Index * norm.Width;
        Kernels.Current.ActivationBackward(y.Gradient!.At(tile), y.Value.At(tile), y.Value.Stride, tile.RowCount,
            norm.Width, norm.Node.Activation, Mask(tile), tile.FirstRow, norm.TileShifts + at);
        Kernels.Current.NormGradientSums(y.Gradient.At(tile), z.Value.At(tile), y.Value.Stride, tile.RowCount,
            norm.Width, norm.TileScales + at);
    }

    /// <summary>Evaluation divides by the running deviation; it is computed once before the tiles.</summary>
    public void UseRunningStatistics()
    {
        for (int j = 0; j < norm.Width; j++)
        {
            norm.Inverse[j] = (float)(1 / Math.Sqrt((double)norm.RunningVariance.Value[j] + context.BatchNormEpsilon));
        }
    }

    DropoutMask Mask(in Tile tile) => tile.Training
        ? DropoutMask.Of(norm.Node.DropRate, CounterRandom.Key(state.DropoutKey, (ulong)norm.Node.Index))
        : DropoutMask.None;
}
