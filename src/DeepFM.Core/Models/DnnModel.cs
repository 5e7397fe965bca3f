namespace DeepFM.Models;

/// <summary>A deep network over the embeddings alone.</summary>
/// <remarks>logit = y_DNN — Guo et al. 2017, eq. (4); a baseline of the extended paper.</remarks>
public sealed class DnnModel(ModelOptions options) : CtrModel(options)
{
    /// <inheritdoc/>
    protected override Logit Define(Inputs x) =>
        x.Embed(Options.EmbeddingSize).Concat().Mlp(Options.HiddenWidths);
}
