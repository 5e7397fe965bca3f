namespace DeepFM.Models;

/// <summary>A deep network that starts from a trained factorization machine.</summary>
/// <remarks>
/// logit = mlp([V_f, w_f for each field f]), V and w taken from an FM that is trained first, then tuned with the rest —
/// Zhang, Du and Wang 2016. Differs from the paper: the hidden layers start as in the other models, not from
/// restricted Boltzmann machines, and the FM's constant w0 is not an input (the first layer's bias stands for it).
/// </remarks>
public sealed class FnnModel(ModelOptions options) : CtrModel(options)
{
    /// <inheritdoc/>
    public override Pretraining Pretraining => new(new FmModel(Options),
    [
        new("embedding", "embedding", ToColumn: 0),
        new("linear", "embedding", ToColumn: Options.EmbeddingSize),
    ]);

    /// <inheritdoc/>
    protected override Logit Define(Inputs x) =>
        x.Embed(Options.EmbeddingSize + 1).Concat().Mlp(Options.HiddenWidths);  // z_f = (V_f, w_f)
}
