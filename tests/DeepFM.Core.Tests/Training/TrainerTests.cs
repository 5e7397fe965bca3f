using DeepFM.Metrics;
using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Core.Tests.Training;

public class TrainerTests
{
    const int F = 5;
    static readonly TrainingOptions quick = new() { BatchSize = 32, Epochs = 4, Patience = 0, LearningRate = 0.05f };
    static readonly EncodedData train = TestData.Random(F, rows: 83, seed: 1), valid = TestData.Random(F, rows: 61, seed: 2);

    [Fact]
    public void TheBestEpochIsKept_NotTheLast()
    {
        // Random labels and a high rate: the model soon learns its training rows by heart, to the harm of the others.
        TrainingOptions options = quick with { Epochs = 12, LearningRate = 0.2f, Monitor = DeepFM.Training.Monitor.LogLoss };
        using TrainedModel trained = Train(new DeepFmModel(TestData.SmallModel), options);
        TrainingHistory history = trained.Training;

        EpochReport best = history.Epochs.MinBy(epoch => epoch.Valid!.LogLoss)!;
        Assert.NotEqual(history.Epochs.Count, best.Epoch);
        Assert.Equal(best.Epoch, history.BestEpoch);
        Assert.Equal(best.Valid!.LogLoss, Evaluation.Evaluate(trained.Engine, valid).LogLoss);
        Assert.Equal(best.Valid.Auc, Evaluation.Evaluate(trained.Engine, valid).Auc);
    }

    [Fact]
    public void Patience_StopsTraining_AndTheRateIsCutOnTheWay()
    {
        TrainingOptions options = quick with
        {
            Epochs = 100,
            Patience = 3,
            LearningRate = 0.2f,
            LearningRateCut = 0.1f,
            MinLearningRate = 0.01f,
            Monitor = DeepFM.Training.Monitor.LogLoss,
        };
        using TrainedModel trained = Train(new DeepFmModel(TestData.SmallModel), options);
        TrainingHistory history = trained.Training;

        Assert.Equal(history.BestEpoch + 3, history.Epochs.Count);
        Assert.Equal([0.02f, 0.01f], history.Epochs.Select(epoch => epoch.LearningRate).TakeLast(2), Close);
        Assert.EndsWith("after 3 epochs without a better one.", history.Outcome, StringComparison.Ordinal);
    }

    // The least rate is where cuts end, not where training starts.
    [Fact]
    public void ALeastRateAboveTheRate_RaisesNothing()
    {
        TrainingOptions options = quick with
        {
            Epochs = 12,
            LearningRate = 0.2f,
            LearningRateCut = 0.1f,
            MinLearningRate = 0.5f,
            Monitor = DeepFM.Training.Monitor.LogLoss,
        };
        using TrainedModel trained = Train(new DeepFmModel(TestData.SmallModel), options);
        Assert.NotEqual(12, trained.Training.BestEpoch);
        Assert.All(trained.Training.Epochs, epoch => Assert.Equal(0.2f, epoch.LearningRate));
    }

    [Fact]
    public void AucOfOneClass_IsRefusedForBothTrainings_BeforeEither()
    {
        EncodedField[] fields = [new("a", FieldShape.OneId, 0, 2), new("b", FieldShape.OneId, 2, 2)];
        using EncodedData pairs = EncodedData.FromArrays(fields, [0f, 1f], [0, 2, 1, 3]),
            oneClass = EncodedData.FromArrays(fields, [0f, 0f], [0, 2, 1, 3]);
        Watch watch = new();
        UserErrorException Refused(TrainingOptions options, TrainingOptions? first) => Assert.Throws<UserErrorException>(
            () => new Trainer(new FnnModel(TestData.SmallModel), options, 7, 1) { PretrainingOptions = first, Progress = watch }
                .Train(pairs, oneClass, []));

        TrainingOptions byLogLoss = quick with { Monitor = DeepFM.Training.Monitor.LogLoss };
        Assert.StartsWith("Early stopping watches AUC", Refused(quick, byLogLoss).Message, StringComparison.Ordinal);
        Assert.StartsWith("Early stopping watches AUC", Refused(byLogLoss, quick).Message, StringComparison.Ordinal);
        Assert.Equal(0, watch.Count);
    }

