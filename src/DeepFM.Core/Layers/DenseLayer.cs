using DeepFM.Models;
using DeepFM.Numerics;

namespace DeepFM.Layers;

/// <summary>y = dropout(f(x·W + b)); before a batch norm, z = x·W alone.</summary>
sealed unsafe class DenseLayer : Layer
{
    readonly DenseNode node;
    readonly Signal x, y;
    readonly DenseParameter weight;
    readonly DenseParameter? bias;
    readonly StepState state;
    readonly float networkL2;
    readonly bool addsToInput;
    readonly NativeBuffer<float> packed, packedTransposed, biasSums, scratch;
    readonly ulong maskKey;
    readonly int gradientRows;              // rows of W whose gradient is one task

    /// <param name="node">The definition.</param>
    /// <param name="x">Input, [B, n].</param>
    /// <param name="y">Output, [B, Width]; z before a batch norm.</param>
    /// <param name="addsToInput">Whether ∂L/∂x is added to, because another layer has written it.</param>
    /// <param name="parameters">All dense parameters.</param>
    /// <param name="context">Sizes and settings.</param>
    public DenseLayer(DenseNode node, Signal x, Signal y, bool addsToInput, DenseParameters parameters,
        LayerContext context)
    {
        this.node = node;
        this.x = x;
        this.y = y;
        this.addsToInput = addsToInput;
        state = context.State;
        networkL2 = context.NetworkL2;
        weight = parameters[$"{node.Name}.weight"];
        bias = node.BatchNorm ? null : parameters[$"{node.Name}.bias"];
        maskKey = (ulong)node.Index;
        gradientRows = GradientRowsFor(Depth, context.Threads);
        packed = Own(new NativeBuffer<float>(Kernels.Current.PackedLength(Depth, node.Width)));
        packedTransposed = Own(new NativeBuffer<float>(
            context.Trains ? Kernels.Current.PackedLength(node.Width, Depth) : 0));
        biasSums = Own(new NativeBuffer<float>(
            context.Trains ? (long)Tile.MaxCountOf(context.BatchSize) * node.Width : 0));
        scratch = Own(new NativeBuffer<float>(
            context.Trains ? (long)context.Threads * ScratchLength : 0));
    }

    int Depth => node.Input.Width;

    int ScratchLength => Kernels.Current.TransposedScratchLength(gradientRows, node.Width);

    public override void Forward(in Tile tile)
    {
        Kernels.Current.Multiply(x.Value.At(tile), x.Value.Stride, tile.RowCount, packed.Pointer, Depth, node.Width,
            y.Value.At(tile), y.Value.Stride, add: false);
        if (bias != null)
        {
            float* z = y.Value.At(tile);
            Kernels.Current.ActivationForward(z, z, y.Value.Stride, tile.RowCount, node.Width, null, bias.Value, node.Activation,
                Mask(tile), tile.FirstRow);
        }
    }

    public override void Backward(in Tile tile)
    {
        if (bias != null)
        {
            Kernels.Current.ActivationBackward(y.Gradient!.At(tile), y.Value.At(tile), y.Value.Stride, tile.RowCount,
                node.Width, node.Activation, Mask(tile), tile.FirstRow, biasSums.Pointer + (nint)tile.Index * node.Width);
        }
        Kernels.Current.Multiply(y.Gradient!.At(tile), y.Gradient.Stride, tile.RowCount, packedTransposed.Pointer,
            node.Width, Depth, x.Gradient!.At(tile), x.Gradient.Stride, addsToInput);
    }

    public override IEnumerable<Action<int>> PrepareTasks()
    {
        for (int i = 0; i < Panels(node.Width); i++)
        {
            int panel = i;
            yield return _ => Pack(panel);
        }
        for (int i = 0; i < Panels(Depth) && packedTransposed.Length > 0; i++)
        {
            int panel = i;
            yield return _ => PackTransposed(panel);
        }
    }

    public override IEnumerable<Action<int>> GradientTasks()
    {
        for (int i = 0; i < Depth; i += gradientRows)
        {
            int first = i;
            yield return thread => WeightGradient(first, Math.Min(gradientRows, Depth - first), thread);
        }
        if (bias != null) { yield return _ => BiasGradient(); }
    }

    // Large tasks copy less; one a thread shares out well enough, since layers follow. The cut does not change sums.
    internal static int GradientRowsFor(int depth, int threads)
    {
        int rows = (depth + threads - 1) / threads;
        return Math.Clamp((rows + 4) / 5 * 5, 40, 400);
    }

    internal static int Panels(int columns) => (columns + Kernels.Current.PanelWidth - 1) / Kernels.Current.PanelWidth;

    void Pack(int panel) =>
        Kernels.Current.PackPanel(weight.Value, node.Width, false, Depth, node.Width, panel, packed.Pointer);

    void PackTransposed(int panel) =>
        Kernels.Current.PackPanel(weight.Value, node.Width, true, node.Width, Depth, panel, packedTransposed.Pointer);

    void BiasGradient() =>
        TileSums.Add(biasSums.Pointer, Tile.CountOf(state.BatchSize), node.Width, bias!.Gradient);

    DropoutMask Mask(in Tile tile) => tile.Training
        ? DropoutMask.Of(node.DropRate, CounterRandom.Key(state.DropoutKey, maskKey))
        : DropoutMask.None;

    // ∂L/∂W = xᵀ·∂L/∂z, summed over the batch in order by one thread.
    void WeightGradient(int first, int count, int thread)
    {
        float* gradient = weight.Gradient + (nint)first * node.Width;
        Kernels.Current.MultiplyTransposed(x.Value.OfWholeBatch() + first, x.Value.Stride, count,
            y.Gradient!.OfWholeBatch(), y.Gradient.Stride, state.BatchSize, node.Width, gradient,
            scratch.Pointer + (nint)thread * ScratchLength);
        if (networkL2 != 0 && state.AddsPenalties)
        {
            Kernels.Current.AddScaled(weight.Value + (nint)first * node.Width, networkL2, gradient, count * node.Width);
        }
    }
}
