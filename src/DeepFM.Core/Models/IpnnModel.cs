namespace DeepFM.Models;

/// <summary>The product network with inner products.</summary>
/// <remarks>logit = mlp([V, ⟨V_i, V_j⟩ for all i &lt; j]) — Qu et al. 2016; see <see cref="Embedding.InnerProducts"/>.</remarks>
public sealed class IpnnModel(ModelOptions options) : CtrModel(options)
{
    /// <inheritdoc/>
    protected override Logit Define(Inputs x)
    {
        Embedding v = x.Embed(Options.EmbeddingSize);
        return v.Concat().With(v.InnerProducts()).Mlp(Options.HiddenWidths);
    }
}
