namespace DeepFM.Models;

/// <summary>DeepFM: a factorization machine and a deep network over the same embeddings, added.</summary>
/// <remarks>Guo et al. 2017, eq. (1) before its sigmoid: logit = y_FM + y_DNN.</remarks>
public sealed class DeepFmModel(ModelOptions options) : CtrModel(options)
{
    /// <inheritdoc/>
    protected override Logit Define(Inputs x)
    {
        Embedding v = x.Embed(Options.EmbeddingSize);       // V, shared by both parts: eq. (3)
        return x.Linear()                                   // ⟨w, x⟩: eq. (2)
             + v.PairSum()                                  // Σ_{i<j} ⟨V_i, V_j⟩ x_i x_j: eq. (2)
             + v.Concat().Mlp(Options.HiddenWidths);        // y_DNN: eq. (4), without an inner sigmoid
    }
}
