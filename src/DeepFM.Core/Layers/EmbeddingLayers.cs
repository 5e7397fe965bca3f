using DeepFM.Models;
using DeepFM.Numerics;

namespace DeepFM.Layers;

/// <summary>Adds the pair sum Σ_{i&lt;j} ⟨e_i, e_j⟩ to the logit; its gradient is part of <see cref="LookupLayer"/>'s.</summary>
/// <param name="node">The definition.</param>
/// <param name="e">Embeddings, [B, F, K].</param>
/// <param name="fieldSum">Written: Σ_f e_f, [B, K].</param>
/// <param name="state">The step.</param>
sealed unsafe class PairSumLayer(PairSumNode node, Slab e, Slab fieldSum, StepState state) : Layer
{
    public override void Forward(in Tile tile)
    {
        float* row = e.At(tile);
        float* sum = fieldSum.At(tile);
        for (int r = 0; r < tile.RowCount; r++, row += e.Stride, sum += fieldSum.Stride)
        {
            state.Logits[tile.FirstRow + r] +=
                Kernels.Current.PairSum(row, node.Input.FieldCount, node.Input.Size, sum);
        }
    }

    public override void Backward(in Tile tile) { }
}

/// <summary>e_Σ = Σ_f e_f; its gradient is part of <see cref="LookupLayer"/>'s.</summary>
sealed unsafe class FieldSumLayer(FieldSumNode node, Slab e, Slab fieldSum) : Layer
{
    public override void Forward(in Tile tile)
    {
        float* row = e.At(tile);
        float* sum = fieldSum.At(tile);
        for (int r = 0; r < tile.RowCount; r++, row += e.Stride, sum += fieldSum.Stride)
        {
            _ = Kernels.Current.PairSum(row, node.Input.FieldCount, node.Input.Size, sum);
        }
    }

    public override void Backward(in Tile tile) { }
}

/// <summary>⟨e_i, e_j⟩ for all i &lt; j.</summary>
sealed unsafe class InnerProductsLayer : Layer
{
    readonly InnerProductsNode node;
    readonly Signal e, p;
    readonly bool addsToInput;
    readonly int scratchLength;
    readonly NativeBuffer<float> scratch;

    public InnerProductsLayer(InnerProductsNode node, Signal e, Signal p, bool addsToInput, LayerContext context)
    {
        this.node = node;
        this.e = e;
        this.p = p;
        this.addsToInput = addsToInput;
        scratchLength = (Kernels.Current.ProductScratchLength(F, K) + 15) / 16 * 16;
        scratch = Own(new NativeBuffer<float>((long)context.Threads * scratchLength));
    }

    int F => node.Input.FieldCount;

    int K => node.Input.Size;

    public override void Forward(in Tile tile)
    {
        float* row = e.Value.At(tile);
        float* products = p.Value.At(tile);
        for (int r = 0; r < tile.RowCount; r++, row += e.Value.Stride, products += p.Value.Stride)
        {
            Kernels.Current.InnerForward(row, F, K, products, Scratch(tile));
        }
    }

    public override void Backward(in Tile tile)
    {
        float* row = e.Value.At(tile);
        float* gradRow = e.Gradient!.At(tile);
        float* gradProducts = p.Gradient!.At(tile);
        for (int r = 0; r < tile.RowCount; r++)
        {
            Kernels.Current.InnerBackward(gradProducts, row, F, K, gradRow, addsToInput, Scratch(tile));
            row += e.Value.Stride;
            gradRow += e.Gradient.Stride;
            gradProducts += p.Gradient.Stride;
        }
    }

    float* Scratch(in Tile tile) => scratch.Pointer + (nint)tile.Thread * scratchLength;
}

/// <summary>u·uᵀ.</summary>
sealed unsafe class OuterProductLayer(OuterProductNode node, Signal u, Signal p, bool addsToInput) : Layer
{
    public override void Forward(in Tile tile)
    {
        float* row = u.Value.At(tile);
        float* product = p.Value.At(tile);
        for (int r = 0; r < tile.RowCount; r++, row += u.Value.Stride, product += p.Value.Stride)
        {
            Kernels.Current.OuterForward(row, node.Input.Width, product);
        }
    }

    public override void Backward(in Tile tile)
    {
        float* row = u.Value.At(tile);
        float* gradRow = u.Gradient!.At(tile);
        float* gradProduct = p.Gradient!.At(tile);
        for (int r = 0; r < tile.RowCount; r++)
        {
            Kernels.Current.OuterBackward(gradProduct, row, node.Input.Width, gradRow, addsToInput);
            row += u.Value.Stride;
            gradRow += u.Gradient.Stride;
            gradProduct += p.Gradient.Stride;
        }
    }
}

/// <summary>Copies a signal into its place in a join, where it could not be computed in place.</summary>
sealed unsafe class CopyLayer(Signal from, Signal to, int width, bool addsToInput) : Layer
{
    public override void Forward(in Tile tile)
    {
        float* source = from.Value.At(tile);
        float* target = to.Value.At(tile);
        for (int r = 0; r < tile.RowCount; r++, source += from.Value.Stride, target += to.Value.Stride)
        {
            new ReadOnlySpan<float>(source, width).CopyTo(new(target, width));
        }
    }

    public override void Backward(in Tile tile)
    {
        float* source = to.Gradient!.At(tile);
        float* target = from.Gradient!.At(tile);
        for (int r = 0; r < tile.RowCount; r++, source += to.Gradient.Stride, target += from.Gradient.Stride)
        {
            if (!addsToInput) { new Span<float>(target, width).Clear(); }
            Kernels.Current.AddScaled(source, 1, target, width);
        }
    }
}
