using DeepFM.Core.Tests.Data;
using DeepFM.Data;
using DeepFM.Metrics;
using DeepFM.Training;

namespace DeepFM.Core.Tests.Training;

/// <summary>With no setting given, on the small ones of the real data, where they are.</summary>
public class RealDefaultsTests
{
    // About the standard error of an AUC of 1,000 rows, a third of which the mean over three splits and paired rows leaves.
    const double Noise = 0.005;

    [Fact]
    public void OnCriteosFirstRows_DeepFmRanksAsWellAsLr_AndBothAreCalibrated()
    {
        string file = RealData.File("criteo_10k/sample.train.tsv.gz");
        (EvaluationMetrics Lr, EvaluationMetrics DeepFm)[] splits = [.. new ulong[] { 1, 2, 3 }.Select(seed => Both("criteo", file, seed))];

        Assert.InRange(splits.Average(test => test.DeepFm.Auc!.Value - test.Lr.Auc!.Value), -Noise, 1);
        Assert.All(splits, Calibrated);
    }

    [Fact]
    public void OnAdult_DeepFmRanksBetterThanLr_AndBothAreCalibrated()
    {
        (EvaluationMetrics Lr, EvaluationMetrics DeepFm) test = Both("adult", RealData.File("adult/adult.data.gz"), 1);

        Assert.InRange(test.DeepFm.Auc!.Value, test.Lr.Auc!.Value, 1);
        Calibrated(test);
    }

    static void Calibrated((EvaluationMetrics Lr, EvaluationMetrics DeepFm) test)
    {
        Assert.InRange(test.Lr.Calibration!.Value, 0.8, 1.25);
        Assert.InRange(test.DeepFm.Calibration!.Value, 0.8, 1.25);
    }

    static (EvaluationMetrics Lr, EvaluationMetrics DeepFm) Both(string schema, string file, ulong seed)
    {
        using DataSplits rows = DataLoader.Load(new()
        {
            Schema = RealData.Schema(schema),
            TrainFiles = [file],
            Split = Split.Parse("random:0.8,0.1,0.1"),
            Seed = seed,
        }, cancel: TestContext.Current.CancellationToken);
        return (Test("lr"), Test("deepfm"));

        EvaluationMetrics Test(string model)
        {
            using TrainedModel trained = Trainer.For(RunSettings.Default(model), seed, threads: 2)
                .Train(rows.Train, rows.Valid, rows.Features.UntrainedIds, TestContext.Current.CancellationToken);
            return Evaluation.Evaluate(trained.Engine, rows.Test!);
        }
    }
}
