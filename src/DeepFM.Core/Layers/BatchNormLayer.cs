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
        memory = new((6L + 4 * tiles) * Width);
    }

    public DenseNode Node { get; }

    public int Width => Node.Width;

    public DenseParameter Scale { get; }

    public DenseParameter Shift { get; }

    public DenseParameter RunningMean { get; }

    public DenseParameter RunningVariance { get; }

    // x̂ = z·Inverse + Center, [Width] each; of the batch, or in evaluation of the running statistics.
    public float* Inverse => memory.Pointer;

    public float* Center => memory.Pointer + Width;

    // x̂·γ + β = z·Factor + Offset.
    public float* Factor => memory.Pointer + 2 * Width;

    public float* Offset => memory.Pointer + 3 * Width;

    // ∂L/∂z = grad·Factor − (z·GradientSlope + GradientOffset), grad being ∂L/∂(x̂·γ + β).
    public float* GradientSlope => memory.Pointer + 4 * Width;

    public float* GradientOffset => memory.Pointer + 5 * Width;

    // Of the tiles, [tiles, Width] each.
    public float* TileMeans => memory.Pointer + 6 * Width;

    public float* TileSquares => TileMeans + (nint)tiles * Width;

    public float* TileShifts => TileSquares + (nint)tiles * Width;

    public float* TileScales => TileShifts + (nint)tiles * Width;

    /// <summary>Says how a unit is normalized.</summary>
    public void Set(int unit, double mean, double variance, float epsilon)
    {
        double inverse = 1 / Math.Sqrt(variance + epsilon), factor = Scale.Value[unit] * inverse;
        Inverse[unit] = (float)inverse;
        Center[unit] = (float)(-mean * inverse);
        Factor[unit] = (float)factor;
        Offset[unit] = (float)(Shift.Value[unit] - mean * factor);
    }

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
            double share = rows / (count + rows), weight = count * share;
            for (int j = 0; j < means.Length; j++)
            {
                double delta = tileMeans[j] - means[j];
                means[j] += delta * share;
                squares[j] += tileSquares[j] + delta * delta * weight;
            }
            count += rows;
        }
        for (int j = 0; j < means.Length; j++)
        {
            norm.Set(j, means[j], squares[j] / count, context.BatchNormEpsilon);
            if (count == 1) { continue; }                   // a row by itself has no variance to learn from
            Move(ref norm.RunningMean.Value[j], means[j]);
            Move(ref norm.RunningVariance.Value[j], squares[j] / (count - 1));
        }
    }

    public override void ReduceBackward(int batchSize)
    {
        int tiles = Tile.CountOf(batchSize);
        TileSums.Add(norm.TileShifts, tiles, norm.Width, norm.Shift.Gradient);
        TileSums.Add(norm.TileScales, tiles, norm.Width, norm.Scale.Gradient);
        for (int j = 0; j < norm.Width; j++)
        {
            // ∂L/∂z = factor·(grad − mean of grad − x̂·mean of grad·x̂): algorithm 1's gradient, in z.
            double factor = norm.Factor[j], slope = factor * norm.Inverse[j] * norm.Scale.Gradient[j] / batchSize;
            norm.GradientSlope[j] = (float)slope;
            norm.GradientOffset[j] = (float)(factor * norm.Shift.Gradient[j] / batchSize - slope * means[j]);
        }
    }

    public override void Backward(in Tile tile) =>
        Kernels.Current.NormBackward(gradient!.At(tile), z.Value.At(tile), z.Value.Stride, tile.RowCount, norm.Width,
            norm.Factor, norm.GradientSlope, norm.GradientOffset);

    void Move(ref float running, double now) =>
        running = (float)(running + context.BatchNormMomentum * (now - running));
}

/// <summary>y = dropout(f(x̂·γ + β)), x̂ = (z − mean)/√(variance + ε).</summary>
/// <remarks>
/// Only z and y are kept. Both passes take x̂ from z, as z times a factor plus an offset, which are formed in double; the
/// error of that is a rounding of z/√(variance + ε), as z's own is.
/// <para>A unit that lies on relu's kink but for rounding has its gradient or none. Where a full batch meets one, Adam carries it into
/// single parameters, in the same measure as in any float32: see the tests' <c>FullBatchParityTests</c> for figures.</para>
/// </remarks>
sealed unsafe class BatchNormApplyLayer(BatchNormState norm, Signal z, Signal y, LayerContext context) : Layer
{
    readonly StepState state = context.State;

    public override void Forward(in Tile tile)
    {
        (DropoutMask mask, int firstRow) = state.MaskOf(norm.Node, tile);
        Kernels.Current.ActivationForward(z.Value.At(tile), y.Value.At(tile), y.Value.Stride, tile.RowCount, norm.Width,
            norm.Factor, norm.Offset, norm.Node.Activation, mask, firstRow);
    }

    public override void Backward(in Tile tile)
    {
        nint at = (nint)tile.Index * norm.Width;
        (DropoutMask mask, int firstRow) = state.MaskOf(norm.Node, tile);
        Kernels.Current.NormGradientSums(y.Gradient!.At(tile), y.Value.At(tile), z.Value.At(tile), y.Value.Stride, tile.RowCount,
            norm.Width, norm.Inverse, norm.Center, norm.Node.Activation, mask, firstRow, norm.TileShifts + at,
            norm.TileScales + at);
    }

    /// <summary>Evaluation normalizes by the running statistics, the same for all tiles.</summary>
    public void UseRunningStatistics()
    {
        for (int j = 0; j < norm.Width; j++)
        {
            norm.Set(j, norm.RunningMean.Value[j], norm.RunningVariance.Value[j], context.BatchNormEpsilon);
        }
    }
}
