using DeepFM.Data;
using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Core.Tests;

public class ParameterInitTests
{
    const int Inputs = 170, Width = 230;

    [Theory]
    [InlineData(WeightInit.He, 2.0 / Inputs, true)]
    [InlineData(WeightInit.Glorot, 2.0 / (Inputs + Width), true)]
    [InlineData(WeightInit.GlorotNormal, 2.0 / (Inputs + Width), false)]
    public void DenseWeights_HaveTheVarianceAndTheShapeOfTheirDistribution(WeightInit init, double variance, bool isUniform)
    {
        ModelOptions options = new() { EmbeddingSize = 10, HiddenWidths = [Width], WeightInit = init };
        EncodedField[] fields = [.. Enumerable.Range(0, Inputs / 10).Select(f => new EncodedField($"f{f}", FieldShape.OneId, f, 1))];
        using Engine engine = new(new DnnModel(options).Build(fields.Length), fields, new(), seed: 3, threads: 1);

        float[] weights = engine.Parameters.Read("dense1.weight");

        double squares = weights.Average(w => (double)w * w), fourths = weights.Average(w => Math.Pow(w, 4));
        // Means of n draws: deviations of √(μ4 − σ⁴)/√n, five of them allowed; the kurtosis is 1.8 or 3.
        double kurtosis = isUniform ? 1.8 : 3, tolerance = 5 * Math.Sqrt((kurtosis - 1) / weights.Length);
        Assert.InRange(squares / variance, 1 - tolerance, 1 + tolerance);
        Assert.InRange(fourths / (squares * squares), kurtosis - 0.2, kurtosis + 0.2);
        Assert.InRange(weights.Average(), -5 * Math.Sqrt(variance / weights.Length), 5 * Math.Sqrt(variance / weights.Length));
        Assert.All(engine.Parameters.Read("dense1.bias"), bias => Assert.Equal(0, bias));
    }

    [Fact]
    public void Embeddings_HaveTheOptionsDeviation_AndFirstOrderWeightsAreZero()
    {
        EncodedField[] fields = [new("a", FieldShape.OneId, 0, 3000), new("b", FieldShape.OneId, 3000, 2000)];
        ModelOptions options = new() { EmbeddingDeviation = 0.3f };
        using Engine engine = new(new FmModel(options).Build(2), fields, new(), seed: 3, threads: 2);

        float[] embedding = engine.Parameters.Read("embedding");

        Assert.InRange(Math.Sqrt(embedding.Average(v => (double)v * v)), 0.297, 0.303);
        Assert.All(engine.Parameters.Read("linear"), w => Assert.Equal(0, w));
    }

    // Numbers drawn twice would tie what a model means to be apart: rows of one table, two tables, two layers.
    [Fact]
    public void NoNumberIsDrawnTwice()
    {
        EncodedField[] fields = [new("a", FieldShape.OneId, 0, 3000), new("b", FieldShape.OneId, 3000, 2000)];
        ModelOptions options = new() { EmbeddingSize = 8, HiddenWidths = [16, 16], EmbeddingDeviation = 0.3f };
        using Engine engine = new(new FmDnnModel(options).Build(2), fields, new(), seed: 3, threads: 2);
        float[] first = engine.Parameters.Read("embedding"), second = engine.Parameters.Read("embedding2");

        Assert.Equal(5000, first.Chunk(8).Select(row => string.Join(' ', row)).Distinct().Count());
        Assert.DoesNotContain(true, first.Zip(second, (one, other) => one == other).Chunk(8).Select(row => row.All(same => same)));
        Assert.NotEqual(engine.Parameters.Read("dense1.weight")[..16], engine.Parameters.Read("dense2.weight")[..16]);
    }
}
