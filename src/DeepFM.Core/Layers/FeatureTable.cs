using DeepFM.Models;
using DeepFM.Numerics;

namespace DeepFM.Layers;

/// <summary>A parameter that is a group of columns of the feature table.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="First">First column, 0-based.</param>
/// <param name="Count">K, or 1 for a first-order weight.</param>
/// <param name="IsLinear">Whether it is a first-order weight.</param>
sealed record TableColumns(string Name, int First, int Count, bool IsLinear);

/// <summary>One packed row a feature: embeddings, first-order weights, and the optimizer's states of both.</summary>
/// <remarks>
/// [parameters | state 1 | state 2], each part P floats wide, so that a lookup reads one or two cache lines and a step
/// touches adjoining ones. P is the number of columns, rounded up to 16 unless there are only one or two. A single column is
/// laid out as <see cref="OneWeightKernel"/> wants it, its states apart.
/// </remarks>
sealed unsafe class FeatureTable : IDisposable
{
    const int Guard = 32;           // floats that a lookup in whole registers may read past the last row

    readonly NativeBuffer<float> memory;
    readonly NativeBuffer<float>? statesOfOneWeight;

    /// <summary>Lays out the tables of a model.</summary>
    /// <param name="definition">The model.</param>
    /// <param name="featureCount">N.</param>
    /// <param name="stateCount">Of the optimizer; 0 for scoring alone.</param>
    public FeatureTable(ModelDefinition definition, int featureCount, int stateCount)
    {
        List<TableColumns> columns = [];
        int at = 0;
        foreach (EmbedNode embed in definition.Nodes.OfType<EmbedNode>())
        {
            columns.Add(new(embed.Name, at, embed.Size, IsLinear: false));
            at += embed.Size;
        }
        foreach (LinearNode linear in definition.Nodes.OfType<LinearNode>())
        {
            columns.Add(new(linear.Name, at++, 1, IsLinear: true));
        }
        Columns = columns;
        FeatureCount = featureCount;
        StateCount = stateCount;
        (Width, Stride) = LayoutOf(definition, stateCount);
        memory = new((long)featureCount * Stride + Guard);
        if (Width == 1)
        {
            statesOfOneWeight = new((long)featureCount * OneWeightKernel.Stride);
            for (int id = 0; id < featureCount; id++) { State(id, OneWeightKernel.Gradient)[0] = -0f; }
        }
    }

    /// <summary>Memory that the table of a model takes, with a copy of its parameters where that is kept too.</summary>
    public static double BytesOf(ModelDefinition definition, int featureCount, int stateCount, bool withCopy)
    {
        (int width, int stride) = LayoutOf(definition, stateCount);
        return sizeof(float) * (double)featureCount * (stride + (width == 1 ? OneWeightKernel.Stride : 0) + (withCopy ? width : 0));
    }

    // P, and the floats from row to row.
    static (int Width, int Stride) LayoutOf(ModelDefinition definition, int stateCount)
    {
        int columns = definition.Nodes.Sum(node => node switch { EmbedNode embed => embed.Size, LinearNode => 1, _ => 0 });
        int width = columns <= 2 ? columns : (columns + 15) / 16 * 16;
        return (width, width == 1 ? 1 : width * (1 + stateCount));
    }

    /// <summary>The parameters in the table, embeddings first.</summary>
    public IReadOnlyList<TableColumns> Columns { get; }

    /// <summary>N.</summary>
    public int FeatureCount { get; }

    /// <summary>P, floats of a row's parameters, padding (always 0) included.</summary>
    public int Width { get; }

    /// <summary>States that the optimizer keeps for each parameter.</summary>
    public int StateCount { get; }

    /// <summary>Floats from row to row.</summary>
    public int Stride { get; }

    /// <summary>Memory of all rows.</summary>
    public long Bytes => (memory.Length + (statesOfOneWeight?.Length ?? 0)) * sizeof(float);

    /// <summary>The parameters of a feature, [P].</summary>
    public float* Row(int id) => memory.Pointer + (nint)id * Stride;

    /// <summary>One of the states of a feature's parameters, counted from 0, [P].</summary>
    public float* State(int id, int state) => statesOfOneWeight is { } states
        ? states.Pointer + (nint)id * OneWeightKernel.Stride + state
        : Row(id) + (nint)Width * (1 + state);

    /// <summary>The columns of a parameter, or null when it is not in the table.</summary>
    public TableColumns? Find(string name) => Columns.FirstOrDefault(columns => columns.Name == name);

    /// <inheritdoc/>
    public void Dispose()
    {
        memory.Dispose();
        statesOfOneWeight?.Dispose();
    }
}