    sealed class Watch : IProgress<TrainingProgress>
    {
        public int Count { get; private set; }

        public void Report(TrainingProgress value) => Count++;
    }

    [Fact]
    public void TheLastBatchHoldsWhatIsLeft()
    {
        // 83 rows by 32 are 2 batches and 19 rows; an epoch that dropped these would have another mean loss.
        TrainingOptions options = quick with { Epochs = 1, Optimizer = OptimizerKind.Sgd, LearningRate = 1e-9f };
        using TrainedModel trained = Train(new LrModel(TestData.SmallModel), options);

        double all = Evaluation.Evaluate(trained.Engine, train).LogLoss;
        Assert.Equal(all, trained.Training.Epochs[0].TrainLoss, 1e-7);
    }

    [Fact]
    public void OneEpochOfLr_IsTheStepsOfItsBatches()
    {
        using TrainedModel trained = Train(new LrModel(TestData.SmallModel), quick with { Epochs = 1 });
        using Engine engine = new(new LrModel(TestData.SmallModel).Build(F), train.Fields, quick, seed: 7, threads: 1);
        int[] rows = new int[train.RowCount];
        RowOrder.Shuffle(rows, seed: 7, epoch: 1);
        foreach (int[] batch in rows.Chunk(quick.BatchSize)) { engine.Step(train, batch); }

        Assert.Equal(engine.Parameters.Read("linear"), trained.Engine.Parameters.Read("linear"));
    }

    [Fact]
    public void Fnn_StartsFromTheFactorizationMachineThatItTrained()
    {
        TrainingOptions options = quick with { Epochs = 0, PretrainEpochs = 3 };
        using TrainedModel fnn = Train(new FnnModel(TestData.SmallModel), options);
        using TrainedModel fm = Train(new FmModel(TestData.SmallModel), options with { Epochs = 3 });

        int K = TestData.SmallModel.EmbeddingSize;
        float[] rows = fnn.Engine.Parameters.Read("embedding");                     // [N, K + 1]
        Assert.Equal(fm.Engine.Parameters.Read("embedding"), rows.Chunk(K + 1).SelectMany(row => row[..K]));
        Assert.Equal(fm.Engine.Parameters.Read("linear"), rows.Chunk(K + 1).Select(row => row[K]));
        Assert.Equal(fm.Training.Epochs.Select(epoch => epoch.TrainLoss), fnn.Pretraining!.Epochs.Select(epoch => epoch.TrainLoss));
        Assert.Empty(fnn.Training.Epochs);
    }

    [Theory, InlineData("fm"), InlineData("fm-dnn"), InlineData("fnn")]
    public void IdsWithoutATrainingRow_AddNothing(string model)
    {
        HashSet<int> seen = [];
        for (int row = 0; row < 3; row++)
        {
            for (int f = 0; f < F; f += 2) { seen.Add(train.Ids(row)[f]); }         // the fields with one id a row
        }
        int[] unseen = [.. train.Fields.Where((_, f) => f % 2 == 0)
            .SelectMany(field => Enumerable.Range(field.FirstId, field.IdCount)).Where(id => !seen.Contains(id))];
        TrainingOptions options = quick with { Epochs = 0, PretrainEpochs = 0 };
        using TrainedModel trained = new Trainer(ModelCatalog.Get(model).Create(TestData.SmallModel), options, 7, 1)
            .Train(train, null, unseen, TestContext.Current.CancellationToken);

        foreach (ParameterShape table in trained.Engine.Parameters.Shapes.Where(shape => shape.Shape[0] == train.FeatureCount))
        {
            float[][] rows = [.. trained.Engine.Parameters.Read(table.Name).Chunk(table.Shape[1])];
            Assert.All(unseen, id => Assert.All(rows[id], value => Assert.Equal(0, value)));
            if (table.Name != "linear") { Assert.Contains(seen, id => rows[id].Any(value => value != 0)); }
        }
    }

