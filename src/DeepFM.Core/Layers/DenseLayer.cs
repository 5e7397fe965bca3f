using System.Runtime.CompilerServices;
using DeepFM.Models;
using DeepFM.Numerics;

namespace DeepFM.Layers;

/// <summary>y = dropout(f(x·W + b)); before a batch norm, z = x·W alone.</summary>
sealed unsafe class DenseLayer : Layer
{
    const int PieceInputs = 26 * Cache.LineFloats;              // the most of a piece of inputs

    readonly DenseNode node;
    readonly Signal x, y;
    readonly DenseParameter weight;
    readonly DenseParameter? bias;
    readonly StepState state;
    readonly float networkL2;
    readonly bool addsToInput;
    readonly NativeBuffer<float> packed, packedTransposed, biasSums, scratch;
    readonly int gradientRows;              // rows of W whose gradient is one task
    readonly UnitBits? inputBits, gradientBits;     // where zeros are to be expected
    readonly bool selectsInputs;            // ∂L/∂x may be left out where x is 0: relu takes none there, and nobody else reads it

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
        gradientRows = GradientRowsFor(Depth, context.Threads);
        UnitBits Bits(int width) => Own(new UnitBits(context.BatchSize, context.Threads, width));
        inputBits = node.Input is DenseNode input && HasZeros(input) ? Bits(Depth) : null;
        gradientBits = context.Trains && bias != null && HasZeros(node) ? Bits(node.Width) : null;
        selectsInputs = gradientBits == null && !addsToInput && node.Input is DenseNode { Activation: Activation.Relu };
        packed = Own(new NativeBuffer<float>(Kernels.Current.PackedLength(Depth, node.Width)));
        packedTransposed = Own(new NativeBuffer<float>(
            context.Trains ? Kernels.Current.PackedLength(node.Width, Depth) : 0));
        biasSums = Own(new NativeBuffer<float>(
            context.Trains ? (long)Tile.MaxCountOf(context.BatchSize) * node.Width : 0));
        scratch = Own(new NativeBuffer<float>(
            context.Trains ? context.Threads * ScratchLength : 0));
    }

    int Depth => node.Input.Width;

    int WeightTasks => (Depth + gradientRows - 1) / gradientRows;

    int GradientColumns => RoundUp((node.Width + WeightTasks - 1) / WeightTasks);       // of W, in a task by units

    bool ByUnits => inputBits == null && gradientBits != null;

    // A multiple of 16, so that each thread's part begins on a line of the cache.
    long ScratchLength => (Math.Max(Kernels.Current.TransposedScratchLength(gradientRows, node.Width),
        ByUnits ? UnitsScratchLength + (long)GradientColumns * PieceInputs : 0) + 15) / 16 * 16;

    int UnitsScratchLength => Kernels.Current.TransposedScratchLength(GradientColumns, PieceInputs);

    public override void Forward(in Tile tile)
    {
        Multiply(x.Value, inputBits, packed, Depth, node.Width, y.Value, add: false, tile);
        if (bias != null)
        {
            float* z = y.Value.At(tile);
            (DropoutMask mask, int firstRow) = state.MaskOf(node, tile);
            Kernels.Current.ActivationForward(z, z, y.Value.Stride, tile.RowCount, node.Width, null, bias.Value, node.Activation,
                mask, firstRow);
        }
    }

    public override void Backward(in Tile tile)
    {
        if (bias != null)
        {
            (DropoutMask mask, int firstRow) = state.MaskOf(node, tile);
            Kernels.Current.ActivationBackward(y.Gradient!.At(tile), y.Value.At(tile), y.Value.Stride, tile.RowCount,
                node.Width, node.Activation, mask, firstRow, biasSums.Pointer + (nint)tile.Index * node.Width);
        }
        if (selectsInputs && inputBits!.SelectsFew(tile))
        {
            Kernels.Current.MultiplySelected(y.Gradient!.At(tile), y.Gradient.Stride, tile.RowCount, weight.Value, node.Width, Depth,
                inputBits.At(tile), x.Gradient!.At(tile), x.Gradient.Stride);
            return;
        }
        Multiply(y.Gradient!, gradientBits, packedTransposed, node.Width, Depth, x.Gradient!, addsToInput, tile);
    }

    public override IEnumerable<Action<int>> PrepareTasks()
    {
        for (int i = 0; i < Kernels.Current.PanelCount(node.Width); i++)
        {
            int panel = i;
            yield return _ => Pack(panel);
        }
        for (int i = 0; i < Kernels.Current.PanelCount(Depth) && packedTransposed.Length > 0; i++)
        {
            int panel = i;
            yield return _ => PackTransposed(panel);
        }
    }

    public override IEnumerable<Action<int>> GradientTasks()
    {
        for (int i = 0; i < WeightTasks; i++)
        {
            int task = i;
            yield return thread => WeightGradient(task, thread);
        }
        if (bias != null) { yield return _ => BiasGradient(); }
    }

    // Large tasks copy less; one a thread shares out well enough, since layers follow. The cut does not change sums.
    internal static int GradientRowsFor(int depth, int threads) =>
        Math.Clamp(RoundUp((depth + threads - 1) / threads), 2 * Kernels.RowMultiple, 20 * Kernels.RowMultiple);

    static int RoundUp(int rows) => (rows + Kernels.RowMultiple - 1) / Kernels.RowMultiple * Kernels.RowMultiple;

    void Pack(int panel) =>
        Kernels.Current.PackPanel(weight.Value, node.Width, false, Depth, node.Width, panel, packed.Pointer);

    void PackTransposed(int panel) =>
        Kernels.Current.PackPanel(weight.Value, node.Width, true, node.Width, Depth, panel, packedTransposed.Pointer);

    void BiasGradient() =>
        TileSums.Add(biasSums.Pointer, Tile.CountOf(state.BatchSize), node.Width, bias!.Gradient);

    // Relu and dropout leave zeros in a layer's units, and, where no batch norm lies between, in ∂L/∂z.
    static bool HasZeros(DenseNode node) => node.Activation == Activation.Relu || node.DropRate > 0;

    // to (+)= from·B, B being W or Wᵀ in panels.
    static void Multiply(Slab from, UnitBits? bits, NativeBuffer<float> panels, int depth, int columns, Slab to, bool add,
        in Tile tile)
    {
        if (bits != null && bits.Find(from, tile))
        {
            Kernels.Current.MultiplySparse(from.At(tile), from.Stride, bits.At(tile), tile.RowCount, panels.Pointer, depth, columns,
                to.At(tile), to.Stride, add);
        }
        else
        {
            Kernels.Current.Multiply(from.At(tile), from.Stride, tile.RowCount, panels.Pointer, depth, columns, to.At(tile),
                to.Stride, add);
        }
    }

    // ∂L/∂W = xᵀ·∂L/∂z, summed over the batch by one thread in a fixed order. Zeros of x are passed over, or, where x has none, those of
    // ∂L/∂z.
    void WeightGradient(int task, int thread)
    {
        float* space = scratch.Pointer + thread * ScratchLength;
        if (ByUnits && gradientBits!.IsSparse(state.BatchSize))
        {
            int unit = Math.Min(task * GradientColumns, node.Width);
            GradientOfUnits(unit, Math.Min(GradientColumns, node.Width - unit), space);
            return;
        }
        int first = task * gradientRows;
        GradientOfInputs(first, Math.Min(gradientRows, Depth - first), space);
    }

    // Rows of W: those of some inputs.
    void GradientOfInputs(int first, int count, float* space)
    {
        float* units = x.Value.OfWholeBatch() + first, gradZ = y.Gradient!.OfWholeBatch();
        float* gradient = weight.Gradient + (nint)first * node.Width;
        if (inputBits != null && inputBits.IsSparse(state.BatchSize))
        {
            Kernels.Current.MultiplyTransposedSparse(units, x.Value.Stride, inputBits.OfWholeBatch(), inputBits.Words, first, count,
                gradZ, y.Gradient.Stride, state.BatchSize, node.Width, gradient, space);
        }
        else
        {
            Kernels.Current.MultiplyTransposed(units, x.Value.Stride, count, gradZ, y.Gradient.Stride, state.BatchSize, node.Width,
                gradient, space);
        }
        AddPenalty((nint)first * node.Width, count * node.Width);
    }

    // Columns of W: those of some units. Their gradient's transpose is ∂L/∂zᵀ·x; of a piece of x at a time, cut at lines of the cache, it
    // stays in a core's cache.
    void GradientOfUnits(int first, int count, float* space)
    {
        if (count == 0) { return; }
        float* transposed = space + UnitsScratchLength;                     // [count, inputs of a piece]
        int lines = (Depth + Cache.LineFloats - 1) / Cache.LineFloats, pieces = (Depth + PieceInputs - 1) / PieceInputs;
        for (int piece = 0; piece < pieces; piece++)
        {
            int input = piece * lines / pieces * Cache.LineFloats;
            int inputs = Math.Min((piece + 1) * lines / pieces * Cache.LineFloats, Depth) - input;
            Kernels.Current.MultiplyTransposedSparse(y.Gradient!.OfWholeBatch() + first, y.Gradient.Stride,
                gradientBits!.OfWholeBatch(), gradientBits.Words, first, count, x.Value.OfWholeBatch() + input, x.Value.Stride,
                state.BatchSize, inputs, transposed, space);
            Transpose(transposed, count, inputs, weight.Gradient + (nint)input * node.Width + first, node.Width);
        }
        for (int i = 0; i < Depth; i++) { AddPenalty((nint)i * node.Width + first, count); }
    }

    // A few columns at a time, whose lines the cache holds until they are full.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Transpose(float* from, int rows, int columns, float* to, nint toStride)
    {
        for (int first = 0; first < columns; first += Cache.LineFloats)
        {
            int end = Math.Min(columns, first + Cache.LineFloats);
            for (int r = 0; r < rows; r++)
            {
                for (int j = first; j < end; j++) { to[j * toStride + r] = from[(nint)r * columns + j]; }
            }
        }
    }

    void AddPenalty(nint first, int count)
    {
        if (networkL2 == 0 || !state.AddsPenalties) { return; }
        Kernels.Current.AddScaled(weight.Value + first, networkL2, weight.Gradient + first, count);
    }
}
