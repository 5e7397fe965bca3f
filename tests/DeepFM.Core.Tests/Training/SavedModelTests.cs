using DeepFM.Core.Tests.Data;
using DeepFM.Metrics;
using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Core.Tests.Training;

/// <summary>A saved model is the trained one: it scores with all that it was trained with.</summary>
public sealed class SavedModelTests : IDisposable
{
    const string Small = "embeddingSize=3 hiddenWidths=21,6 batchNorm=true batchSize=32 epochs=2 pretrainEpochs=1 learningRate=0.05";
    static readonly MixedFiles files = new();
    static readonly DataSplits data = files.Load();
    readonly TempFolder folder = new();

    public static TheoryData<string> Keys => [.. RunSettings.Keys];

    public void Dispose() => folder.Dispose();

    /// <summary>Whatever option a model was trained with, no default stands for it when the saved model scores.</summary>
    [Theory, MemberData(nameof(Keys))]
    public void WhateverOption_EvaluatesToTheBitsOfItsTraining(string key)
    {
        (string value, string besides) = OptionChanges.Of(key);
        RunSettings settings = RunSettings.Default(key == "pretrainEpochs" ? "fnn" : "deepfm");
        AssertEvaluatesAsTrained(settings.With($"{Small} {besides} {key}={value}".Split(' ', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Theory, MemberData(nameof(TestModels.Names), MemberType = typeof(TestModels))]
    public void AllOptionsTogether_EvaluateToTheBitsOfTheirTraining(string model)
    {
        string[] changes = [.. RunSettings.Keys.Except(["epochs", "embeddingSize", "hiddenWidths"]).Select(key => $"{key}={OptionChanges.Of(key).Value}")];
        AssertEvaluatesAsTrained(RunSettings.Default(model).With([.. Small.Split(' '), .. changes, "learningRate=0.01"]));
    }

    void AssertEvaluatesAsTrained(RunSettings settings)
    {
        RunReport report = TrainingRun.Execute(settings, data, seed: 3, threads: 2, folder["run"], RunOutputs.Model | RunOutputs.Scores,
            cancel: TestContext.Current.CancellationToken);
        using SavedModel saved = SavedModel.Load(folder["run/model"], threads: 1);
        float[] expected = new float[data.Test!.RowCount], actual = new float[expected.Length];
        using (SafeTensorsFile scores = SafeTensorsFile.Open(folder["run/scores.safetensors"])) { scores.Read<float>(TrainingRun.TestScores, expected); }
        saved.Engine.Score(data.Test, 0, actual);

        Assert.Equal(expected.Select(BitConverter.SingleToUInt32Bits), actual.Select(BitConverter.SingleToUInt32Bits));
        EvaluationMetrics evaluated = Evaluation.Evaluate(saved.Engine, saved.Features.Read([files["test.csv"]]),
            saved.Settings.Training.GroupField, TestContext.Current.CancellationToken);
        Assert.Equal(report.Test, evaluated);
        Assert.Equal(settings.ToJson(), saved.Settings.ToJson());
    }
}