    [Fact]
    public void Ftrl_StepsFromThePretrainedWeights_AndLeavesIdsWithoutATrainingRowAtZero()
    {
        // FTRL's step replaces a weight by one that its sums imply: these have to imply the weights that were written.
        const float rate = 0.01f;
        TrainingOptions options = quick with
        {
            Epochs = 0,
            Optimizer = OptimizerKind.Ftrl,
            UpdateRows = TableRows.All,
            LearningRate = rate,
        };
        int untrained = train.Fields[2].FirstId;
        using TrainedModel fnn = new Trainer(new FnnModel(TestData.SmallModel with { EmbeddingDeviation = 1 }), options, 7, 1)
            .Train(train, null, [untrained], TestContext.Current.CancellationToken);
        int[] rows = [.. Enumerable.Range(0, 32).Where(row => train.Ids(row)[2] != untrained)];
        float[] before = fnn.Engine.Parameters.Read("embedding");

        fnn.Engine.Step(train, rows);

        float[] after = fnn.Engine.Parameters.Read("embedding");
        int width = after.Length / train.FeatureCount;
        Assert.All(after.Zip(before), pair => Assert.Equal(pair.Second, pair.First, tolerance: rate));
        Assert.All(after.AsSpan(untrained * width, width).ToArray(), weight => Assert.Equal(0, weight));
        Assert.Contains(before, weight => Math.Abs(weight) > 1);
    }

    [Fact]
    public void TheSameSeed_GivesTheSameBits_ForAnyNumberOfThreads()
    {
        ModelOptions options = TestData.SmallModel with { DropRate = 0.3f, BatchNorm = true };
        float[] one = Weights(threads: 1);
        Assert.Equal(one, Weights(threads: 2));
        Assert.Equal(one, Weights(threads: 8));

        float[] Weights(int threads)
        {
            using TrainedModel trained = new Trainer(new PnnStarModel(options), quick, 7, threads).Train(train, valid, []);
            return [.. trained.Engine.Parameters.Shapes.SelectMany(shape => trained.Engine.Parameters.Read(shape.Name))];
        }
    }

    [Fact]
    public void AnAmbientToken_StopsATraining_ThatIsGivenNone()
    {
        AmbientCancellation.Token = new CancellationToken(canceled: true);
        try
        {
            Assert.Throws<OperationCanceledException>(() =>
                new Trainer(new LrModel(TestData.SmallModel), quick, 7, 1).Train(train, null, [], CancellationToken.None));
        }
        finally { AmbientCancellation.Token = default; }
    }

    [Fact]
    public void Evaluation_StopsWhereItIsAsked_ByItsTokenOrByTheAmbientOne()
    {
        using Engine engine = new(new LrModel(TestData.SmallModel).Build(F), valid.Fields, quick, seed: 1, threads: 1);
        CancellationToken stopped = new(canceled: true);
        Assert.Throws<OperationCanceledException>(() => Evaluation.Evaluate(engine, valid, cancel: stopped));
        Assert.Throws<OperationCanceledException>(() => Evaluation.Evaluate(engine, Pieces(), cancel: stopped));
        AmbientCancellation.Token = stopped;
        try
        {
            Assert.Throws<OperationCanceledException>(() => Evaluation.Evaluate(engine, valid));
            Assert.Throws<OperationCanceledException>(() => Evaluation.Evaluate(engine, Pieces()));
        }
        finally { AmbientCancellation.Token = default; }

        static IEnumerable<EncodedData> Pieces() => [TestData.Random(F, rows: 7, seed: 3)];
    }

