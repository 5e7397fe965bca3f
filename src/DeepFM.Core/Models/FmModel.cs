namespace DeepFM.Models;

/// <summary>A factorization machine of order 2.</summary>
/// <remarks>
/// logit = w0 + ⟨w, x⟩ + Σ_{i&lt;j} ⟨V_i, V_j⟩ x_i x_j — Rendle 2010; Guo et al. 2017, eq. (2), which leaves w0 out. Of a field of
/// several values: <see cref="Embedding.PairSum"/>.
/// </remarks>
public sealed class FmModel(ModelOptions options) : CtrModel(options)
{
    /// <inheritdoc/>
    protected override Logit Define(Inputs x) =>
        x.Bias() + x.Linear() + x.Embed(Options.EmbeddingSize).PairSum();
}
