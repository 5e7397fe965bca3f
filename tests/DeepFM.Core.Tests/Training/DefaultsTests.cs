using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Core.Tests.Training;

/// <summary>What is taken from the training rows where nothing is asked for.</summary>
public class DefaultsTests
{
    public static TheoryData<string> Models => [.. ModelCatalog.Names];

    [Theory]
    [InlineData(1, 32)]
    [InlineData(3_199, 32)]
    [InlineData(6_399, 32)]
    [InlineData(6_400, 64)]
    [InlineData(26_048, 256)]
    [InlineData(80_000, 512)]
    [InlineData(202_027, 1024)]
    [InlineData(409_599, 2048)]
    [InlineData(409_600, 4096)]
    [InlineData(int.MaxValue, 4096)]
    public void TheBatch_MakesAHundredStepsAnEpoch(int rows, int batchSize)
    {
        TrainingOptions options = RunSettings.Default("lr").Training.ForRows(rows);
        Assert.Equal((batchSize, 1f / batchSize), (options.BatchSize, options.FtrlBeta));
    }

    [Theory]
    [InlineData(8_000, 3.2f / 64, 0.64f / 64)]
    [InlineData(80_000, 0.32f / 512, 0.064f / 512)]
    [InlineData(8_000_000, 0.0032f / 4096, 0.00064f / 4096)]
    public void Penalties_FallWithBatchAndRows(int rows, float embedding, float network)
    {
        TrainingOptions options = RunSettings.Default("deepfm").Training.ForRows(rows);
        Assert.Equal(embedding, options.EmbeddingL2, 1e-6f * embedding);
        Assert.Equal(network, options.NetworkL2, 1e-6f * network);
        options = RunSettings.Default("deepfm").With("embeddingL2=0").With("networkL2=0.5").Training.ForRows(rows);
        Assert.Equal((0, 0.5f), (options.EmbeddingL2, options.NetworkL2));
    }

    [Fact]
    public void WhatIsGiven_StaysSo()
    {
        TrainingOptions options = RunSettings.Default("lr").With("batchSize=7").With("ftrlBeta=0.5").Training.ForRows(1_000_000);
        Assert.Equal((7, 0.5f), (options.BatchSize, options.FtrlBeta));
        Assert.Equal(1f / 7, RunSettings.Default("lr").With("batchSize=7").Training.ForRows(1_000_000).FtrlBeta);
    }

    [Fact]
    public void PresetsOfBars_TakeNothingFromTheRows() => Assert.All(Presets.All.Where(preset => preset.Name.StartsWith("bars", StringComparison.Ordinal)),
        preset => Assert.All(ModelCatalog.Names, model => Assert.True(preset.For(model).Training is
        {
            BatchSize: 4096, OutputBias: OutputBias.Zero, PatienceSteps: 0, LearningRate: 1e-3f,
        })));

    [Theory, MemberData(nameof(Models))]
    public void OneConstant_StartsAtTheBaseRate(string model)
    {
        using EncodedData rows = TestData.Random(5, rows: 83, seed: 1);
        double rate = rows.Labels.ToArray().Average();
        RunSettings settings = RunSettings.Default(model).With("epochs=0").With("pretrainEpochs=1").With("hiddenWidths=3,2");
        using TrainedModel trained = Trainer.For(settings, 1, 1).Train(rows, null, []);
        using TrainedModel zero = Trainer.For(settings.With("outputBias=zero"), 1, 1).Train(rows, null, []);

        string[] constants = [.. trained.Engine.Parameters.Shapes.Select(shape => shape.Name)
            .Where(name => name.StartsWith("bias", StringComparison.Ordinal) || name.StartsWith("output", StringComparison.Ordinal) && name.EndsWith(".bias", StringComparison.Ordinal))];
        Assert.Equal(Math.Log(rate / (1 - rate)), constants.Sum(name => trained.Engine.Parameters.Read(name)[0]), 1e-6);
        Assert.Single(constants, name => trained.Engine.Parameters.Read(name)[0] != 0);
        Assert.All(constants, name => Assert.Equal(0, zero.Engine.Parameters.Read(name)[0]));
        Assert.Equal((float)Math.Log(rate / (1 - rate)), trained.Training.StartBias, 1e-6f);
        Assert.Equal((32, 0f), (trained.Training.BatchSize, zero.Training.StartBias));
    }

    [Fact]
    public void UnderFtrl_TheConstantMovesFromWhereItStarts()
    {
        // One step on all rows: w = w0 − α·G/(1 + |G|), G the summed gradient, which the base rate makes 0.
        using EncodedData rows = TestData.Random(5, rows: 83, seed: 1);
        RunSettings settings = RunSettings.Default("lr").With("epochs=1").With("batchSize=83");
        using TrainedModel trained = Trainer.For(settings, 1, 1).Train(rows, null, []);
        Assert.Equal(trained.Training.StartBias, trained.Engine.Parameters.Read("bias")[0], 1e-4f);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(83)]
    public void FtrlsBeta_IsOneForSummedGradients_WhateverTheBatch(int batchSize)
    {
        using EncodedData rows = TestData.Random(5, rows: 83, seed: 1);
        RunSettings settings = RunSettings.Default("lr").With($"batchSize={batchSize}").With("outputBias=zero");
        using Engine engine = new(settings.CreateModel().Build(5), rows.Fields, settings.Training, seed: 1, threads: 1);
        int[] batch = [.. Enumerable.Range(0, batchSize)];

        engine.Step(rows, batch);

        double sum = batch.Sum(row => 0.5 - rows.Labels[row]);
        Assert.Equal(-0.1 * sum / (1 + Math.Abs(sum)), engine.Parameters.Read("bias")[0], 1e-6);
    }

    [Fact]
    public void ARowFirstTouchedLate_MovesByMoreThanTheRate_AsAdamsBiasIsCorrectedByAllSteps()
    {
        EncodedField[] fields = [new("a", FieldShape.OneId, 0, 2)];
        using EncodedData rows = EncodedData.FromArrays(fields, [1f, 0f], [0, 1]);
        TrainingOptions options = new() { BatchSize = 1, LearningRate = 1e-3f };
        using Engine engine = new(new LrModel(new()).Build(1), fields, options, seed: 1, threads: 1);
        for (int step = 0; step < 20_000; step++) { engine.Step(rows, [0]); }

        engine.Step(rows, [1]);

        Assert.Equal(-1e-3 * 0.1 / Math.Sqrt(0.001), engine.Parameters.Read("linear")[1], 1e-5);
    }

    [Fact]
    public void Patience_LastsForSomeSteps_WhereEpochsAreTiny()
    {
        using EncodedData train = TestData.Random(5, rows: 83, seed: 1), valid = TestData.Random(5, rows: 61, seed: 2);
        RunSettings settings = RunSettings.Default("deepfm").With("epochs=40 batchSize=32 hiddenWidths=3 learningRate=0.2 patience=1".Split(' '));

        TrainingHistory Train(string change) => Trainer.For(settings.With(change), 1, 1).Train(train, valid, []) is var trained
            ? Disposed(trained) : throw new InvalidOperationException();

        TrainingHistory none = Train("patienceSteps=0"), some = Train("patienceSteps=28"), all = Train("patienceSteps=1000");
        Assert.Equal(1, none.Epochs.Count - none.BestEpoch);
        Assert.Equal(10, some.Epochs.Count - some.BestEpoch);                    // of three steps each: 28 need ten
        Assert.Equal(40, all.Epochs.Count);

        static TrainingHistory Disposed(TrainedModel trained)
        {
            trained.Dispose();
            return trained.Training;
        }
    }
}
