using DeepFM.Data;
using DeepFM.Metrics;
using DeepFM.Research.Generation;
using DeepFM.Training;

namespace DeepFM.Research.Tests.Generation;

/// <summary>With no setting given, on generated rows of several kinds and numbers.</summary>
public class StoreDefaultsTests
{
    [Fact]
    public void OnTenThousandRows_DeepFmRanksAsWellAsLr_AndBothAreCalibrated()
    {
        using TempFolder folder = new();
        WriteStore(folder["train.csv"], rows: 10_000, seed: 1);
        using DataSplits rows = Split(AppStore.Schema, folder["train.csv"], seed: 1);
        Check([Test(rows, 1), Test(rows, 2), Test(rows, 3)], noise: 0);
    }

    // Over two splits of other rows: half the standard error of an AUC of 1,000 rows is noise.
    [Fact]
    public void OnTwentyThousandRows()
    {
        using TempFolder folder = new();
        WriteStore(folder["train.csv"], rows: 20_000, seed: 7);
        Check([TestSplit(AppStore.Schema, folder["train.csv"], 1), TestSplit(AppStore.Schema, folder["train.csv"], 2)], noise: 0.01);
    }

    [Fact]
    public void OnCriteoLikeRows_WhoseLabelsAreMostlyOfOrderOne()
    {
        using TempFolder folder = new();
        CriteoText.Write(folder["train.tsv"], rowCount: 10_000, seed: 1, threads: 2);
        Check([TestSplit(CriteoText.Schema, folder["train.tsv"], 1), TestSplit(CriteoText.Schema, folder["train.tsv"], 2)], noise: 0.01);
    }

    static void Check((EvaluationMetrics Lr, EvaluationMetrics DeepFm)[] tests, double noise)
    {
        double lr = tests.Average(test => test.Lr.Auc!.Value), deepFm = tests.Average(test => test.DeepFm.Auc!.Value);
        Assert.True(deepFm >= lr - noise, $"DeepFM {deepFm:0.0000}, LR {lr:0.0000}");
        Assert.InRange(tests.Average(test => test.Lr.Calibration!.Value), 0.8, 1.25);
        Assert.InRange(tests.Average(test => test.DeepFm.Calibration!.Value), 0.8, 1.25);
    }

    static void WriteStore(string path, int rows, ulong seed) => new AppStore(new() { TrainRows = rows, TestRows = 100, Seed = seed })
        .WriteTrain(path, threads: 2, null, TestContext.Current.CancellationToken);

    static DataSplits Split(Schema schema, string path, ulong seed) => DataLoader.Load(new()
    {
        Schema = schema,
        TrainFiles = [path],
        Split = DeepFM.Data.Split.Parse("random:0.8,0.1,0.1"),
        Seed = seed,
    }, cancel: TestContext.Current.CancellationToken);

    static (EvaluationMetrics Lr, EvaluationMetrics DeepFm) TestSplit(Schema schema, string path, ulong seed)
    {
        using DataSplits rows = Split(schema, path, seed);
        return Test(rows, seed);
    }

    static (EvaluationMetrics Lr, EvaluationMetrics DeepFm) Test(DataSplits rows, ulong seed)
    {
        return (Of("lr"), Of("deepfm"));

        EvaluationMetrics Of(string model)
        {
            using TrainedModel trained = Trainer.For(RunSettings.Default(model), seed, threads: 2)
                .Train(rows.Train, rows.Valid, rows.Features.UntrainedIds, TestContext.Current.CancellationToken);
            return Evaluation.Evaluate(trained.Engine, rows.Test!);
        }
    }
}
