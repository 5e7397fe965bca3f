namespace DeepFM.Models;

/// <summary>The fields x of a sample, from which a model's terms start.</summary>
public sealed class Inputs
{
    readonly List<Node> nodes = [];
    int linears, embeddings, biases, denses, outputs;

    internal Inputs(int fieldCount, ModelOptions options)
    {
        FieldCount = fieldCount;
        Options = options;
    }

    /// <summary>F.</summary>
    public int FieldCount { get; }

    internal ModelOptions Options { get; }

    internal IReadOnlyList<Node> Nodes => nodes;

    /// <summary>w0, a constant.</summary>
    public Logit Bias() => new(this, [Add(index => new BiasNode(index, Name("bias", ref biases)))]);

    /// <summary>⟨w, x⟩ — Guo et al. 2017, eq. (2), first term.</summary>
    public Logit Linear() => new(this, [Add(index => new LinearNode(index, Name("linear", ref linears)))]);

    /// <summary>Embeddings of all fields, from a table of their own — eq. (3).</summary>
    /// <param name="size">K, in [1, 1024].</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is outside its range.</exception>
    public Embedding Embed(int size)
    {
        Require.InRange(size, 1, 1024, nameof(size));
        return new(this,
            Add(index => new EmbedNode(index, FieldCount, size, Name("embedding", ref embeddings))));
    }

    internal T Add<T>(Func<int, T> create)
        where T : Node
    {
        T node = create(nodes.Count);
        nodes.Add(node);
        return node;
    }

    internal string DenseName() => $"dense{++denses}";

    internal string OutputName() => Name("output", ref outputs);

    // The first of a kind has the plain name; a second table of FM & DNN is embedding2.
    static string Name(string kind, ref int count) => ++count == 1 ? kind : $"{kind}{count}";
}

/// <summary>A term of the logit, or a sum of terms.</summary>
public sealed class Logit
{
    readonly Inputs inputs;

    internal Logit(Inputs inputs, IReadOnlyList<Node> terms)
    {
        this.inputs = inputs;
        Terms = terms;
    }

    internal IReadOnlyList<Node> Terms { get; }

    /// <summary>The sum of two logits.</summary>
    /// <exception cref="ArgumentException">They come from different inputs.</exception>
    public static Logit operator +(Logit left, Logit right) => left.Add(right);

    /// <summary>The sum of two logits.</summary>
    /// <exception cref="ArgumentException">They come from different inputs.</exception>
    public Logit Add(Logit other) => other.inputs == inputs
        ? new(inputs, [.. Terms, .. other.Terms])
        : throw new ArgumentException("The two logits come from different inputs; define both from the same x.");
}
