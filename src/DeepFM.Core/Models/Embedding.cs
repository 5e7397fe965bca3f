using DeepFM.Data;

namespace DeepFM.Models;

/// <summary>The embeddings e of a sample's fields, [F, K].</summary>
public sealed class Embedding
{
    readonly Inputs inputs;
    readonly EmbedNode node;
    FieldSumNode? sum;

    internal Embedding(Inputs inputs, EmbedNode node)
    {
        this.inputs = inputs;
        this.node = node;
    }

    /// <summary>All fields side by side, [F·K] — Guo et al. 2017, eq. (3).</summary>
    public Units Concat() => new(inputs, node);

    /// <summary>Σ_{i&lt;j} ⟨e_i, e_j⟩ — eq. (2), second term.</summary>
    /// <remarks>
    /// <para>Differs from the paper where a field has several values: the paper's sum is over features, this one over fields, each with
    /// the sum or mean of its values' embeddings, as all peers have it. Values of one field form no pairs with each other.</para>
    /// <para>Unless the field's values are features of their own (<see cref="EncodedField.PairsWithin"/>), as in libFM files: then
    /// Σ_{i&lt;j} ⟨V_i, V_j⟩ x_i x_j is over all features, as Rendle 2010 and the paper have it. As in libFM, an id that a row has twice
    /// is two features, a pair with each other too.</para>
    /// </remarks>
    public Logit PairSum() => new(inputs, [inputs.Add(index => new PairSumNode(index, node))]);

    /// <summary>⟨e_i, e_j⟩ of all F(F−1)/2 pairs — Qu et al. 2016, IPNN.</summary>
    /// <remarks>
    /// Differs from the paper: that one factorises the products' weights to first order, W_p^n = θ^n·θ^nᵀ (its eq. 11),
    /// to save time. Here, as in its author's later code, every product has a weight of its own.
    /// </remarks>
    /// <exception cref="ArgumentException">There is one field alone, so no pair.</exception>
    public Units InnerProducts() => node.FieldCount > 1
        ? new(inputs, inputs.Add(index => new InnerProductsNode(index, node)))
        : throw new ArgumentException("Inner products are of fields, and need at least 2; the data have 1. Give what should pair a field "
            + "each, in libFM files by the schema's 'columns', or take another model.");

    /// <summary>e_Σ = Σ_f e_f, [K] — the superposition of Qu et al. 2016, OPNN.</summary>
    public Units Sum() => new(inputs, sum ??= inputs.Add(index => new FieldSumNode(index, node)));
}
