using DeepFM.Data;
using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Core.Tests;

/// <summary>The engine as the tests drive it.</summary>
public sealed class EngineUnderTest(Engine engine) : IEngineUnderTest
{
    public static IEngineUnderTest Create(ModelDefinition definition, IReadOnlyList<EncodedField> fields,
        TrainingOptions options, ulong seed, int threads) =>
        new EngineUnderTest(new Engine(definition, fields, options, seed, threads));

    public double Step(EncodedData data, ReadOnlySpan<int> rows) => engine.Step(data, rows);

    public void Score(EncodedData data, int firstRow, Span<float> logits) => engine.Score(data, firstRow, logits);

    public float[] Read(string name) => engine.Parameters.Read(name);

    public void Write(string name, ReadOnlySpan<float> values)
    {
        engine.Parameters.Write(name, values);
        engine.Parameters.ResetFtrl();
    }

    public double Gradients(EncodedData data, ReadOnlySpan<int> rows, IDictionary<string, float[]> gradients) =>
        engine.Gradients(data, rows, gradients);

    public void Dispose() => engine.Dispose();
}

/// <summary>The engine against PyTorch and the reference.</summary>
public class EngineParity : EngineParityTests<EngineUnderTest>;

/// <summary>The engine's steps.</summary>
public class EngineSteps : EngineStepTests<EngineUnderTest>;

/// <summary>The engine's models.</summary>
public class EngineModels : EngineModelTests<EngineUnderTest>;
