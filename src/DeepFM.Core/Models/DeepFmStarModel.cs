namespace DeepFM.Models;

/// <summary>DeepFM-*P: a factorization machine and a product network with both products, over the same embeddings.</summary>
/// <remarks>
/// logit = y_FM + mlp([V, ⟨V_i, V_j⟩ for all i &lt; j, e_Σ·e_Σᵀ]) — Guo et al. 2018 (arXiv 1804.04950), DeepFM-P with both.
/// </remarks>
public sealed class DeepFmStarModel(ModelOptions options) : CtrModel(options)
{
    /// <inheritdoc/>
    protected override Logit Define(Inputs x)
    {
        Embedding v = x.Embed(Options.EmbeddingSize);
        return x.Linear()
             + v.PairSum()
             + v.Concat().With(v.InnerProducts(), v.Sum().OuterProduct()).Mlp(Options.HiddenWidths);
    }
}
