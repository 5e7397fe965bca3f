using System.Diagnostics;
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
    public void WhatIsSaid_DoesNotMixWithScoresOnAStream()
    {
        Outcome outcome = workspace.Run("predict --model-dir @run/model --data @test.csv --out /dev/null");
        Assert.Equal((0, "", "103 rows scored. Written: /dev/null"), (outcome.Code, outcome.Output, outcome.Error.TrimEnd()));
    }

    [Fact]
    public void LinesThatAreNoRows_AreCounted()
    {
        string schema = File.ReadAllText(workspace["schema.json"]).Replace("\"header\": true", "\"header\": true, \"comment\": \"#\"", StringComparison.Ordinal);
        workspace.Write("schema.json", schema);
        workspace.Train("commented");
        string[] lines = File.ReadAllLines(workspace["test.csv"]);
        workspace.Write("some.csv", string.Join('\n', ["", "# first", lines[0], "", lines[1], "# more", "\r", lines[2], ""]));
        workspace.Write("plain.csv", string.Join('\n', lines[..2]));

        Outcome outcome = workspace.Run("predict --model-dir @commented/model --data @some.csv --out @scores.csv");
        Assert.Equal($"2 rows scored; 3 blank lines and 2 comment lines skipped. Written: {workspace["scores.csv"]}", outcome.Output.TrimEnd());
        JsonElement json = JsonDocument.Parse(workspace.Run("predict --model-dir @commented/model --data @some.csv --out @scores.csv --force --json").Output)
            .RootElement;
        Assert.Equal((2, 3, 2), (json.GetProperty("rows").GetInt64(), json.GetProperty("blankLines").GetInt64(), json.GetProperty("commentLines").GetInt64()));
        Assert.Equal($"1 row scored. Written: {workspace["one.csv"]}",
            workspace.Run("predict --model-dir @commented/model --data @plain.csv --out @one.csv").Output.TrimEnd());
    }

    /// <summary>Over several blocks and files, whatever the number of threads: each score stands beside its own row.</summary>
    [Fact]
    public void ColumnsOfTheInput_AndRowNumbers_StandBesideTheScore()
    {
        string[] rows = Workspace.Rows(200_000, seed: 4).TrimEnd().Split('\n');
        string[] notes = [.. Enumerable.Range(0, rows.Length - 1).Select(row => row % 3 == 0 ? $"\"say \"\"{row}\"\", twice\"" : $"n{row}")];
        workspace.Write("a.csv", string.Join('\n', rows.Skip(1).Zip(notes, (row, note) => $"{row},{note}").Prepend(rows[0] + ",note")) + "\n");
        workspace.Write("b.csv", "note,click,user,item,price\nlast,1,u1,i1,0.5\n");
        const string predict = "predict --model-dir @run/model --data @a.csv @b.csv --force --threads 2";

        Assert.Equal(0, workspace.Run($"{predict} --out @plain.csv").Code);
        Assert.Equal(0, workspace.Run($"{predict} --keep note user click --row-numbers --out @kept.csv").Code);

        string[] plain = File.ReadAllLines(workspace["plain.csv"]), kept = File.ReadAllLines(workspace["kept.csv"]);
        Assert.Equal("row,note,user,click,probability,logit", kept[0]);
        Assert.Equal(plain.Length, kept.Length);
        for (int row = 0; row < notes.Length; row++)
        {
            string[] cells = rows[row + 1].Split(',');
            Assert.Equal($"{row + 1},{notes[row]},{cells[1]},{cells[0]},{plain[row + 1]}", kept[row + 1]);
        }
        Assert.Equal($"200001,last,u1,1,{plain[^1]}", kept[^1]);
    }

    [Theory]
    [InlineData("pric", "the output names the column 'pric', which is not there; did you mean 'price'? Columns: user, item, price.")]
    [InlineData("click", "the output names the column 'click', which is not there. Columns: user, item, price.")]
    public void AColumnToKeepThatIsNotThere(string column, string message)
    {
        workspace.Write("unlabelled.csv", Unlabelled(Workspace.Rows(10, seed: 2)));
        Outcome outcome = workspace.Run($"predict --model-dir @run/model --data @unlabelled.csv --keep {column} --out @scores.csv");
        Assert.Equal((2, $"{workspace["unlabelled.csv"]}: {message}"), (outcome.Code, outcome.Error.TrimEnd()));
        Assert.False(File.Exists(workspace["scores.csv"]));
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

    /// <summary>The data or the model must not be lost for a slip in --out.</summary>
    [Theory]
    [InlineData("@test.csv"), InlineData("@run/../test.csv"), InlineData("@link.csv"), InlineData("@run/model/weights.safetensors")]
    public void WhatIsRead_IsNotWrittenOver_EvenByForce(string path)
    {
        File.CreateSymbolicLink(workspace["link.csv"], workspace["test.csv"]);
        byte[] rows = File.ReadAllBytes(workspace["test.csv"]), weights = File.ReadAllBytes(workspace["run/model/weights.safetensors"]);
        Outcome outcome = workspace.Run($"predict --model-dir @run/model --data @test.csv --out {path} --force");

        Assert.Equal(2, outcome.Code);
        Assert.Contains("is read by this command and must not be written over. Choose another file.", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(rows, File.ReadAllBytes(workspace["test.csv"]));
        Assert.Equal(weights, File.ReadAllBytes(workspace["run/model/weights.safetensors"]));
    }

    [Fact]
    public async Task APipe_IsWrittenTo_NotReplaced()
    {
        if (OperatingSystem.IsWindows()) { Assert.Skip("Named pipes are not files on Windows."); }
        using (Process make = Process.Start("mkfifo", [workspace["pipe"]])) { await make.WaitForExitAsync(TestContext.Current.CancellationToken); }
        Task<string> reading = Task.Run(() => File.ReadAllText(workspace["pipe"]), TestContext.Current.CancellationToken);
        Assert.Equal(0, workspace.Run("predict --model-dir @run/model --data @test.csv --out @pipe").Code);
        workspace.Run("predict --model-dir @run/model --data @test.csv --out @scores.csv");

        Assert.Equal(File.ReadAllText(workspace["scores.csv"]), await reading);
        Assert.Equal(0, new FileInfo(workspace["pipe"]).Length);
    }

    [Fact]
    public void ALink_IsFollowed()
    {
        workspace.Write("old.csv", "old");
        File.CreateSymbolicLink(workspace["link.csv"], workspace["old.csv"]);
        Assert.Equal(0, workspace.Run("predict --model-dir @run/model --data @test.csv --out @link.csv --force").Code);

        Assert.NotNull(new FileInfo(workspace["link.csv"]).LinkTarget);
        Assert.StartsWith("probability,logit\n", File.ReadAllText(workspace["old.csv"]), StringComparison.Ordinal);
    }

    [Theory, InlineData(""), InlineData("scores")]
    public void ARowThatGivesNoNumber_IsNamed_AndLeavesNoScores(string there)
    {
        if (there.Length > 0) { workspace.Write("scores.csv", ""); }
        workspace.Write("huge.csv", Workspace.Rows(200, 1) + "1,u1,i1,9e37\n");
        Outcome outcome = workspace.Run("predict --model-dir @run/model --data @huge.csv --out @scores.csv");

        Assert.Equal(2, outcome.Code);
        Assert.StartsWith("The model's output for row 200 (counted from 0, over all files) is ", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(there.Length > 0 ? [0L] : [], Directory.GetFiles(workspace.Folder, "scores*").Select(file => new FileInfo(file).Length));
    }

    [Fact]
    public async Task DataFromAPipe_AreRefused()
    {
        if (OperatingSystem.IsWindows()) { Assert.Skip("Named pipes are not files on Windows."); }
        ProcessStartInfo start = new("dotnet", [Path.Combine(AppContext.BaseDirectory, "deepfm.dll"), "predict", "--model-dir", "run/model",
            "--data", "/dev/stdin", "--out", "scores.csv"])
        { WorkingDirectory = workspace.Folder, RedirectStandardInput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        string error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(2, process.ExitCode);
        Assert.Contains("/dev/stdin: this is a pipe or a device, and data are read more than once.", error, StringComparison.Ordinal);
    }

    static string Unlabelled(string rows) =>
        string.Join('\n', rows.TrimEnd().Split('\n').Select(line => line[(line.IndexOf(',', StringComparison.Ordinal) + 1)..])) + "\n";

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
