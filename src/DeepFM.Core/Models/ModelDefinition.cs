using DeepFM.Data;

namespace DeepFM.Models;

/// <summary>A model as a sum of terms: what it computes. An engine derives buffers, forward and backward from it.</summary>
/// <param name="FieldCount">F.</param>
/// <param name="Nodes">Every step, inputs before their users.</param>
/// <param name="Terms">The nodes of width 1 whose sum is the logit.</param>
/// <param name="EmbeddingDeviation">Standard deviation of the initial embeddings.</param>
public sealed record ModelDefinition(int FieldCount, IReadOnlyList<Node> Nodes, IReadOnlyList<Node> Terms,
    float EmbeddingDeviation)
{
    /// <summary>Names and shapes of all parameters, and of the batch norms' running statistics.</summary>
    /// <param name="featureCount">N.</param>
    public IEnumerable<ParameterShape> Parameters(int featureCount)
    {
        foreach (Node node in Nodes)
        {
            switch (node)
            {
                case BiasNode bias: yield return new(bias.Name, [1]); break;
                case LinearNode linear: yield return new(linear.Name, [featureCount, 1]); break;
                case EmbedNode embed: yield return new(embed.Name, [featureCount, embed.Size]); break;
                case OutputNode output:
                    yield return new($"{output.Name}.weight", [output.Input.Width, 1]);
                    yield return new($"{output.Name}.bias", [1]);
                    break;
                case DenseNode dense:
                    yield return new($"{dense.Name}.weight", [dense.Input.Width, dense.Width]);
                    if (!dense.BatchNorm)
                    {
                        yield return new($"{dense.Name}.bias", [dense.Width]);
                    }
                    else                                    // the shift stands for the bias, which it would cancel
                    {
                        yield return new($"{dense.Name}.scale", [dense.Width]);
                        yield return new($"{dense.Name}.shift", [dense.Width]);
                        yield return new($"{dense.Name}.mean", [dense.Width], Trained: false);
                        yield return new($"{dense.Name}.variance", [dense.Width], Trained: false);
                    }
                    break;
            }
        }
    }

    /// <summary>Refuses fields that the model cannot take.</summary>
    /// <exception cref="ArgumentException">They are not as many, or there is nothing that a pair sum could pair.</exception>
    public void RequireFields(IReadOnlyList<EncodedField> fields)
    {
        if (fields.Count != FieldCount)
        {
            throw new ArgumentException($"The data have {fields.Count} fields, the model {FieldCount}.");
        }
        if (fields is [{ PairsWithin: false } one] && Nodes.Any(node => node is PairSumNode))
        {
            throw new ArgumentException($"A pair sum needs at least 2 features; the data have one field, '{one.Name}', whose values form no "
                + "pairs with each other. "
                + (one.Shape == FieldShape.Bag ? "Set \"pairsWithin\": true for it in the schema" : "Give what should pair a field each")
                + ", or take another model.");
        }
    }

    /// <summary>Numbers that training adjusts.</summary>
    /// <param name="featureCount">N.</param>
    public long ParameterCount(int featureCount) =>
        Parameters(featureCount).Where(parameter => parameter.Trained).Sum(parameter => parameter.Count);
}

/// <summary>A parameter's name and shape, row-major.</summary>
/// <param name="Name">Unique in the model.</param>
/// <param name="Shape">Sizes, outermost first.</param>
/// <param name="Trained">False for the running statistics of a batch norm.</param>
public sealed record ParameterShape(string Name, IReadOnlyList<int> Shape, bool Trained = true)
{
    /// <summary>Product of the sizes.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);
}
