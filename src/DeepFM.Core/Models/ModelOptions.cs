namespace DeepFM.Models;

/// <summary>Everything that defines a model's structure besides its data.</summary>
/// <remarks>
/// The defaults are the paper's Criteo settings (Guo et al. 2017, section 3.1). A record that holds a list is not
/// equal by value: compare options as JSON.
/// </remarks>
public sealed record ModelOptions
{
    /// <summary>K, the length of a feature's embedding. In [1, 1024]. Default 10: the paper's latent dimension.</summary>
    public int EmbeddingSize { get; init => field = Require.InRange(value, 1, 1024); } = 10;

    /// <summary>Hidden widths, input side first, each in [1, 65536]. Default 400-400-400: the paper's network.</summary>
    public IReadOnlyList<int> HiddenWidths
    {
        get;
        init => field = [.. value.Select(width => Require.InRange(width, 1, 65_536, nameof(HiddenWidths)))];
    } = [400, 400, 400];

    /// <summary>The hidden layers' activation. Default relu; the catalog sets tanh for IPNN, as the paper does.</summary>
    public Activation Activation { get; init; } = Activation.Relu;

    /// <summary>
    /// Probability that training zeroes a hidden unit. In [0, 0.99]. Default 0.5: the paper's (which prints the
    /// probability of keeping one).
    /// </summary>
    public float DropRate { get; init => field = Require.InRange(value, 0f, 0.99f); } = 0.5f;

    /// <summary>Whether hidden layers normalise by batch before the activation. Default no: the paper names none.</summary>
    public bool BatchNorm { get; init; }

    /// <summary>
    /// Standard deviation of the initial embeddings, which are normal with mean 0. In [0, 1]. Default 0.01: the paper
    /// does not state it.
    /// </summary>
    public float EmbeddingDeviation { get; init => field = Require.InRange(value, 0f, 1f); } = 0.01f;

    /// <summary>Initial weights of the dense layers. Default Glorot: the paper does not state it.</summary>
    public WeightInit WeightInit { get; init; } = WeightInit.Glorot;
}
