using System.Text.Json;
using DeepFM.Training;

namespace DeepFM.Cli.Tests;

/// <summary>What is doubtful stands beside the results, wherever they are shown.</summary>
public sealed class NoticeTests : IDisposable
{
    const string Few = "Only 5 of the 45 test rows are positive: their AUC may be off by 0.28 by chance alone. Give more test rows, or a "
        + "larger share of --split.";

    const string Data = "--schema @schema.json --train @train.csv --valid @valid.csv --test @few.csv";

    readonly Workspace workspace = new();

    public NoticeTests() => workspace.Write("few.csv", "click,user,item,price\n"
        + string.Concat(Enumerable.Range(0, 45).Select(row => $"{(row < 5 ? 1 : 0)},u{row % 13},i{row % 7},0.5\n")));

    public void Dispose() => workspace.Dispose();

    [Fact]
    public void Train_SaysThem_OnTheTerminal_InJson_AndInTheReport()
    {
        Outcome terminal = Run("train --model lr --out @run"), json = Run("train --model lr --out @json --json");

        Assert.Contains($"Note: {Few}\n", terminal.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains(Few, RunReport.Read(workspace["run/report.json"]).Notices);
        Assert.Contains(Few, Notices(json));
    }

    [Fact]
    public void Evaluate_SaysThem()
    {
        Run("train --model lr --out @run");
        Outcome terminal = workspace.Run("evaluate --model-dir @run/model --data @few.csv");
        Outcome json = workspace.Run("evaluate --model-dir @run/model --data @few.csv --json");

        Assert.Contains($"\nNote: {Few}\n", terminal.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains(Few, Notices(json));
    }

    [Theory]
    [InlineData("evaluate", "test"), InlineData("predict --force --out @scores.csv", "given")]
    public void ValuesThatTrainingDidNotHave_AreSaid(string command, string part)
    {
        Run("train --model lr --out @run");
        workspace.Write("unseen.csv", "click,user,item,price\n" + string.Concat(Enumerable.Range(0, 80).Select(row => $"{row % 2},u{row % 13}.0,i{row % 7},0.5\n")));
        string said = $"No value of field 'user' in the 80 {part} rows has an id from training, so the field says nothing there. ";

        Outcome terminal = workspace.Run($"{command} --model-dir @run/model --data @unseen.csv");
        Outcome json = workspace.Run($"{command} --model-dir @run/model --data @unseen.csv --json");

        Assert.Contains($"\nNote: {said}", terminal.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains(Notices(json), notice => notice!.StartsWith(said, StringComparison.Ordinal));
    }

    [Fact]
    public void Describe_SaysThem()
    {
        const string said = "Only 5 of the 45 training rows are positive: ";
        Outcome terminal = workspace.Run("describe --schema @schema.json --data @few.csv"), json = workspace.Run("describe --schema @schema.json --data @few.csv --json");
        Assert.Contains($"\nNote: {said}", terminal.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains(Notices(json), notice => notice!.StartsWith(said, StringComparison.Ordinal));
    }

    [Fact]
    public void Compare_SaysEachOnce_InTheTableToo()
    {
        Outcome terminal = Run("compare --models lr,fm --seeds 1,2 --out @cmp"), json = Run("compare --models lr,fm --seeds 1,2 --out @cmp --json");

        Assert.Equal(2, terminal.Output.Split(Few).Length);
        Assert.Contains($"Note: {Few}\n", File.ReadAllText(workspace["cmp/table.md"]), StringComparison.Ordinal);
        Assert.Contains(Few, Notices(json));
    }

    [Fact]
    public void Reproduce_SaysThem_InItsReport()
    {
        Outcome terminal = Run("reproduce --only table2 --models lr,fm --seeds 1 --out @rep");

        Assert.Contains($"Note: {Few}\n", terminal.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains($"> **Note:** {Few}\n", File.ReadAllText(workspace["rep/report.md"]), StringComparison.Ordinal);
        Assert.Contains($"{Few}</p>", File.ReadAllText(workspace["rep/report.html"]), StringComparison.Ordinal);
    }

    /// <summary>From the rows, from the settings, and from what is done.</summary>
    [Fact]
    public void Plan_SaysWhatIsKnownBeforeTheRuns()
    {
        const string last = "Note: The last batch of each epoch has one row (401 rows in batches of 100): ";
        string line = $"--only table2 --models dnn --seeds 1,2 --out @rep {Data} "
            + $"--set {Workspace.SmallModel.Replace("=64", "=100", StringComparison.Ordinal)} batchNorm=true";
        Outcome before = workspace.Run($"plan {line}");
        Assert.Contains($"Note: {Few}\n", before.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains(last, before.Output, StringComparison.Ordinal);

        Assert.Equal(0, workspace.Run("reproduce " + line.Replace("1,2", "1", StringComparison.Ordinal)).Code);
        Outcome after = workspace.Run($"plan {line}");
        Assert.Contains($"Note: {Few}\n", after.Output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Equal(2, after.Output.Split(last).Length);
    }

    [Fact]
    public void Plan_RefusesRowsOfOneClass()
    {
        workspace.Write("train.csv", "click,user,item,price\n"
            + string.Concat(Enumerable.Range(0, 45).Select(row => $"1,u{row % 13},i{row % 7},0.5\n")));
        Outcome outcome = workspace.Run($"plan --only table2 --models lr --seeds 1 --out @rep {Data}");
        Assert.Equal((2, "All 45 labels of the training rows are 1. Models can be compared on rows of both classes alone; check the schema's "
            + "label, or give other rows."), (outcome.Code, outcome.Error.TrimEnd().Split('\n')[^1]));
    }

    static IEnumerable<string?> Notices(Outcome json) =>
        JsonDocument.Parse(json.Output).RootElement.GetProperty("notices").EnumerateArray().Select(notice => notice.GetString());

    Outcome Run(string line)
    {
        Outcome outcome = workspace.Run($"{line} {Data} "
            + $"--set {Workspace.SmallModel}");
        Assert.Equal((0, ""), (outcome.Code, outcome.Code == 0 ? "" : outcome.Error));
        return outcome;
    }
}
