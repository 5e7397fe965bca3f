using System.Globalization;
using System.IO.Compression;
using System.Text.Json;

namespace DeepFM.Cli.Tests;

public sealed class PredictTests : IDisposable
{
    readonly Workspace workspace = new();

    public PredictTests() => workspace.Train("run");

    public void Dispose() => workspace.Dispose();

    [Fact]
    public void Scores_AreOneLineARow_InOrder_AndGiveTheTestLogLoss()
    {
        Outcome outcome = workspace.Run("predict --model-dir @run/model --data @test.csv --out @scores.csv");
        Assert.Equal((0, $"103 rows scored. Written: {workspace["scores.csv"]}"), (outcome.Code, outcome.Output.TrimEnd()));

        string[] lines = File.ReadAllLines(workspace["scores.csv"]);
        int[] clicks = [.. File.ReadLines(workspace["test.csv"]).Skip(1).Select(line => line[0] - '0')];
        (double Probability, float Logit)[] scores = [.. lines.Skip(1).Select(line => line.Split(','))
            .Select(cells => (Number(cells[0]), (float)Number(cells[1])))];
        Assert.Equal("probability,logit", lines[0]);
        Assert.Equal(clicks.Length, scores.Length);
        Assert.All(scores, row => Assert.Equal(1 / (1 + Math.Exp(-row.Logit)), row.Probability, 1e-15));

        double loss = scores.Zip(clicks, (row, click) => -Math.Log(click == 1 ? row.Probability : 1 - row.Probability)).Average();
        Outcome evaluated = workspace.Run("evaluate --model-dir @run/model --data @test.csv --json");
        Assert.Equal(JsonDocument.Parse(evaluated.Output).RootElement.GetProperty("logLoss").GetDouble(), loss, 1e-12);
    }

    [Fact]
    public void Labels_AreNotNeeded_AndManyRowsFromSeveralFilesAreStreamed()
    {
        string unlabelled = Unlabelled(Workspace.Rows(150_000, seed: 9));
        workspace.Write("a.csv", unlabelled);
        using (GZipStream zip = new(File.Create(workspace["b.csv.gz"]), CompressionLevel.Fastest))
        {
            zip.Write(System.Text.Encoding.UTF8.GetBytes(unlabelled));
        }

        Outcome outcome = workspace.Run("predict --model-dir @run/model --data @a.csv @b.csv.gz --out @scores.csv --json");

        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Assert.Equal(300_000, JsonDocument.Parse(outcome.Output).RootElement.GetProperty("rows").GetInt64());
        string[] lines = File.ReadAllLines(workspace["scores.csv"]);
        Assert.Equal(300_001, lines.Length);
        Assert.Equal(lines[1..150_001], lines[150_001..]);
    }

    [Fact]
    public void AFileThatIsThere_IsReplacedOnlyByForce()
    {
        workspace.Write("scores.csv", "mine");
        Outcome refused = workspace.Run("predict --model-dir @run/model --data @test.csv --out @scores.csv");

        Assert.Equal(2, refused.Code);
        Assert.Equal($"--out {workspace["scores.csv"]}: the file is there already. Choose another, or give --force to replace it.",
            refused.Error.TrimEnd());
        Assert.Equal("mine", File.ReadAllText(workspace["scores.csv"]));
        Assert.Equal(0, workspace.Run("predict --model-dir @run/model --data @test.csv --out @scores.csv --force").Code);
    }

    [Fact]
    public void ABadRow_LeavesNoScoresBehind()
    {
        workspace.Write("bad.csv", Workspace.Rows(50, 1) + "1,u1,i1,cheap\n");
        Outcome outcome = workspace.Run("predict --model-dir @run/model --data @bad.csv --out @scores.csv");

        Assert.Equal(2, outcome.Code);
        Assert.Contains("bad.csv, line 52", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(workspace.Folder, "scores*"));
    }

    static string Unlabelled(string rows) =>
        string.Join('\n', rows.TrimEnd().Split('\n').Select(line => line[(line.IndexOf(',', StringComparison.Ordinal) + 1)..])) + "\n";

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
