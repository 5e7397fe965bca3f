using DeepFM.Data;
using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Core.Tests.Training;

/// <summary>Rows with several bags and several numbers, and rows of one weight a feature, whose steps take paths of their own.</summary>
public class FieldLayoutTests
{
    // A row's numbers lie side by side, and so do the entries of its bags: each field must find its own.
    [Theory]
    [InlineData("lr"), InlineData("fm-dnn"), InlineData("deepfm-star")]
    public void SeveralBagsAndNumbers_EachTakeTheirOwn(string model)
    {
        foreach (string fields in new[] { "value one value bag bag value", "bag value bag one bag value" })
        {
            using EncodedData data = TestData.Random(fields, rows: 31, seed: 3);
            ModelDefinition definition = TestModels.Named(model, TestData.SmallModel with { Activation = Activation.Tanh }).Build(data.FieldCount);
            EngineAssert.MatchesReference(definition, TestData.Parameters(definition, data.FeatureCount, seed: 4), data,
                [.. Enumerable.Range(0, 31).Select(row => row % 5 == 4 ? 0 : row)], ReferenceMode.WithoutDropout, seed: 1);
        }
    }

    /// <summary>Rules with penalty and norm limit of first-order weights, by value: also where LR is a single weight a feature.</summary>
    [Theory, MemberData(nameof(ParityCases.Rules), MemberType = typeof(ParityCases))]
    public void StepsOfLr_MatchTheReference(OptimizerKind optimizer, TableRows updated, TableRows decayed, float clipNorm)
    {
        // 0.1: the norm of LR's gradient is about ½ here.
        TrainingOptions options = ParityCases.OptionsOf(optimizer, updated, decayed, clipNorm / 5) with { EmbeddingL2 = 0, LinearL2 = 0.4f };
        foreach (string fields in new[] { "one one one", "value one bag value bag" })
        {
            EngineAssert.StepsMatchReference(new LrModel(TestData.SmallModel), fields, options);
        }
    }

    // By hand: w = (½, −¼), z = ¼, so the gradient of a click is g = σ(¼) − 1; a step of rate 1 is −(g + λ·w), shortened to the norm.
    [Theory, InlineData(0, 0), InlineData(0.5f, 0), InlineData(0, 0.1f), InlineData(0.5f, 0.1f)]
    public void AStepOfLr_ByHand(float linearL2, float clipNorm)
    {
        TrainingOptions options = new() { Optimizer = OptimizerKind.Sgd, LearningRate = 1, LinearL2 = linearL2, ClipNorm = clipNorm };
        using EncodedData data = EncodedData.FromArrays([new("a", FieldShape.OneId, 0, 1), new("b", FieldShape.OneId, 1, 1)], [1], [0, 1]);
        using Engine engine = new(new LrModel(TestData.SmallModel).Build(2), data.Fields, options, seed: 1, threads: 1);
        engine.Parameters.Write("linear", [0.5f, -0.25f]);
        engine.Parameters.Write("bias", [0]);

        engine.Step(data, [0]);

        double g = 1 / (1 + Math.Exp(-0.25)) - 1;
        double[] gradient = [g + linearL2 * 0.5, g - linearL2 * 0.25, g];
        double norm = Math.Sqrt(gradient.Sum(x => x * x)), scale = clipNorm == 0 ? 1 : clipNorm / norm;
        Assert.True(clipNorm < norm);
        NumericAssert.Close<float>([0.5 - scale * gradient[0], -0.25 - scale * gradient[1]], engine.Parameters.Read("linear"), relative: 0,
            absolute: 1e-6, "linear");
        Assert.Equal(-scale * gradient[2], engine.Parameters.Read("bias")[0], tolerance: 1e-6);
    }
}