    [Fact]
    public void Progress_TellsOfEveryEpoch_AndCancellationStopsBetweenSteps()
    {
        using CancellationTokenSource stop = new();
        List<TrainingProgress> told = [];
        Trainer trainer = new(new LrModel(TestData.SmallModel), quick, 7, 1)
        {
            Progress = new Teller(progress =>
            {
                told.Add(progress);
                if (progress is { Epoch: 2, Completed: not null }) { stop.Cancel(); }
            }),
        };

        Assert.Throws<OperationCanceledException>(() => trainer.Train(train, valid, [], stop.Token));
        Assert.Equal([1, 2], told.Where(progress => progress.Completed is not null).Select(progress => progress.Epoch));
        Assert.All(told, progress => Assert.Equal((TrainingPhase.Training, 4, 83), (progress.Phase, progress.Epochs, progress.RowCount)));
    }

    /// <summary>What makes no steps may take long, too: tables of many ids, and many rows to validate on.</summary>
    [Fact]
    public void Progress_TellsWhatIsDone_BeforeAndAfterTheSteps()
    {
        List<TrainingProgress> told = [];
        Trainer trainer = new(new LrModel(TestData.SmallModel), quick with { Epochs = 2 }, 7, 1) { Progress = new Teller(told.Add) };
        trainer.Train(train, valid, [], TestContext.Current.CancellationToken).Dispose();
        Assert.Equal([TrainingActivity.Preparing, TrainingActivity.Evaluating, TrainingActivity.Evaluating],
            told.Select(progress => progress.Activity).Where(activity => activity != TrainingActivity.Steps));
        Assert.Equal(TrainingActivity.Preparing, told[0].Activity);
    }

    [Theory]
    [InlineData(0, 4), InlineData(3, 100)]
    public void Progress_SaysWhichEpochIsTheLast(int patience, int epochs)
    {
        List<TrainingProgress> told = [];
        Trainer trainer = new(new DeepFmModel(TestData.SmallModel),
            quick with { Epochs = epochs, Patience = patience, LearningRate = 0.2f }, 7, 1)
        { Progress = new Teller(told.Add) };
        using TrainedModel trained = trainer.Train(train, valid, [], TestContext.Current.CancellationToken);
        TrainingProgress last = Assert.Single(told, progress => progress.IsLast);
        Assert.Same(told[^1], last);
        Assert.Equal(patience > 0, last.Epoch < epochs);
    }

    [Fact]
    public void ALossThatIsNotANumber_SaysWhereAndWhatToTry()
    {
        TrainingOptions options = quick with { Optimizer = OptimizerKind.Sgd, LearningRate = 100, Epochs = 1000 };
        ModelOptions model = TestData.SmallModel with { EmbeddingDeviation = 1 };

        string message = Assert.Throws<TrainingFailedException>(() => Train(new FmModel(model), options, withValid: false)).Message;

        Assert.Matches(@"^Training diverged: the loss is .* in epoch \d+, step \d+, at learning rate 100\. Try a lower learningRate, ",
            message);
    }

    [Fact]
    public void GroupedAuc_IsReportedWhereItIsAskedFor()
    {
        using TrainedModel trained = Train(new LrModel(TestData.SmallModel), quick with { GroupField = "field0" });
        EvaluationMetrics metrics = trained.Training.Epochs[0].Valid!;
        Assert.True(metrics.GroupedAuc!.Groups + metrics.GroupedAuc.LeftOutGroups > 1);
    }

    static TrainedModel Train(CtrModel model, TrainingOptions options, bool withValid = true) =>
        new Trainer(model, options, seed: 7, threads: 1).Train(train, withValid ? valid : null, []);

    static bool Close(float expected, float actual) => Math.Abs(expected - actual) < 1e-6f;

    sealed class Teller(Action<TrainingProgress> tell) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => tell(value);
    }
}
