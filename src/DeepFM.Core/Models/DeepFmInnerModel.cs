namespace DeepFM.Models;

/// <summary>DeepFM-IP: a factorization machine and a product network with inner products, over the same embeddings.</summary>
/// <remarks>
/// logit = y_FM + mlp([V, ⟨V_i, V_j⟩ for all i &lt; j]) — Guo et al. 2018 (arXiv 1804.04950), DeepFM-P with the inner product.
/// </remarks>
public sealed class DeepFmInnerModel(ModelOptions options) : CtrModel(options)
{
    /// <inheritdoc/>
    protected override Logit Define(Inputs x)
    {
        Embedding v = x.Embed(Options.EmbeddingSize);
        return x.Linear()
             + v.PairSum()
             + v.Concat().With(v.InnerProducts()).Mlp(Options.HiddenWidths);
    }
}
