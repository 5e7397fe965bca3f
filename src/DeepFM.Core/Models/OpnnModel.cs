namespace DeepFM.Models;

/// <summary>The product network with the outer product, by superposition.</summary>
/// <remarks>logit = mlp([V, e_Σ·e_Σᵀ]), e_Σ = Σ_f e_f — Qu et al. 2016.</remarks>
public sealed class OpnnModel(ModelOptions options) : CtrModel(options)
{
    /// <inheritdoc/>
    protected override Logit Define(Inputs x)
    {
        Embedding v = x.Embed(Options.EmbeddingSize);
        return v.Concat().With(v.Sum().OuterProduct()).Mlp(Options.HiddenWidths);
    }
}
