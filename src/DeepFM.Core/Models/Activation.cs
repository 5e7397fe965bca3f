namespace DeepFM.Models;

/// <summary>The function between a dense layer's sum and its output.</summary>
public enum Activation
{
    /// <summary>f(z) = z.</summary>
    Identity,

    /// <summary>f(z) = max(z, 0); its derivative at 0 is taken as 0.</summary>
    Relu,

    /// <summary>f(z) = tanh z.</summary>
    Tanh,

    /// <summary>f(z) = 1/(1 + e^−z).</summary>
    Sigmoid,
}

/// <summary>The distribution that a dense layer's initial weights are drawn from.</summary>
public enum WeightInit
{
    /// <summary>Uniform in [−a, a], a = √(6/n_in), for layers before a relu (He et al. 2015).</summary>
    He,

    /// <summary>Uniform in [−a, a], a = √(6/(n_in + n_out)) (Glorot and Bengio 2010).</summary>
    Glorot,

    /// <summary>Normal with mean 0 and the same variance, 2/(n_in + n_out): what FuxiCTR, and so BARS, draws.</summary>
    GlorotNormal,
}
