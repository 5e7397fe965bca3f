using DeepFM.Metrics;
using DeepFM.Training;

namespace DeepFM.Core.Tests.Training;

/// <summary>Trap T21: an option that can be set does something.</summary>
public class OptionEffectTests
{
    static readonly EncodedData train = TestData.Random(5, rows: 83, seed: 1), valid = TestData.Random(5, rows: 61, seed: 2);

    public static TheoryData<string> Keys => [.. RunSettings.Keys];

    [Theory, MemberData(nameof(Keys))]
    public void AnotherValue_GivesAnotherResult(string key)
    {
        (string value, string besides) = OptionChanges.Of(key);
        RunSettings settings = RunSettings.Default(key == "pretrainEpochs" ? "fnn" : "deepfm");
        string assignments = "embeddingSize=3 hiddenWidths=7,5 dropRate=0 batchSize=32 epochs=12 pretrainEpochs=1 patience=0 monitor=auc "
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
