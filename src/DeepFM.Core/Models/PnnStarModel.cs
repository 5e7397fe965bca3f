namespace DeepFM.Models;

/// <summary>The product network with inner products and the outer product.</summary>
/// <remarks>logit = mlp([V, ⟨V_i, V_j⟩ for all i &lt; j, e_Σ·e_Σᵀ]) — PNN* of Qu et al. 2016.</remarks>
public sealed class PnnStarModel(ModelOptions options) : CtrModel(options)
{
    /// <inheritdoc/>
    protected override Logit Define(Inputs x)
    {
        Embedding v = x.Embed(Options.EmbeddingSize);
        return v.Concat().With(v.InnerProducts(), v.Sum().OuterProduct()).Mlp(Options.HiddenWidths);
    }
}
