using DeepFM.Metrics;
using DeepFM.Research.Results;
using DeepFM.Training;

namespace DeepFM.Research.Tests.Results;

public class ComparisonTableTests
{
    [Fact]
    public void Rows_HoldMeanAndSampleDeviation_InTheOrderOfTheCatalog()
    {
        ComparisonTable table = new(
        [
            Report("deepfm", 1, auc: 0.80, logLoss: 0.40, seconds: 30),
            Report("deepfm", 2, auc: 0.82, logLoss: 0.44, seconds: 50),
            Report("lr", 1, auc: 0.70, logLoss: 0.50, seconds: 4),
            Report("lr", 2, auc: 0.70, logLoss: 0.50, seconds: 6),
        ]);

        Assert.Equal(["LR", "DeepFM"], table.Rows.Select(row => row.DisplayName));
        ComparisonRow deepFm = table.Rows[1];
        Assert.Equal(0.81, deepFm.Auc!.Mean, 1e-12);
        Assert.Equal(0.02 / Math.Sqrt(2), deepFm.Auc.Deviation!.Value, 1e-12);      // n − 1 = 1
        Assert.Equal(8, deepFm.TimeOfLr!.Value, 1e-12);
        Assert.Equal(2, deepFm.Runs);
        Assert.Equal((100_000 / 30.0 + 100_000 / 50.0) / 2, deepFm.SamplesPerSecond, 1e-9);
    }

