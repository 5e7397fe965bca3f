using DeepFM.Data;
using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Core.Tests.Training;

/// <summary>FTRL keeps z, not w; a rate that changes on the way must not move what was learned.</summary>
public class FtrlRateTests
{
    static readonly int[] batch = [.. Enumerable.Range(0, 19)];

    [Theory, InlineData(0f, 0f), InlineData(0.02f, 0.3f)]
    public void AChange_MovesNoParameter(float l1, float l2)
    {
        using EncodedData data = TestData.Random(fieldCount: 4, rows: 19, seed: 5);
        using Engine engine = Trained(data, new() { Optimizer = OptimizerKind.Ftrl, LearningRate = 0.1f, FtrlL1 = l1, FtrlL2 = l2 });
        Dictionary<string, float[]> before = Read(engine);
        float[] zeros = [.. before["linear"].Select((w, i) => (w, i)).Where(pair => pair.w == 0).Select(pair => (float)pair.i)];

        engine.LearningRate = 0.001f;

        Assert.All(before, parameter => Assert.Equal(parameter.Value, engine.Parameters.Read(parameter.Key)));

        // As small a step as there is: what stands must be what z gives back, weights that λ1 keeps at 0 included.
        engine.LearningRate = 1e-9f;
        engine.Step(data, batch);
        foreach ((string name, float[] values) in before)
        {
            NumericAssert.Close<float>([.. values.Select(w => (double)w)], engine.Parameters.Read(name), relative: 1e-3, absolute: 1e-5, name);
        }
        Assert.All(zeros, i => Assert.Equal(0, engine.Parameters.Read("linear")[(int)i]));
    }

    // Without penalties FTRL's step is w −= α·g/(β + √n), with the α of the step — McMahan et al. 2013, section 3.
    [Fact]
    public void TheNextStep_HasTheNewRate()
    {
        TrainingOptions options = new() { Optimizer = OptimizerKind.Ftrl, LearningRate = 0.1f, FtrlBeta = 0.5f };
        using EncodedData data = TestData.Random(fieldCount: 4, rows: 19, seed: 6);
        using Engine engine = new(new LrModel(TestData.SmallModel).Build(4), data.Fields, options, seed: 1, threads: 1);
        double[] squares = new double[data.FeatureCount];
        for (int step = 0; step < 3; step++)
        {
            Add(squares, Gradient());
            engine.Step(data, batch);
        }
        float[] before = engine.Parameters.Read("linear"), gradient = Gradient();
        Add(squares, gradient);

        engine.LearningRate = 0.01f;
        engine.Step(data, batch);

        double[] expected = [.. before.Select((w, i) => w - 0.01 * gradient[i] / (0.5 + Math.Sqrt(squares[i])))];
        NumericAssert.Close<float>(expected, engine.Parameters.Read("linear"), relative: 1e-4, absolute: 1e-6, "linear");

        float[] Gradient()
        {
            Dictionary<string, float[]> gradients = [];
            engine.Gradients(data, batch, gradients);
            return gradients["linear"];
        }

        static void Add(double[] squares, float[] gradient)
        {
            for (int i = 0; i < squares.Length; i++) { squares[i] += (double)gradient[i] * gradient[i]; }
        }
    }

    // z is where w comes from: with the z of later steps, the next step would bring their weights back.
    [Fact]
    public void Restore_PutsBackWhatTheNextStepStartsFrom()
    {
        TrainingOptions options = new() { Optimizer = OptimizerKind.Ftrl, UpdateRows = TableRows.All, LearningRate = 0.1f, FtrlBeta = 0.1f };
        using EncodedData data = TestData.Random(fieldCount: 4, rows: 19, seed: 7, idsPerField: 40);
        using Engine engine = Trained(data, options);
        HashSet<int> touched = Reference.TouchedIds(data, [0]);
        int K = TestData.SmallModel.EmbeddingSize;
        float[] before = engine.Parameters.Read("embedding");
        using (ParameterSnapshot kept = engine.Snapshot())
        {
            for (int step = 0; step < 20; step++) { engine.Step(data, batch); }
            Assert.True(engine.Parameters.Read("embedding").Zip(before, (w, was) => Math.Abs(w - was)).Max() > 0.05);
            engine.Restore(kept);
        }

        engine.Step(data, [0]);

        float[] after = engine.Parameters.Read("embedding");
        for (int i = 0; i < after.Length; i++)
        {
            Assert.Equal(before[i], after[i], tolerance: touched.Contains(i / K) ? 0.1f : 1e-6f);
        }
    }

    static Engine Trained(EncodedData data, TrainingOptions options)
    {
        Engine engine = new(new FmModel(TestData.SmallModel).Build(4), data.Fields, options, seed: 1, threads: 2);
        for (int step = 0; step < 4; step++) { engine.Step(data, batch); }
        return engine;
    }

    static Dictionary<string, float[]> Read(Engine engine) =>
        engine.Parameters.Shapes.ToDictionary(shape => shape.Name, shape => engine.Parameters.Read(shape.Name));
}
