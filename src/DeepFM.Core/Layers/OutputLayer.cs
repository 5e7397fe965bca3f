using System.Numerics.Tensors;
using DeepFM.Models;
using DeepFM.Numerics;

namespace DeepFM.Layers;

/// <summary>Adds u·w + b to the logit.</summary>
sealed unsafe class OutputLayer : Layer
{
    readonly OutputNode node;
    readonly Signal u;
    readonly bool addsToInput;
    readonly DenseParameter weight, bias;
    readonly StepState state;
    readonly float networkL2;
    readonly NativeBuffer<float> tileSums;          // [tiles, n + 1]
    readonly NativeBuffer<float> sums;              // [n + 1]

    public OutputLayer(OutputNode node, Signal u, bool addsToInput, DenseParameters parameters, LayerContext context)
    {
        this.node = node;
        this.u = u;
        this.addsToInput = addsToInput;
        state = context.State;
        networkL2 = context.NetworkL2;
        weight = parameters[$"{node.Name}.weight"];
        bias = parameters[$"{node.Name}.bias"];
        tileSums = Own(new NativeBuffer<float>(
            context.Trains ? (long)Tile.MaxCountOf(context.BatchSize) * (Width + 1) : 0));
        sums = Own(new NativeBuffer<float>(Width + 1));
    }

    int Width => node.Input.Width;

    public override void Forward(in Tile tile)
    {
        float* row = u.Value.At(tile);
        for (int r = 0; r < tile.RowCount; r++, row += u.Value.Stride)
        {
            state.Logits[tile.FirstRow + r] += TensorPrimitives.Dot(new ReadOnlySpan<float>(row, Width),
                new ReadOnlySpan<float>(weight.Value, Width)) + *bias.Value;
        }
    }

    public override void Backward(in Tile tile)
    {
        float* row = u.Value.At(tile);
        float* gradient = u.Gradient!.At(tile);
        float* tileSum = tileSums.Pointer + (nint)tile.Index * (Width + 1);
        new Span<float>(tileSum, Width + 1).Clear();
        for (int r = 0; r < tile.RowCount; r++, row += u.Value.Stride, gradient += u.Gradient.Stride)
        {
            float gradLogit = state.GradLogits[tile.FirstRow + r];
            if (!addsToInput) { new Span<float>(gradient, Width).Clear(); }
            Kernels.Current.AddScaled(weight.Value, gradLogit, gradient, Width);
            Kernels.Current.AddScaled(row, gradLogit, tileSum, Width);
            tileSum[Width] += gradLogit;
        }
    }

    public override IEnumerable<Action<int>> GradientTasks() => [_ => SumGradients()];

    void SumGradients()
    {
        float* all = sums.Pointer;
        TileSums.Add(tileSums.Pointer, Tile.CountOf(state.BatchSize), Width + 1, all);
        new ReadOnlySpan<float>(all, Width).CopyTo(new(weight.Gradient, Width));
        *bias.Gradient = all[Width];
        if (networkL2 != 0 && state.AddsPenalties) { Kernels.Current.AddScaled(weight.Value, networkL2, weight.Gradient, Width); }
    }
}

/// <summary>Adds w0 to the logit.</summary>
sealed unsafe class BiasLayer(DenseParameter bias, LayerContext context) : Layer
{
    readonly StepState state = context.State;

    public override void Forward(in Tile tile)
    {
        for (int r = 0; r < tile.RowCount; r++) { state.Logits[tile.FirstRow + r] += *bias.Value; }
    }

    public override void Backward(in Tile tile) { }

    public override IEnumerable<Action<int>> GradientTasks() => [_ => SumGradient()];

    void SumGradient()
    {
        double total = 0;
        for (int b = 0; b < state.BatchSize; b++) { total += state.GradLogits[b]; }
        *bias.Gradient = (float)total;
    }
}
