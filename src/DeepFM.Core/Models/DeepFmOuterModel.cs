namespace DeepFM.Models;

/// <summary>DeepFM-OP: a factorization machine and a product network with the outer product, over the same embeddings.</summary>
/// <remarks>
/// logit = y_FM + mlp([V, e_Σ·e_Σᵀ]), e_Σ = Σ_f e_f — Guo et al. 2018 (arXiv 1804.04950), DeepFM-P with the outer product.
/// </remarks>
public sealed class DeepFmOuterModel(ModelOptions options) : CtrModel(options)
{
    /// <inheritdoc/>
    protected override Logit Define(Inputs x)
    {
        Embedding v = x.Embed(Options.EmbeddingSize);
        return x.Linear()
             + v.PairSum()
             + v.Concat().With(v.Sum().OuterProduct()).Mlp(Options.HiddenWidths);
    }
}
