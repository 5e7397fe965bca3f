using DeepFM.Training;

namespace DeepFM.Cli.Tests;

/// <summary>
/// The state that a kill leaves is made by hand; then the same command goes on, and ends with the files of one that nobody disturbed.
/// </summary>
public sealed class KilledTests : IDisposable
{
    const string Left = ".0abcdefg.h12.tmp";        // as names of files under way are

    readonly Workspace workspace = new();

    public void Dispose() => workspace.Dispose();

    [Fact]
    public void Train_BetweenTheModelAndItsReport()
    {
        Assert.Equal(0, workspace.Train("calm").Code);
        Assert.Equal(0, workspace.Train("run").Code);
        File.Delete(workspace["run/report.json"]);
        workspace.Write("run/model/.lock", "");
        workspace.Write("run/.lock", "");
        workspace.Write($"run/report.json{Left}", "half of a rep");

        Assert.Equal(0, workspace.Train("run").Code);
        AssertSame("calm", "run");
    }

    [Fact]
    public void Train_WhileTheModelIsWritten()
    {
        Assert.Equal(0, workspace.Train("calm").Code);
        workspace.Write("run/.lock", "");
        workspace.Write($"run/model{Left}/.lock", "");
        workspace.Write($"run/model{Left}/config.json", "{}");
        workspace.Write($"run/model{Left}/weights.safetensors{Left}", "half");

        Assert.Equal(0, workspace.Train("run").Code);
        AssertSame("calm", "run");
    }

    [Fact]
    public void Train_WhileAnotherRunIsReplaced()
    {
        Assert.Equal(0, workspace.Train("calm").Code);
        workspace.Write("run/.lock", "");
        workspace.Write($"run/model{Left}/.lock", "");
        workspace.Write($"run/model{Left}.old/config.json", "{}");

        Assert.Equal(0, workspace.Train("run", "--force").Code);
        AssertSame("calm", "run");
    }

    [Fact]
    public void Train_WhileRowsAreEncoded()
    {
        Assert.Equal(0, workspace.Train("calm", "--encoded @calm-rows").Code);
        workspace.Write($"rows/train.safetensors{Left}", "half");
        workspace.Write($"rows/test.safetensors{Left}", "half");

        Assert.Equal(0, workspace.Train("run", "--encoded @rows").Code);
        AssertSame("calm-rows", "rows");
    }

    [Fact]
    public void Compare_WhileARunIsWritten_AndTheTable()
    {
        const string what = $"compare --schema @schema.json --train @train.csv --test @test.csv --models lr,fm --seeds 1 --set {Workspace.SmallModel}";
        Assert.Equal(0, workspace.Run($"{what} --out @calm").Code);
        Assert.Equal(0, workspace.Run($"{what} --out @run").Code);
        DateTime kept = RunReport.Read(workspace["run/runs/lr-seed1/report.json"]).Date;
        File.Delete(workspace["run/runs/fm-seed1/report.json"]);
        workspace.Write($"run/runs/fm-seed1/report.json{Left}", "half of a rep");
        workspace.Write($"run/table.csv{Left}", "half of a ta");
        workspace.Write("run/.lock", "");

        Assert.Equal(0, workspace.Run($"{what} --out @run").Code);
        Assert.Equal(Names("calm"), Names("run"));
        Assert.Equal(kept, RunReport.Read(workspace["run/runs/lr-seed1/report.json"]).Date);
    }

    [Fact]
    public void Generate_BetweenTwoFiles()
    {
        const string what = "generate app-store --rows 700 --users 100 --apps 100";
        Assert.Equal(0, workspace.Run($"{what} --out @calm").Code);
        Assert.Equal(0, workspace.Run($"{what} --out @run").Code);
        File.Delete(workspace["run/schema.json"]);
        File.Move(workspace["run/test.csv"], workspace[$"run/test.csv{Left}"]);
        workspace.Write("run/.lock", "");

        Assert.Equal(0, workspace.Run($"{what} --out @run").Code);
        AssertSame("calm", "run");
    }

    [Fact]
    public void Generate_ThatWasStopped_LeavesNothing()
    {
        Directory.CreateDirectory(workspace["run/schema.json/in-the-way"]);
        workspace.Run("generate app-store --rows 700 --users 100 --apps 100 --out @run");
        Assert.Empty(Directory.GetFiles(workspace["run"]));
    }

    [Fact]
    public void Predict_WhileScoresAreWritten()
    {
        Assert.Equal(0, workspace.Train("model").Code);
        Directory.CreateDirectory(workspace["calm"]);
        const string what = "predict --model-dir @model/model --data @test.csv";
        Assert.Equal(0, workspace.Run($"{what} --out @calm/scores.csv").Code);
        workspace.Write($"run/scores.csv{Left}", "probability,log");
        workspace.Write("run/.scores.csv.lock", "");

        Assert.Equal(0, workspace.Run($"{what} --out @run/scores.csv").Code);
        AssertSame("calm", "run");
    }

    string[] Names(string folder) =>
        [.. Directory.GetFiles(workspace[folder], "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(workspace[folder], path)).Order()];

    // Reports have times, so of these only the names are compared.
    void AssertSame(string expected, string actual)
    {
        Assert.Equal(Names(expected), Names(actual));
        Assert.All(Names(expected).Where(name => name != TrainingRun.ReportName),
            name => Assert.Equal(File.ReadAllBytes(workspace[$"{expected}/{name}"]), File.ReadAllBytes(workspace[$"{actual}/{name}"])));
    }
}
