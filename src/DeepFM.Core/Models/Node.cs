namespace DeepFM.Models;

/// <summary>One step of a model: what it computes for a sample, not how.</summary>
/// <param name="Index">Position in <see cref="ModelDefinition.Nodes"/>; inputs stand before their users.</param>
/// <param name="Width">Numbers that it gives per sample.</param>
public abstract record Node(int Index, int Width)
{
    const int MaxWidth = 1 << 30;           // room for what buffers add to it

    internal static int WidthOf(long numbers, string what) => numbers <= MaxWidth ? (int)numbers : throw new ArgumentException(
        $"{what} would be {numbers} numbers a row, more than {MaxWidth}. Set a smaller embeddingSize, give fewer fields, or take another "
        + "model.");

    /// <summary>The nodes that it reads.</summary>
    public IEnumerable<Node> Sources => this switch
    {
        PairSumNode pairs => [pairs.Input],
        InnerProductsNode products => [products.Input],
        FieldSumNode sum => [sum.Input],
        OuterProductNode outer => [outer.Input],
        DenseNode dense => [dense.Input],
        OutputNode output => [output.Input],
        JoinNode join => join.Inputs,
        _ => [],
    };
}

/// <summary>w0, one number for all samples.</summary>
/// <param name="Index"><inheritdoc/></param>
/// <param name="Name">The parameter's name.</param>
public sealed record BiasNode(int Index, string Name) : Node(Index, 1);

/// <summary>⟨w, x⟩ = Σ_f Σ_j w[id_fj]·x_fj — Guo et al. 2017, eq. (2), first term.</summary>
/// <param name="Index"><inheritdoc/></param>
/// <param name="Name">The parameter's name; its shape is [N, 1].</param>
public sealed record LinearNode(int Index, string Name) : Node(Index, 1);

/// <summary>e_f = Σ_j V[id_fj]·x_fj for each field, side by side: [F, K] — eq. (3).</summary>
/// <param name="Index"><inheritdoc/></param>
/// <param name="FieldCount">F.</param>
/// <param name="Size">K.</param>
/// <param name="Name">The parameter's name; its shape is [N, K].</param>
public sealed record EmbedNode(int Index, int FieldCount, int Size, string Name)
    : Node(Index, WidthOf((long)FieldCount * Size, $"Embeddings of {FieldCount} fields"));

/// <summary>Σ_{i&lt;j} ⟨e_i, e_j⟩ over all features — eq. (2), second term; see <see cref="Embedding.PairSum"/>.</summary>
/// <param name="Index"><inheritdoc/></param>
/// <param name="Input">The embeddings e.</param>
public sealed record PairSumNode(int Index, EmbedNode Input) : Node(Index, 1);

/// <summary>⟨e_i, e_j⟩ for every i &lt; j, in the order (0,1), (0,2), …, (1,2), … — Qu et al. 2016, inner product.</summary>
/// <param name="Index"><inheritdoc/></param>
/// <param name="Input">The embeddings e.</param>
public sealed record InnerProductsNode(int Index, EmbedNode Input)
    : Node(Index, WidthOf((long)Input.FieldCount * (Input.FieldCount - 1) / 2, $"Inner products of {Input.FieldCount} fields"));

/// <summary>e_Σ = Σ_f e_f, [K].</summary>
/// <param name="Index"><inheritdoc/></param>
/// <param name="Input">The embeddings e.</param>
public sealed record FieldSumNode(int Index, EmbedNode Input) : Node(Index, Input.Size);

/// <summary>u·uᵀ, row by row, [n·n] — Qu et al. 2016, outer product of the superposition.</summary>
/// <param name="Index"><inheritdoc/></param>
/// <param name="Input">u, [n].</param>
public sealed record OuterProductNode(int Index, Node Input)
    : Node(Index, WidthOf((long)Input.Width * Input.Width, $"The outer product of {Input.Width} units"));

/// <summary>Several inputs side by side.</summary>
/// <param name="Index"><inheritdoc/></param>
/// <param name="Inputs">In order.</param>
public sealed record JoinNode(int Index, IReadOnlyList<Node> Inputs)
    : Node(Index, WidthOf(Inputs.Sum(input => (long)input.Width), "Inputs side by side"));

/// <summary>dropout(f(batchNorm(u·W + b))) — eq. (4).</summary>
/// <param name="Index"><inheritdoc/></param>
/// <param name="Input">u, [n].</param>
/// <param name="Width"><inheritdoc/></param>
/// <param name="Activation">f.</param>
/// <param name="DropRate">Probability that training zeroes a unit; the others are divided by 1 − DropRate.</param>
/// <param name="BatchNorm">Whether the sum is normalised by batch, with scale γ and shift β, before f.</param>
/// <param name="Init">The distribution of the initial W; b starts at 0.</param>
/// <param name="Name">Prefix of <c>.weight</c> [n, Width], <c>.bias</c> [Width]; with batch norm, in place of the bias that it
/// would cancel, <c>.scale</c>, <c>.shift</c> and the running <c>.mean</c> and <c>.variance</c> [Width].</param>
public sealed record DenseNode(int Index, Node Input, int Width, Activation Activation, float DropRate, bool BatchNorm,
    WeightInit Init, string Name) : Node(Index, Width);

/// <summary>u·w + b, one number.</summary>
/// <param name="Index"><inheritdoc/></param>
/// <param name="Input">u, [n].</param>
/// <param name="Init">The distribution of the initial w; b starts at 0.</param>
/// <param name="Name">Prefix of <c>.weight</c> [n, 1] and <c>.bias</c> [1].</param>
public sealed record OutputNode(int Index, Node Input, WeightInit Init, string Name) : Node(Index, 1);
