using DeepFM.Data;
using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Core.Tests;

/// <summary>The engine against the reference.</summary>
static class EngineAssert
{
    /// <summary>Logits, also of an engine that only scores, loss and gradients of a batch.</summary>
    public static void MatchesReference(ModelDefinition definition, Dictionary<string, double[]> parameters, EncodedData data,
        int[] batch, ReferenceMode mode, ulong seed)
    {
        int[] all = [.. Enumerable.Range(0, data.RowCount)];
        ReferenceRun run = Reference.Run(definition, parameters, data, batch, mode);
        ReferenceRun evaluated = Reference.Run(definition, parameters, data, all, ReferenceMode.Evaluation);

        float[] Score(Engine engine)
        {
            foreach ((string parameter, double[] values) in parameters)
            {
                engine.Parameters.Write(parameter, [.. values.Select(value => (float)value)]);
            }
            float[] logits = new float[all.Length];
            engine.Score(data, 0, logits);
            return logits;
        }

        using Engine engine = new(definition, data.Fields, new() { BatchSize = batch.Length }, seed, threads: 2);
        float[] logits = Score(engine);
        Dictionary<string, float[]> gradients = [];
        double loss = engine.Gradients(data, batch, gradients);

        NumericAssert.WithinRounding(evaluated.Logits, logits, "logit");
        foreach (int threads in new[] { 1, 3 })
        {
            using Engine scoring = Engine.ForScoring(definition, data.Fields, new(), threads);
            float[] scores = Score(scoring);
            NumericAssert.WithinRounding(evaluated.Logits, scores, "logit of an engine that only scores");
            Assert.Equal(Exact.Bits(logits), Exact.Bits(scores));
        }
        Assert.Equal(run.MeanLoss, loss, tolerance: 1e-6 * Math.Max(1, run.MeanLoss));
        Assert.Equal(run.Gradients.Keys.Order(), gradients.Keys.Order());
        foreach ((string parameter, Rounded[] gradient) in run.Gradients)
        {
            NumericAssert.WithinRounding(gradient, gradients[parameter], $"B = {batch.Length}, {parameter}");
        }
    }

    /// <summary>Parameters after some steps on rows of <see cref="TestData.Random(string, int, int, int)"/>.</summary>
    public static void StepsMatchReference(CtrModel model, string fields, TrainingOptions options)
    {
        using EncodedData data = TestData.Random(fields, rows: 17, seed: 31, idsPerField: 11);
        ModelDefinition definition = model.Build(data.FieldCount);
        using Engine engine = new(definition, data.Fields, options, seed: 1, threads: 2);
        using IEngineUnderTest reference = ReferenceEngine.Create(definition, data.Fields, options, seed: 1, threads: 1);
        foreach ((string name, double[] values) in TestData.Parameters(definition, data.FeatureCount, seed: 32))
        {
            float[] start = [.. values.Select(value => (float)value)];
            engine.Parameters.Write(name, start);
            reference.Write(name, start);
        }
        engine.Parameters.ResetFtrl();

        // The last batch is smaller: its mean is over its own rows.
        foreach (int[] batch in new int[][] { [3, 1, 4, 1, 5, 9, 2], [6, 5, 3, 5, 8, 9, 7], [16, 10, 16, 11] })
        {
            Assert.Equal(reference.Step(data, batch), engine.Step(data, batch), tolerance: 1e-5);
        }

        foreach (ParameterShape parameter in definition.Parameters(data.FeatureCount))
        {
            double[] expected = [.. reference.Read(parameter.Name).Select(value => (double)value)];
            NumericAssert.Close<float>(expected, engine.Parameters.Read(parameter.Name), relative: 1e-5, absolute: 1e-5, parameter.Name);
        }
    }
}
