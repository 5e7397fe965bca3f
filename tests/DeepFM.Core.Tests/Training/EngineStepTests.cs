using DeepFM.Data;
using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Core.Tests;

/// <summary>What a training step changes, and by how much: the traps of optimizers and penalties.</summary>
public abstract class EngineStepTests<TEngine>
    where TEngine : IEngineUnderTest
{
    // Dense Adam moves rows that a batch does not touch, by momentum; Adam on touched rows lets them rest.
    [Theory, InlineData(TableRows.Touched), InlineData(TableRows.All)]
    public void Adam_AnUntouchedRow_RestsOrMovesByMomentum(TableRows updated)
    {
        using EncodedData data = TwoFields(ids: [0, 4, 1, 5], labels: [1, 0]);
        using IEngineUnderTest engine = Create(data, new() { UpdateRows = updated, LearningRate = 0.1f });
        engine.Step(data, [0]);                             // touches ids 0 and 4
        float[] linear = engine.Read("linear"), embedding = engine.Read("embedding");

        engine.Step(data, [1]);                             // touches ids 1 and 5

        int K = embedding.Length / linear.Length;
        Assert.NotEqual(linear[1], engine.Read("linear")[1]);
        Assert.Equal(linear[2], engine.Read("linear")[2]);  // never touched: it has no momentum
        if (updated == TableRows.Touched)
        {
            Assert.Equal(linear[0], engine.Read("linear")[0]);
            Assert.Equal(embedding[..K], engine.Read("embedding")[..K]);
        }
        else
        {
            Assert.NotEqual(linear[0], engine.Read("linear")[0]);
            Assert.All(Enumerable.Range(0, K), k => Assert.NotEqual(embedding[k], engine.Read("embedding")[k]));
        }
    }

    [Theory, InlineData(TableRows.Touched), InlineData(TableRows.All)]
    public void L2_AnUntouchedRow_DecaysOnlyOnTheWholeTable(TableRows decayed)
    {
        using EncodedData data = TwoFields(ids: [0, 4, 1, 5], labels: [1, 0]);
        using IEngineUnderTest engine = Create(data,
            new() { Optimizer = OptimizerKind.Sgd, L2Rows = decayed, LearningRate = 0.5f, LinearL2 = 0.5f });
        float[] linear = engine.Read("linear");

        // The penalty follows the weights: three steps of factor ¾, not three times a quarter of the first weights.
        for (int step = 0; step < 3; step++) { engine.Step(data, [0]); }

        double left = decayed == TableRows.All ? Math.Pow(0.75, 3) : 1;
        foreach (int untouched in new[] { 1, 2, 3, 5, 6, 7 })
        {
            Assert.Equal(left * linear[untouched], engine.Read("linear")[untouched], tolerance: 1e-6);
        }
    }

    // A row that a batch holds thrice decays once: the penalty belongs to the step, not to the sample.
    [Fact]
    public void L2_ARowOfManySamples_DecaysOnce()
    {
        using EncodedData data = TwoFields(ids: [0, 4, 0, 5, 0, 6], labels: [1, 0, 1]);

        float AfterAStep(float lambda)
        {
            using IEngineUnderTest engine = Create(data,
                new() { Optimizer = OptimizerKind.Sgd, LearningRate = 0.5f, LinearL2 = lambda });
            engine.Step(data, [0, 1, 2]);
            return engine.Read("linear")[0];
        }

        using IEngineUnderTest untrained = Create(data, new());
        Assert.Equal(0.5 * 0.5 * untrained.Read("linear")[0], AfterAStep(lambda: 0) - AfterAStep(lambda: 0.5f),
            tolerance: 1e-6);
    }

    // The loss is a mean, so λ and the rate mean the same at any batch size.
    [Theory, InlineData(OptimizerKind.Sgd), InlineData(OptimizerKind.Adam), InlineData(OptimizerKind.Ftrl)]
    public void Step_ABatchTwice_IsTheSameStep(OptimizerKind optimizer)
    {
        using EncodedData data = TestData.Random(fieldCount: 5, rows: 7, seed: 41);
        ModelDefinition definition = new DeepFmModel(TestData.SmallModel).Build(5);
        TrainingOptions options =
            new() { Optimizer = optimizer, LearningRate = 0.1f, Epsilon = 1e-3f, EmbeddingL2 = 0.1f };
        using IEngineUnderTest once = Create(definition, data, options), twice = Create(definition, data, options);

        double loss = once.Step(data, [0, 1, 2, 3, 4, 5, 6]);
        Assert.Equal(loss, twice.Step(data, [0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6]), tolerance: 1e-6);

        foreach (ParameterShape parameter in definition.Parameters(data.FeatureCount))
        {
            double[] expected = [.. once.Read(parameter.Name).Select(value => (double)value)];
            NumericAssert.Close<float>(expected, twice.Read(parameter.Name), relative: 1e-6, absolute: 1e-6,
                parameter.Name);
        }
    }

    [Fact]
    public void Step_ClipNorm_BoundsTheWholeGradient()
    {
        using EncodedData data = TestData.Random(fieldCount: 5, rows: 7, seed: 42);
        ModelDefinition definition = new DeepFmModel(TestData.SmallModel).Build(5);
        using IEngineUnderTest engine = Create(definition, data,
            new() { Optimizer = OptimizerKind.Sgd, LearningRate = 1, ClipNorm = 0.125f, EmbeddingL2 = 0.1f });
        ParameterShape[] shapes = [.. definition.Parameters(data.FeatureCount)];
        Dictionary<string, float[]> before = shapes.ToDictionary(shape => shape.Name, shape => engine.Read(shape.Name));

        engine.Step(data, [0, 1, 2, 3, 4, 5, 6]);

        double moved = Math.Sqrt(shapes.Sum(shape =>
            before[shape.Name].Zip(engine.Read(shape.Name), (from, to) => Math.Pow((double)to - from, 2)).Sum()));
        Assert.Equal(0.125, moved, tolerance: 1e-5);
    }

    [Fact]
    public void Step_GivesTheLossBeforeTheUpdate_WithoutPenalties()
    {
        using EncodedData data = TestData.Random(fieldCount: 5, rows: 7, seed: 43);
        ModelDefinition definition = new DeepFmModel(TestData.SmallModel).Build(5);
        using IEngineUnderTest engine =
            Create(definition, data, new() { LearningRate = 1, EmbeddingL2 = 1, NetworkL2 = 1 });
        double loss = engine.Gradients(data, [0, 1, 2, 3], new Dictionary<string, float[]>());
        Assert.Equal(loss, engine.Step(data, [0, 1, 2, 3]), tolerance: 1e-7);
    }

    [Fact]
    public void Gradients_AreThoseOfTheLoss_WithoutPenalties()
    {
        using EncodedData data = TestData.Random(fieldCount: 5, rows: 7, seed: 43);
        ModelDefinition definition = new DeepFmModel(TestData.SmallModel).Build(5);
        Dictionary<string, float[]> Gradients(float lambda)
        {
            using IEngineUnderTest engine = Create(definition, data, new() { EmbeddingL2 = lambda, LinearL2 = lambda, NetworkL2 = lambda });
            Dictionary<string, float[]> gradients = [];
            engine.Gradients(data, [0, 1, 2, 3], gradients);
            return gradients;
        }

        Dictionary<string, float[]> without = Gradients(0), with = Gradients(1);
        Assert.All(without, gradient => Assert.Equal(gradient.Value, with[gradient.Key]));
    }

    // Weights are packed for the products once; what is written afterwards must be packed again.
    [Fact]
    public void Score_TakesWhatWasWrittenSinceTheLastOne()
    {
        using EncodedData data = TestData.Random(fieldCount: 5, rows: 11, seed: 44);
        ModelDefinition definition = new DeepFmModel(TestData.SmallModel).Build(5);
        using IEngineUnderTest engine = Create(definition, data, new()), fresh = Create(definition, data, new());
        float[] logits = new float[11], expected = new float[11], before = new float[11];
        float[] weights = [.. engine.Read("dense1.weight").Select(weight => 2 * weight)];

        engine.Score(data, 0, before);
        engine.Write("dense1.weight", weights);
        engine.Score(data, 0, logits);
        fresh.Write("dense1.weight", weights);
        fresh.Score(data, 0, expected);

        Assert.Equal(expected, logits);
        Assert.NotEqual(before, logits);
    }

    [Fact]
    public void Ftrl_KeepsTheInitialWeightsOfRowsThatItDoesNotTouch()
    {
        using EncodedData data = TwoFields(ids: [0, 4, 1, 5], labels: [1, 0]);
        TrainingOptions options = new()
        {
            Optimizer = OptimizerKind.Ftrl,
            UpdateRows = TableRows.All,
            LearningRate = 0.1f,
            FtrlL1 = 0.01f,
            FtrlL2 = 0.1f,
        };
        using IEngineUnderTest engine = Create(data, options);
        float[] linear = engine.Read("linear");

        engine.Step(data, [0]);

        foreach (int untouched in new[] { 1, 2, 3, 5, 6, 7 })
        {
            Assert.Equal(linear[untouched], engine.Read("linear")[untouched], tolerance: 1e-6);
        }
        Assert.NotEqual(linear[0], engine.Read("linear")[0]);
    }

    /// <summary>Rows of two fields of four ids each: 0…3 and 4…7.</summary>
    static EncodedData TwoFields(int[] ids, float[] labels) =>
        EncodedData.FromArrays([new("a", FieldShape.OneId, 0, 4), new("b", FieldShape.OneId, 4, 4)], labels, ids);

    static IEngineUnderTest Create(EncodedData data, TrainingOptions options) =>
        Create(new DeepFmModel(TestData.SmallModel with { Activation = Activation.Tanh }).Build(2), data, options);

    static IEngineUnderTest Create(ModelDefinition definition, EncodedData data, TrainingOptions options)
    {
        IEngineUnderTest engine = TEngine.Create(definition, data.Fields, options, seed: 1, threads: 2);
        foreach ((string name, double[] values) in TestData.Parameters(definition, data.FeatureCount, seed: 5))
        {
            engine.Write(name, [.. values.Select(value => (float)value)]);
        }
        return engine;
    }
}
