using System.Text.Json;
using DeepFM.Training;

namespace DeepFM.Cli.Tests;

public sealed class CompareTests : IDisposable
{
    const string Data = "--schema @schema.json --train @train.csv --valid @valid.csv --test @test.csv";
    readonly Workspace workspace = new();

    public void Dispose() => workspace.Dispose();

    [Fact]
    public void Table_HasARowAModel_ComputedFromTheReports()
    {
        Outcome outcome = Compare("--models lr,fnn,deepfm --seeds 1,2");
        Assert.Equal(0, outcome.Code);

        string table = File.ReadAllText(workspace["cmp/table.md"]);
        Assert.StartsWith(table, outcome.Output, StringComparison.Ordinal);
        double[] auc = [Report("deepfm", 1).Test!.Auc!.Value, Report("deepfm", 2).Test!.Auc!.Value];
        double deviation = Math.Abs(auc[0] - auc[1]) / Math.Sqrt(2);
        Assert.Contains(FormattableString.Invariant($"| DeepFM | {auc.Average():0.0000} ± {deviation:0.0000} |"),
            table, StringComparison.Ordinal);
        Assert.Equal(["model", "lr", "fnn", "deepfm"],
            File.ReadLines(workspace["cmp/table.csv"]).Select(line => line.Split(',')[0]));
        Assert.Equal(6, Directory.GetFiles(workspace["cmp"], "report.json", SearchOption.AllDirectories).Length);
    }

    [Fact]
    public void RunsThatAreThere_AreNotRepeated()
    {
        Compare("--models lr,fm --seeds 1");
        DateTime lr = Report("lr", 1).Date;

        Outcome again = Compare("--models lr,fm --seeds 1,2");

        Assert.Equal(0, again.Code);
        Assert.Equal(lr, Report("lr", 1).Date);
        Assert.Contains("4 runs, 2 of them done before.", again.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(workspace["cmp/runs/fm-seed2/report.json"]));
    }

    [Fact]
    public void RunsOfOtherSettingsOrData_AreRefused_UnlessForced()
    {
        Compare("--models lr --seeds 1");
        string report = workspace["cmp/runs/lr-seed1/report.json"];

        Outcome settings = Compare("--models lr --seeds 1 --set epochs=1");
        Assert.Equal(2, settings.Code);
        Assert.Equal($"{report} is a run with other settings (training.epochs 2, here 1). Choose another --out, or give --force to replace it.",
            settings.Error.TrimEnd());

        File.AppendAllText(workspace["train.csv"], "1,u1,i1,0.5\n");
        Outcome data = Compare("--models lr --seeds 1");
        Assert.Contains("is a run with other data.", data.Error, StringComparison.Ordinal);

        Assert.Equal(0, Compare("--models lr --seeds 1 --force").Code);
        Assert.Equal(402, Report("lr", 1).Data.Train.Rows);
    }

    [Fact]
    public void RunsOfAnotherSplit_AreRefused()
    {
        Outcome With(string split) => workspace.Run("compare --schema @schema.json --train @train.csv --models lr --seeds 1 "
            + $"--set {Workspace.SmallModel} --out @cmp {split}");
        Assert.Equal(0, With("--split random:0.8,0.2").Code);

        Assert.Equal($"{workspace["cmp/runs/lr-seed1/report.json"]} is a run with other rows "
            + "(split: random 80/20 %, seed 1 (training, test)). "
            + "Choose another --out, or give --force to replace it.", With("--split random:0.8,0.2 --split-seed 2").Error.TrimEnd());
        Assert.Equal(2, With("--split random:0.7,0.3").Code);
        Assert.Contains("1 run, 1 of them done before.", With("--split random:0.8,0.2").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_IsTheTableAlone()
    {
        Outcome outcome = Compare("--models lr,fm --seeds 1,2 --json");

        JsonElement rows = JsonDocument.Parse(outcome.Output).RootElement.GetProperty("rows");
        Assert.Equal(2, rows.GetArrayLength());
        Assert.Equal(2, rows[1].GetProperty("runs").GetInt32());
        Assert.Equal("FM", rows[1].GetProperty("displayName").GetString());
    }

    [Theory]
    [InlineData("--models lr,lr", "The model lr is given more than once; give each model once.")]
    [InlineData("--models lr --seeds 1,1", "The seed 1 is given more than once; give each seed once.")]
    [InlineData("--models lr,fmm", "There is no model 'fmm'; did you mean 'fm'? There are: lr, fm, fnn, ")]
    [InlineData("--models ,", "A comparison needs at least one model.")]
    public void WrongUse_IsSaid(string arguments, string message)
    {
        Outcome outcome = Compare(arguments);
        Assert.Equal(2, outcome.Code);
        Assert.StartsWith(message, outcome.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(workspace["cmp"]));
    }

    [Fact]
    public void WithoutRowsToCompareOn_NothingIsTrained()
    {
        Outcome outcome = workspace.Run("compare --schema @schema.json --train @train.csv --models lr --out @cmp");
        Assert.Equal((2, "Models are compared on test or validation rows, and there are none; give --test, --valid or --split."),
            (outcome.Code, outcome.Error.TrimEnd()));
    }

    Outcome Compare(string more) => workspace.Run($"compare {Data} --set {Workspace.SmallModel} --out @cmp {more}");

    RunReport Report(string model, int seed) => RunReport.Read(workspace[$"cmp/runs/{model}-seed{seed}/report.json"]);
}
