using DeepFM.Models;
using DeepFM.Numerics;
using DeepFM.Training;

namespace DeepFM.Core.Tests.Training;

/// <summary>A model that another one gives its start needs no more memory than one alone.</summary>
[Collection(nameof(Alone))]
public class PretrainingMemoryTests
{
    [Fact]
    public void TheSecondTraining_KeepsNothingOfTheFirst()
    {
        const int ids = 100_000;
        EncodedField[] fields = [new("a", FieldShape.OneId, 0, ids), new("b", FieldShape.OneId, ids, 5)];
        using EncodedData data = EncodedData.FromArrays(fields, [0, 1, 1, 0], [0, ids, 1, ids + 1, 2, ids + 2, ids - 1, ids + 4]);
        TrainingOptions options = new() { Epochs = 2, PretrainEpochs = 2, BatchSize = 4 };
        ModelOptions model = new() { HiddenWidths = [4] };
        long before = NativeBuffers.Bytes;
        using Engine alone = new(new FnnModel(model).Build(2), fields, options, seed: 1, threads: 1);
        long ofOne = NativeBuffers.Bytes - before;
        alone.Dispose();

        List<(TrainingPhase Phase, long Bytes)> seen = [];
        Trainer trainer = new(new FnnModel(model), options, seed: 1, threads: 1)
        {
            Progress = new Seen(progress => seen.Add((progress.Phase, NativeBuffers.Bytes - before))),
        };
        using TrainedModel trained = trainer.Train(data, null, [], TestContext.Current.CancellationToken);

        Assert.Contains(seen, at => at.Phase == TrainingPhase.Pretraining);
        long[] second = [.. seen.Where(at => at.Phase == TrainingPhase.Training).Select(at => at.Bytes)];
        Assert.InRange(second.Max(), ofOne / 2, ofOne + ofOne / 10);
    }

    sealed class Seen(Action<TrainingProgress> note) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => note(value);
    }
}
