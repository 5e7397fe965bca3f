namespace DeepFM.Models;

/// <summary>Wide &amp; Deep with a linear wide part, without feature engineering.</summary>
/// <remarks>logit = ⟨w, x⟩ + y_DNN — LR &amp; DNN of Guo et al. 2017, section 3.1, after Cheng et al. 2016.</remarks>
public sealed class LrDnnModel(ModelOptions options) : CtrModel(options)
{
    /// <inheritdoc/>
    protected override Logit Define(Inputs x) =>
        x.Linear() + x.Embed(Options.EmbeddingSize).Concat().Mlp(Options.HiddenWidths);
}
