using DeepFM.Data;
using DeepFM.Metrics;
using DeepFM.Research.Generation;
using DeepFM.Training;

namespace DeepFM.Research.Tests.Generation;

public class StoreDefaultsTests
{
    [Fact]
    public void WithoutAnySetting_OnTenThousandRows_DeepFmRanksAsWellAsLr_AndBothAreCalibrated()
    {
        using TempFolder folder = new();
        new AppStore(new() { TrainRows = 10_000, TestRows = 100 }).WriteTrain(folder["train.csv"], threads: 2, null, TestContext.Current.CancellationToken);
        using DataSplits rows = DataLoader.Load(new()
        {
            Schema = AppStore.Schema,
            TrainFiles = [folder["train.csv"]],
            Split = Split.Parse("random:0.8,0.1,0.1"),
        }, cancel: TestContext.Current.CancellationToken);

        EvaluationMetrics[] lr = Test("lr"), deepFm = Test("deepfm");

        Assert.True(deepFm.Average(test => test.Auc) >= lr.Average(test => test.Auc),
            $"DeepFM {deepFm.Average(test => test.Auc):0.0000}, LR {lr.Average(test => test.Auc):0.0000}");
        Assert.All([.. lr, .. deepFm], test => Assert.InRange(test.Calibration!.Value, 0.8, 1.25));

        EvaluationMetrics[] Test(string model) => [.. new ulong[] { 1, 2, 3 }.Select(seed =>
        {
            using TrainedModel trained = Trainer.For(RunSettings.Default(model), seed, threads: 2)
                .Train(rows.Train, rows.Valid, rows.Features.UntrainedIds, TestContext.Current.CancellationToken);
            return Evaluation.Evaluate(trained.Engine, rows.Test!);
        })];
    }
}
