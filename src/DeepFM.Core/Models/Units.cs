namespace DeepFM.Models;

/// <summary>A vector of numbers per sample: the input or the output of a layer.</summary>
public sealed class Units
{
    readonly Inputs inputs;
    readonly Node node;

    internal Units(Inputs inputs, Node node)
    {
        this.inputs = inputs;
        this.node = node;
    }

    /// <summary>Numbers per sample.</summary>
    public int Width => node.Width;

    /// <summary>These units, then the others, side by side.</summary>
    /// <exception cref="ArgumentException">They come from different inputs.</exception>
    public Units With(params IReadOnlyList<Units> others)
    {
        if (others.Any(other => other.inputs != inputs))
        {
            throw new ArgumentException("The units come from different inputs; define all from the same x.");
        }
        return new(inputs, inputs.Add(index => new JoinNode(index, [node, .. others.Select(other => other.node)])));
    }

    /// <summary>u·uᵀ, [n·n] — Qu et al. 2016, OPNN.</summary>
    public Units OuterProduct() => new(inputs, inputs.Add(index => new OuterProductNode(index, node)));

    /// <summary>One hidden layer, dropout(f(u·W + b)) — Guo et al. 2017, eq. (4).</summary>
    /// <param name="width">Units of the layer, in [1, 65536].</param>
    /// <param name="activation">f; null takes the model options'.</param>
    /// <param name="dropRate">Probability that training zeroes a unit, in [0, 0.99]; null takes the model options'.</param>
    /// <param name="batchNorm">Whether to normalise by batch before f; null takes the model options'.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is outside its range.</exception>
    /// <exception cref="ArgumentException">The layer has more than 2³⁰ weights.</exception>
    public Units Dense(int width, Activation? activation = null, float? dropRate = null, bool? batchNorm = null)
    {
        const int maxWeights = 1 << 30;
        ModelOptions options = inputs.Options;
        if ((long)Width * width > maxWeights)
        {
            throw new ArgumentException($"A hidden layer of {width} units over {Width} inputs has {(long)Width * width} weights, more than "
                + $"{maxWeights}. Set smaller hiddenWidths or a smaller embeddingSize, or give fewer fields.");
        }
        return new(inputs, inputs.Add(index => new DenseNode(index, node,
            Require.InRange(width, 1, 65_536, nameof(width)),
            activation ?? options.Activation,
            Require.InRange(dropRate ?? options.DropRate, 0f, 0.99f, nameof(dropRate)),
            batchNorm ?? options.BatchNorm,
            options.WeightInit,
            inputs.DenseName())));
    }

    /// <summary>u·w + b: the last layer, without a sigmoid of its own.</summary>
    public Logit Output() =>
        new(inputs, [inputs.Add(index => new OutputNode(index, node, inputs.Options.WeightInit, inputs.OutputName()))]);

    /// <summary>Hidden layers of these widths with the model options' settings, then the output — eq. (4).</summary>
    /// <remarks>
    /// y_DNN = W·a + b without the inner sigmoid that the paper's first version prints; the later versions correct it.
    /// </remarks>
    public Logit Mlp(IEnumerable<int> hiddenWidths) =>
        hiddenWidths.Aggregate(this, (units, width) => units.Dense(width)).Output();
}
