namespace DeepFM.Models;

/// <summary>Wide &amp; Deep with a factorization machine as wide part, over embeddings of its own.</summary>
/// <remarks>logit = ⟨w, x⟩ + Σ_{i&lt;j} ⟨V′_i, V′_j⟩ x_i x_j + y_DNN(V) — FM &amp; DNN of Guo et al. 2017, section 3.1. Sharing V is DeepFM.</remarks>
public sealed class FmDnnModel(ModelOptions options) : CtrModel(options)
{
    /// <inheritdoc/>
    protected override Logit Define(Inputs x) =>
        x.Linear()
        + x.Embed(Options.EmbeddingSize).PairSum()                              // V′
        + x.Embed(Options.EmbeddingSize).Concat().Mlp(Options.HiddenWidths);    // V
}
