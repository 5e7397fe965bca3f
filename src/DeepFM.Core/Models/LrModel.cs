namespace DeepFM.Models;

/// <summary>Logistic regression.</summary>
/// <remarks>logit = w0 + ⟨w, x⟩. Differs from the paper: it leaves the constant w0 out of its formulas.</remarks>
public sealed class LrModel(ModelOptions options) : CtrModel(options)
{
    /// <inheritdoc/>
    protected override Logit Define(Inputs x) =>
        x.Bias() + x.Linear();
}
