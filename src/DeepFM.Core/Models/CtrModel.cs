namespace DeepFM.Models;

/// <summary>A model of the click probability, σ(logit). Derive from it to define one of your own.</summary>
/// <param name="options">The structure's settings.</param>
/// <example><code>
/// sealed class MyModel(ModelOptions options) : CtrModel(options)
/// {
///     protected override Logit Define(Inputs x)
///     {
///         Embedding v = x.Embed(Options.EmbeddingSize);
///         return x.Linear() + v.Sum().With(v.Concat()).Mlp(Options.HiddenWidths);
///     }
/// }
/// </code></example>
public abstract class CtrModel(ModelOptions options)
{
    /// <summary>The structure's settings.</summary>
    public ModelOptions Options { get; } = options;

    /// <summary>The model that is trained first, and which of its parameters this one starts from; usually none.</summary>
    public virtual Pretraining? Pretraining => null;

    /// <summary>The definition for samples of <paramref name="fieldCount"/> fields.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no field.</exception>
    /// <exception cref="ArgumentException">Something that was defined has no path to the logit, or is added twice.</exception>
    public ModelDefinition Build(int fieldCount)
    {
        Inputs x = new(Require.InRange(fieldCount, 1, 65_536), Options);
        Logit logit = Define(x);
        RequireAllUsed(x.Nodes, logit.Terms);
        return new(fieldCount, x.Nodes, logit.Terms, Options.EmbeddingDeviation);
    }

    /// <summary>Gives the logit as a sum of terms over <paramref name="x"/>.</summary>
    protected abstract Logit Define(Inputs x);

    static void RequireAllUsed(IReadOnlyList<Node> nodes, IReadOnlyList<Node> terms)
    {
        HashSet<Node> used = [];
        foreach (Node term in terms)
        {
            if (!used.Add(term)) { throw new ArgumentException($"The logit adds the same {Describe(term)} twice."); }
        }
        for (int i = nodes.Count - 1; i >= 0; i--)          // users stand after their inputs
        {
            if (!used.Contains(nodes[i]))
            {
                throw new ArgumentException(
                    $"The model defines {Describe(nodes[i])}, but the logit does not use it; add it or leave it out.");
            }
            used.UnionWith(nodes[i].Sources);
        }
    }

    static string Describe(Node node) => node.GetType().Name.Replace("Node", "") + (node.Width > 1 ? $" [{node.Width}]" : "");
}

/// <summary>A model trained first, whose parameters become the start of another.</summary>
/// <param name="Model">The model that is trained first.</param>
/// <param name="Copies">Which columns go where.</param>
public sealed record Pretraining(CtrModel Model, IReadOnlyList<ColumnCopy> Copies);

/// <summary>A table of the pre-trained model that becomes columns of a table of the next one.</summary>
/// <param name="From">Parameter of the pre-trained model, [N, n].</param>
/// <param name="To">Parameter of the next model, [N, m] with m ≥ ToColumn + n.</param>
/// <param name="ToColumn">First column that is overwritten, 0-based.</param>
public sealed record ColumnCopy(string From, string To, int ToColumn);
