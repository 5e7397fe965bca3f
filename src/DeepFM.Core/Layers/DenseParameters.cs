using DeepFM.Models;
using DeepFM.Numerics;
using DeepFM.Training;

namespace DeepFM.Layers;

/// <summary>All parameters outside the feature table, side by side, with their gradients and optimizer states.</summary>
sealed unsafe class DenseParameters : IDisposable
{
    readonly List<DenseParameter> parameters = [];
    readonly NativeBuffer<float> values, gradients, state1, state2;

    /// <summary>Lays out the parameters that are not tables; running statistics come after the trained ones.</summary>
    /// <param name="shapes">Names and shapes of all parameters that are no tables.</param>
    /// <param name="stateCount">Of the optimizer; −1 for scoring alone, without gradients.</param>
    public DenseParameters(IEnumerable<ParameterShape> shapes, int stateCount)
    {
        long at = 0;
        foreach (ParameterShape shape in shapes.OrderByDescending(shape => shape.Trained))   // a stable sort
        {
            parameters.Add(new(this, shape, at));
            at += (shape.Count + 15) / 16 * 16;
            if (shape.Trained) { TrainedLength = at; }
        }
        values = new(at);
        gradients = new(stateCount >= 0 ? TrainedLength : 0);
        state1 = new(stateCount > 0 ? TrainedLength : 0);
        state2 = new(stateCount > 1 ? TrainedLength : 0);
    }

    /// <summary>Floats of the trained parameters, padding included; they lie first.</summary>
    public long TrainedLength { get; }

    /// <summary>In layout order.</summary>
    public IReadOnlyList<DenseParameter> All => parameters;

    /// <summary>The parameter of this name.</summary>
    public DenseParameter this[string name] => parameters.First(parameter => parameter.Shape.Name == name);

    /// <summary>Values of all, trained ones first.</summary>
    public float* Values => values.Pointer;

    /// <summary>Floats of all values, padding included.</summary>
    public long Length => values.Length;

    /// <summary>Gradients of the trained ones.</summary>
    public float* Gradients => gradients.Pointer;

    /// <summary>The optimizer's first state of the trained ones, or nothing.</summary>
    public float* State1 => state1.Pointer;

    /// <summary>The optimizer's second state of the trained ones, or nothing.</summary>
    public float* State2 => state2.Pointer;

    /// <inheritdoc/>
    public void Dispose()
    {
        values.Dispose();
        gradients.Dispose();
        state1.Dispose();
        state2.Dispose();
    }
}

/// <summary>One parameter outside the feature table.</summary>
sealed unsafe class DenseParameter(DenseParameters owner, ParameterShape shape, long offset)
{
    /// <summary>Name and shape.</summary>
    public ParameterShape Shape => shape;

    /// <summary>Position among all.</summary>
    public long Offset => offset;

    /// <summary>Number of elements.</summary>
    public int Count => (int)shape.Count;

    /// <summary>Its first element.</summary>
    public float* Value => owner.Values + offset;

    /// <summary>Its gradient's first element.</summary>
    public float* Gradient => owner.Gradients + offset;
}