    [Fact]
    public void Pretraining_CountsInTheTimeAgainstLr_AndIsShownApart()
    {
        ComparisonTable table = new(
        [
            Report("lr", 1, 0.7, 0.5, seconds: 2),
            Report("fnn", 1, 0.8, 0.4, seconds: 5) with { Pretraining = History(seconds: 3) },
        ]);

        Assert.Equal(4, table.Rows[1].TimeOfLr!.Value, 1e-12);
        Assert.Contains("| FNN | 0.8000 | 0.4000 | 1,234 | 20,000 | 5.0 + 3.0 | 4.0 | 1 | 1 |", table.ToMarkdown(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutLr_ThereIsNoTimeAgainstIt()
    {
        ComparisonTable table = new([Report("fm", 1, 0.7, 0.5, seconds: 2)]);

        Assert.Null(table.Rows[0].TimeOfLr);
        Assert.Contains("| – |", table.ToMarkdown(), StringComparison.Ordinal);
        Assert.Contains("fm,FM,test,0.7,,0.5,,1234,", table.ToCsv(), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatWasTakenFromTheRows_StandsBelow()
    {
        TrainingHistory history = History(seconds: 2) with { BatchSize = 64, FtrlBeta = 1 / 64f, EmbeddingL2 = 0.05f, NetworkL2 = 0.01f };
        RunReport deepFm = Report("deepfm", 1, 0.7, 0.5, seconds: 2) with { Training = history };
        RunReport lr = Report("lr", 1, 0.7, 0.5, seconds: 2) with { Training = history };

        Assert.Contains("Taken from the training rows: batchSize=64, ftrlBeta=0.0156 (LR); batchSize=64, embeddingL2=0.05, networkL2=0.01 (DeepFM).\n",
            new ComparisonTable([deepFm, lr]).ToMarkdown(), StringComparison.Ordinal);
        Assert.DoesNotContain("Taken from", new ComparisonTable([deepFm with { Settings = RunSettings.Fixed("deepfm") }]).ToMarkdown(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Notices_AreSaidOnce_WithTheRunsThatTheyAreAbout()
    {
        RunReport lr = Report("lr", 1, 0.7, 0.5, seconds: 2) with { Notices = ["Few rows."] };
        RunReport fm = Report("fm", 1, 0.7, 0.5, seconds: 2) with { Notices = ["Few rows.", "It rose to 0.71.", "It is alone."] };
        RunReport fnn = Report("fnn", 2, 0.7, 0.5, seconds: 2) with { Notices = ["Few rows.", "It rose to 0.72."] };

        ComparisonTable table = new([lr, fm, fnn]);

        Assert.Equal(
        [
            "Few rows.",
            "FM, seed 1: It rose to 0.71. The same, with other figures, in 2 of the 3 runs (FM and FNN).",
            "FM, seed 1: It is alone.",
        ], table.Notices);
        Assert.EndsWith("\nNote: FM, seed 1: It is alone.\n", table.ToMarkdown(), StringComparison.Ordinal);
    }

    [Fact]
    public void RunsOfSeveralMachines_AreAllNamed()
    {
        RunReport here = Report("lr", 1, 0.7, 0.5, seconds: 2), there = here with { Seed = 2, Machine = here.Machine with { VectorBits = 128 } };
        RunReport more = here with { Seed = 3, Threads = 7 };

        Assert.DoesNotContain("do not compare", new ComparisonTable([here, here with { Seed = 2 }]).ToMarkdown(), StringComparison.Ordinal);
        string text = new ComparisonTable([here, there, more]).ToMarkdown();
        Assert.Contains("Not all runs were made alike, so times do not compare: ", text, StringComparison.Ordinal);
        Assert.Contains(" 128-bit vectors", text, StringComparison.Ordinal);
        Assert.Contains(" 7 threads", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Arithmetic_IsSaid_AndAMixIsMarked()
    {
        RunReport lr = Report("lr", 1, 0.7, 0.5, seconds: 2) with { NumericsVersion = 3 }, fm = lr with { Settings = RunSettings.Default("fm") };
        lr = lr with { Machine = lr.Machine with { VectorBits = 512, WidestVectorBits = 512 } };
        fm = fm with { Machine = lr.Machine };
        ComparisonTable alike = new([lr, fm]);
        Assert.Contains("\nArithmetic: numerics version 3, 512-bit vectors.\n", alike.ToMarkdown(), StringComparison.Ordinal);
        Assert.Equal(["numerics_version,vector_bits", "3,512", "3,512"], LastColumns(alike));

        ComparisonTable mixed = new([lr, fm, lr with { Seed = 2, Machine = lr.Machine with { VectorBits = 256 } },
            fm with { Seed = 2, NumericsVersion = null, Machine = lr.Machine with { WidestVectorBits = null, Commit = "0123456789abcdef" } }]);
        Assert.Contains("\nNot all runs were made with the same arithmetic, so that figures may differ for that reason alone: numerics version 3, "
            + "512-bit vectors (LR and FM); numerics version 3, 256-bit vectors on a processor with 512-bit ones (LR); numerics of commit "
            + "0123456789ab, from before they had a version, 512-bit vectors (FM). Run all of them with one kit on one kind of machine before "
            + "models are compared.\n", mixed.ToMarkdown(), StringComparison.Ordinal);
        Assert.Equal(["numerics_version,vector_bits", "3,512+256", "3+none,512"], LastColumns(mixed));

        static string[] LastColumns(ComparisonTable table) =>
            [.. table.ToCsv().TrimEnd().Split('\n').Select(line => string.Join(',', line.Split(',')[^2..]))];
    }

    static RunReport Report(string model, ulong seed, double auc, double logLoss, double seconds) => new()
    {
        DisplayName = model,
        Settings = RunSettings.Default(model),
        Seed = seed,
        Threads = 2,
        Data = new("0123456789abcdef", "given files", 3, 17, new(100_000, 0.25), null, new(200, 0.5)),
        ParameterCount = 1234,
        Training = History(seconds),
        Test = new()
        {
            Rows = 200,
            ClickRate = 0.5,
            Auc = auc,
            LogLoss = logLoss,
            Calibration = 1,
            RelativeInformationGain = 0.1,
        },
        Machine = MachineReport.Current,
        Date = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc),
    };

    static TrainingHistory History(double seconds) => new()
    {
        Epochs = [new() { Epoch = 1, TrainLoss = 0.6, LearningRate = 1e-3f, TrainSeconds = seconds, EvaluationSeconds = 0.5 }],
        BestEpoch = 1,
        Outcome = "The last epoch was kept.",
        Rows = 100_000,
    };
}
