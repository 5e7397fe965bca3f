using DeepFM.Core.Tests.Data;
using DeepFM.Data;
using DeepFM.Doubts;
using DeepFM.Metrics;
using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Core.Tests.Doubts;

public class RunDoubtTests
{
    static readonly RunReport good = Doubt.Report(RunSettings.Default("deepfm"), 0.7, 0.69);

    [Fact]
    public void AGoodRun_HasNone() => Assert.Empty(RunDoubts.Of(good));

    [Fact]
    public void ALogLossAboveThatOfTheBaseRate_IsSaid_OfEachPart()
    {
        RunReport report = good with { Valid = Doubt.Figures(0.7, logLoss: 5.4e6, clickRate: 0.24), Test = Doubt.Figures(0.7, logLoss: 0.6932) };
        Assert.Equal(
        [
            "The log loss on validation rows, 5400000, is above that of saying 24.0 % for every row, 0.5511: as probabilities the predictions are "
                + "worse than none. Standardize large numbers in the schema, lower learningRate, or train on more rows.",
            "The log loss on test rows, 0.6932, is above that of saying 50.0 % for every row, 0.6931: as probabilities the predictions are worse than "
                + "none. Standardize large numbers in the schema, lower learningRate, or train on more rows.",
        ], RunDoubts.Of(report));
        Assert.Empty(RunDoubts.Of(good with { Test = Doubt.Figures(0.7, logLoss: 0.6931) }));
    }

    [Theory]
    [InlineData(0.99995, "The AUC on test rows is 0.99995: a field may tell the label, ")]
    [InlineData(0.42, "The AUC on test rows is 0.4200, below that of chance: labels may be turned round there, ")]
    public void AnAucThatIsTooGoodOrBelowChance_IsSaid(double auc, string begin) =>
        Assert.StartsWith(begin, Assert.Single(RunDoubts.Of(good with { Test = Doubt.Figures(auc) })), StringComparison.Ordinal);

    [Fact]
    public void AnAucThatChanceGives_IsNotDoubtful()
    {
        Assert.Empty(RunDoubts.Of(good with { Test = Doubt.Figures(0.48) }));
        Assert.Empty(EvaluationDoubts.OfFigures("test", Doubt.Figures(1, logLoss: 0.1, rows: 40)));
    }

    [Fact]
    public void SharesOfPositivesThatDiffer_AreSaid()
    {
        Assert.Equal(
            ["50.0 % of the test rows are positive, but 20.0 % of the training rows: probabilities learned on the one do not fit the other, and log loss "
                + "and calibration there say little; AUC does not depend on it. Draw both alike."],
            RunDoubts.Of(With(train: new(100_000, 0.2), test: new(1000, 0.5))));
        Assert.Empty(RunDoubts.Of(With(train: new(100_000, 0.05), test: new(40, 0.125))));         // chance may do that

        static RunReport With(SplitReport train, SplitReport test) => good with { Data = good.Data with { Train = train, Valid = null, Test = test } };
    }

    [Fact]
    public void LogLossWatchedOnRowsWithoutAPositive_IsSaid() => Assert.Equal(
        ["monitor=logLoss chose the epoch on validation rows that are all negative: it kept the one that predicts lowest, not the best. Give validation "
            + "rows of both classes, or none and set epochs."],
        RunDoubts.Of(good with
        {
            Settings = good.Settings.With("monitor=logLoss"),
            Valid = Doubt.Figures(0, logLoss: 0.01, clickRate: 0) with { Auc = null },
        }));

    [Fact]
    public void ALastBatchOfOneRow_IsSaid_WithBatchNorm()
    {
        RunReport report = good with
        {
            Settings = good.Settings.With("batchNorm=true"),
            Data = good.Data with { Train = new(100_001, 0.5) },
            Training = good.Training with { BatchSize = 1000 },
        };
        Assert.Equal(
            ["The last batch of each epoch has one row (100,001 rows in batches of 1,000): batch norm makes its step one that says nothing of that row. Set "
                + "batchSize=999 or another that leaves more."],
            RunDoubts.Of(report));
        Assert.Empty(RunDoubts.Of(report with { Settings = good.Settings }));
        Assert.Empty(RunDoubts.Of(report with { Data = good.Data }));
    }

    [Fact]
    public void BatchesOfOneRow_AreRefused_WithBatchNorm()
    {
        using EncodedData rows = TestData.Random(3, rows: 40, seed: 1);
        RunSettings settings = RunSettings.Default("dnn").With("hiddenWidths=3").With("batchSize=1").With("epochs=1");
        using TrainedModel trained = Trainer.For(settings, 1, 1).Train(rows, null, []);

        Assert.Equal("batchSize=1 is not allowed with batch norm: a row's mean is the row itself, so all rows look alike to the network. Set a larger "
            + "batchSize, or batchNorm=false.",
            Assert.Throws<UserErrorException>(() => Trainer.For(settings.With("batchNorm=true"), 1, 1).Train(rows, null, [])).Message);
    }

    [Theory]
    [InlineData("optimizer=adam l2Rows=all embeddingL2=0.1", "l2Rows=all changes every row in every step, so updateRows=touched has no effect.")]
    [InlineData("optimizer=ftrl ftrlBeta=1 batchSize=4096", "ftrlBeta=1 is 4,096 times 1/batchSize, ")]
    public void OptionsAtOdds_AreSaid(string changes, string begin) => Assert.StartsWith(begin, Assert.Single(RunDoubts.Of(good with
    {
        Settings = good.Settings.With(changes.Split(' ')),
        Training = good.Training with { BatchSize = 4096 },
    })), StringComparison.Ordinal);

    [Theory]
    [InlineData("l2Rows=all embeddingL2=0")]
    [InlineData("l2Rows=all updateRows=all embeddingL2=0.1")]
    [InlineData("optimizer=ftrl")]
    [InlineData("optimizer=ftrl ftrlBeta=0.00024")]
    public void OptionsThatGoTogether_AreNotDoubtful(string changes) => Assert.Empty(RunDoubts.Of(good with
    {
        Settings = good.Settings.With(changes.Split(' ')),
        Training = good.Training with { BatchSize = 4096 },
    }));

    [Theory]
    [InlineData(0, "All 40 labels of the training rows are 0, so there is nothing to learn. Check the schema's label, or give rows of both classes ")]
    [InlineData(1, "All 40 labels of the training rows are 1, so there is nothing to learn. ")]
    public void TrainingRowsOfOneClass_AreRefused(int label, string begin)
    {
        EncodedField[] fields = [new("a", FieldShape.OneId, 0, 2)];
        using EncodedData rows = EncodedData.FromArrays(fields, [.. Enumerable.Repeat((float)label, 40)], [.. Enumerable.Repeat(1, 40)]);
        Assert.StartsWith(begin, Assert.Throws<UserErrorException>(
            () => Trainer.For(RunSettings.Default("lr"), 1, 1).Train(rows, null, [])).Message, StringComparison.Ordinal);
    }
}
