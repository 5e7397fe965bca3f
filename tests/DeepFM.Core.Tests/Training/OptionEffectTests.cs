using DeepFM.Metrics;
using DeepFM.Training;

namespace DeepFM.Core.Tests.Training;

/// <summary>Trap T21: an option that can be set does something.</summary>
public class OptionEffectTests
{
    static readonly EncodedData train = TestData.Random(5, rows: 83, seed: 1), valid = TestData.Random(5, rows: 61, seed: 2);

    /// <summary>For each option a value, and what has to be set besides for the option to matter.</summary>
    static readonly Dictionary<string, (string Value, string Besides)> changes = new()
    {
        ["embeddingSize"] = ("4", ""),
        ["hiddenWidths"] = ("6,5", ""),
        ["activation"] = ("tanh", ""),
        ["dropRate"] = ("0.4", ""),
        ["batchNorm"] = ("true", ""),
        ["embeddingDeviation"] = ("0.5", ""),
        ["weightInit"] = ("he", ""),
        ["optimizer"] = ("adagrad", ""),
        ["updateRows"] = ("all", "batchSize=5"),
        ["learningRate"] = ("0.1", ""),
        ["adamBeta1"] = ("0.5", ""),
        ["adamBeta2"] = ("0.9", ""),
        ["epsilon"] = ("0.01", ""),
        ["ftrlBeta"] = ("0.5", "optimizer=ftrl"),
        ["ftrlL1"] = ("0.01", "optimizer=ftrl"),
        ["ftrlL2"] = ("0.5", "optimizer=ftrl"),
        ["embeddingL2"] = ("0.1", ""),
        ["linearL2"] = ("0.1", ""),
        ["networkL2"] = ("0.1", ""),
        ["l2Rows"] = ("all", "embeddingL2=0.1 batchSize=5"),
        ["clipNorm"] = ("0.01", ""),
        ["batchSize"] = ("16", ""),
        ["epochs"] = ("2", ""),
        ["patience"] = ("1", ""),
        ["monitor"] = ("logLoss", "learningRate=0.05"),
        ["learningRateCut"] = ("0.5", ""),
        ["minLearningRate"] = ("0.15", "learningRateCut=0.5"),
        ["pretrainEpochs"] = ("2", ""),
        ["batchNormMomentum"] = ("0.5", "batchNorm=true"),
        ["batchNormEpsilon"] = ("0.1", "batchNorm=true"),
        ["groupField"] = ("field0", ""),
    };

    public static TheoryData<string> Keys => [.. RunSettings.Keys];

    [Theory, MemberData(nameof(Keys))]
    public void AnotherValue_GivesAnotherResult(string key)
    {
        Assert.True(changes.ContainsKey(key), $"The option {key} is new: say here which value of it shows.");
        (string value, string besides) = changes[key];
        RunSettings settings = RunSettings.Default(key == "pretrainEpochs" ? "fnn" : "deepfm");
        string assignments = "embeddingSize=3 hiddenWidths=7,5 dropRate=0 batchSize=32 epochs=12 pretrainEpochs=1 patience=0 "
            + $"learningRate=0.2 {besides}";
        foreach (string assignment in assignments.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            settings = settings.With(assignment);
        }

        Assert.NotEqual(Result(settings), Result(settings.With($"{key}={value}")));
    }

    // All parameters, and how many epochs it took.
    static string Result(RunSettings settings)
    {
        using TrainedModel trained = Trainer.For(settings, seed: 7, threads: 1).Train(train, valid, []);
        GroupedAuc? grouped = trained.Training.Epochs[0].Valid!.GroupedAuc;
        return $"{trained.Training.Epochs.Count} {grouped} " + string.Join(' ', trained.Engine.Parameters.Shapes
            .SelectMany(shape => trained.Engine.Parameters.Read(shape.Name)).Select(BitConverter.SingleToUInt32Bits));
    }
}
