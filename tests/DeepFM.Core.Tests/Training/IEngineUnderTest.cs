using DeepFM.Data;
using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Core.Tests;

/// <summary>
/// What the engine's tests need of an engine, so that the same tests judge every engine and the reference.
/// </summary>
public interface IEngineUnderTest : IDisposable
{
    static abstract IEngineUnderTest Create(ModelDefinition definition, IReadOnlyList<EncodedField> fields,
        TrainingOptions options, ulong seed, int threads);

    /// <summary>One training step; gives the mean loss before the update, without penalties.</summary>
    double Step(EncodedData data, ReadOnlySpan<int> rows);

    /// <summary>Logits of rows [firstRow, firstRow + logits.Length) in evaluation mode.</summary>
    void Score(EncodedData data, int firstRow, Span<float> logits);

    /// <summary>A parameter's numbers, row-major.</summary>
    float[] Read(string name);

    /// <summary>Sets a parameter before the first step.</summary>
    void Write(string name, ReadOnlySpan<float> values);

    /// <summary>
    /// Gradients of the mean loss in training mode, without penalties or update, for every trained parameter; gives the
    /// mean loss.
    /// </summary>
    double Gradients(EncodedData data, ReadOnlySpan<int> rows, IDictionary<string, float[]> gradients);
}
