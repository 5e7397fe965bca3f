using System.Text.Json;
using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Cli.Tests;

public sealed class TrainTests : IDisposable
{
    readonly Workspace workspace = new();

    public static TheoryData<string> Models => [.. ModelCatalog.Names];

    public void Dispose() => workspace.Dispose();

    [Theory, MemberData(nameof(Models))]
    public void EveryModel_EvaluatesToTheFiguresThatTrainingPrinted(string model)
    {
        Outcome trained = workspace.Train("run", $"--model {model} --json");
        Assert.Equal((0, ""), (trained.Code, trained.Code == 0 ? "" : trained.Error));
        Outcome evaluated = workspace.Run("evaluate --model-dir @run/model --data @test.csv --json");
        Assert.Equal((0, ""), (evaluated.Code, evaluated.Error));

        JsonElement expected = JsonDocument.Parse(trained.Output).RootElement.GetProperty("test");
        JsonElement actual = JsonDocument.Parse(evaluated.Output).RootElement;
        Assert.Equal(expected.GetProperty("auc").GetDouble(), actual.GetProperty("auc").GetDouble());
        Assert.Equal(expected.GetProperty("logLoss").GetDouble(), actual.GetProperty("logLoss").GetDouble());
        Assert.Equal(File.ReadAllText(workspace["run/report.json"]).TrimEnd(), trained.Output.TrimEnd());
    }

    [Fact]
    public void Report_HoldsConfigurationDataFiguresTimesAndMachine()
    {
        workspace.Train("run", "--model fnn --seed 5 --threads 2 --preset bars-frappe");
        RunReport report = RunReport.Read(workspace["run/report.json"]);

        Assert.Equal("FNN", report.DisplayName);
        Assert.Equal((5UL, 2), (report.Seed, report.Threads));
        Assert.Equal(0.05f, report.Settings.Training.EmbeddingL2);
        Assert.Equal((401, 101, 103), (report.Data.Train.Rows, report.Data.Valid!.Rows, report.Data.Test!.Rows));
        Assert.Equal(64, report.Data.Digest.Length);
        Assert.Equal("given files", report.Data.Split);
        Assert.Equal(2, report.Training.Epochs.Count);
        Assert.Single(report.Pretraining!.Epochs);
        Assert.True(report.SamplesPerSecond > 0 && report.TotalTrainSeconds > report.Training.TrainSeconds);
        Assert.True(report.Test!.Auc > 0.5);
        Assert.NotEmpty(report.Machine.Processor);
        Assert.Equal("0.1.0", report.Machine.Kit);
    }

    [Fact]
    public void SameSeed_GivesTheSameFigures_ForAnyNumberOfThreads()
    {
        workspace.Train("one", "--threads 1");
        workspace.Train("two", "--threads 2");
        workspace.Train("other", "--threads 2 --seed 2");

        Assert.Equal(File.ReadAllBytes(workspace["one/model/weights.safetensors"]),
            File.ReadAllBytes(workspace["two/model/weights.safetensors"]));
        Assert.NotEqual(File.ReadAllBytes(workspace["one/model/weights.safetensors"]),
            File.ReadAllBytes(workspace["other/model/weights.safetensors"]));
    }

    [Fact]
    public void Split_GivesValidationAndTestRows()
    {
        Outcome outcome = workspace.Run("train --schema @schema.json --train @train.csv --split random:0.6,0.2,0.2 "
            + $"--model lr --set {Workspace.SmallModel} --out @run");
        Assert.Equal(0, outcome.Code);

        DataReport data = RunReport.Read(workspace["run/report.json"]).Data;
        Assert.Equal(401, data.Train.Rows + data.Valid!.Rows + data.Test!.Rows);
        Assert.StartsWith("random 60/20/20 %, seed 1", data.Split, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutValidationRows_TheLastEpochIsKept_AndSaidSo()
    {
        Outcome outcome = workspace.Run("train --schema @schema.json --train @train.csv --test @test.csv --model fm "
            + $"--set {Workspace.SmallModel} --out @run");

        Assert.Contains("The last epoch was kept: there are no validation rows, so all 2 epochs were trained.", outcome.Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void WhatWasTakenFromTheRows_IsSaid()
    {
        const string Command = "train --schema @schema.json --train @train.csv --model deepfm --set hiddenWidths=4 epochs=1 ";

        string none = workspace.Run(Command + "--out @run").Output, all = workspace.Run(Command + "batchSize=7 embeddingL2=0 networkL2=0 --out @set").Output;

        Assert.Contains("\ntaken from the rows         batchSize=32, embeddingL2=0.1, networkL2=0.02\n", none, StringComparison.Ordinal);
        Assert.Contains("\nbatches                     7 rows, ", all, StringComparison.Ordinal);
        Assert.DoesNotContain("taken from", all, StringComparison.Ordinal);
    }

    [Fact]
    public void Output_IsResultsAlone_AndProgressGoesToTheErrorStream()
    {
        Outcome outcome = workspace.Train("run", "--model fnn");

        Assert.StartsWith("model ", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("test AUC", outcome.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("epoch 1 of", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("pre-training, epoch 1 of 1: training loss ", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("epoch 2 of 2: training loss ", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ARunThatIsThere_IsReplacedOnlyByForce()
    {
        workspace.Train("run", "--model lr");
        byte[] before = File.ReadAllBytes(workspace["run/report.json"]);

        Outcome refused = workspace.Train("run", "--model fm");
        Assert.Equal(2, refused.Code);
        Assert.Equal($"{workspace["run/report.json"]} is there already. Choose another --out, or give --force to replace that run.",
            refused.Error.TrimEnd());
        Assert.Equal(before, File.ReadAllBytes(workspace["run/report.json"]));

        Assert.Equal(0, workspace.Train("run", "--model fm --force").Code);
        Assert.Equal("FM", RunReport.Read(workspace["run/report.json"]).DisplayName);
        Assert.Equal(["model", "report.json"], Names("run"));
    }

    [Fact]
    public void Divergence_IsAFailure_ThatSaysWhereItStoodAndWhatToTry()
    {
        Outcome outcome = workspace.Train("run", "--model fm --set optimizer=sgd learningRate=100 embeddingDeviation=1 epochs=50");

        Assert.Equal(1, outcome.Code);
        Assert.Contains("diverged", outcome.Error, StringComparison.Ordinal);
        Assert.Contains("learning rate", outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(workspace["run"]));
    }

    string[] Names(string directory) =>
        [.. Directory.GetFileSystemEntries(workspace[directory]).Select(path => Path.GetFileName(path)).Order()];
}
