using System.CommandLine;
using DeepFM.Training;

namespace DeepFM.Cli.Tests;

public sealed class ReproduceTests : IDisposable
{
    const string Data = "--schema @schema.json --train @train.csv --valid @valid.csv --test @test.csv";
    const string Small = $"{Data} --models lr,fnn,ipnn,deepfm --seeds 1,2 --set {Workspace.SmallModel}";
    readonly Workspace workspace = new();

    public void Dispose() => workspace.Dispose();

    [Fact]
    public void RunsSideBySide_AreThoseAskedFor_ElseTheProfiles()
    {
        ReproduceOptions options = new();
        Command command = new("any");
        foreach (Option option in options.All) { command.Add(option); }
        Assert.Equal(3, options.Read(command.Parse("--jobs 3")).Jobs);
        Assert.Null(options.Read(command.Parse("")).Jobs);
    }

    [Fact]
    public void Everything_IsThere_AndTheTerminalHasTheMainTable()
    {
        Outcome outcome = workspace.Run($"reproduce {Small} --out @all");

        Assert.Equal((0, ""), (outcome.Code, outcome.Code == 0 ? "" : outcome.Error));
        Assert.StartsWith("Table 2. Performance on CTR prediction", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("DeepFM", outcome.Output, StringComparison.Ordinal);
        Assert.EndsWith($"Report: {workspace["all/report.html"]}", outcome.Output.TrimEnd(), StringComparison.Ordinal);
        Assert.All(["report.html", "report.md", "table1.csv", "table2.csv", "table2-differences.csv", "table2-improvements.csv",
            "table2-published.csv",
                "figure6.csv", "figure6-times.csv", "figure7.csv", "figure8.csv", "figure9.csv", "figure10.csv", "figure11.csv"],
            name => Assert.True(File.Exists(workspace[$"all/{name}"]), name));
        string report = File.ReadAllText(workspace["all/report.md"]);
        Assert.Contains("Made with the settings of the quick profile, which were chosen for generated rows", report,
            StringComparison.Ordinal);
        Assert.Contains("Kendall's τ", report, StringComparison.Ordinal);
        Assert.All(Directory.GetDirectories(workspace["all/runs"]),
            run => Assert.Contains($"runs/{Path.GetFileName(run)}/report.json", report, StringComparison.Ordinal));
    }

    [Fact]
    public void Table2_IsComputedFromTheReports()
    {
        workspace.Run($"reproduce {Small} --only table2 --out @two");
        RunReport[] reports = [.. Directory.GetFiles(workspace["two/runs"], "report.json", SearchOption.AllDirectories)
            .Select(RunReport.Read)
            .Where(report => report.Settings.Model == "deepfm")];
        string row = File.ReadLines(workspace["two/table2.csv"]).Single(line => line.StartsWith("DeepFM,", StringComparison.Ordinal));
        Assert.Equal(2, reports.Length);
        Assert.Contains(FormattableString.Invariant($",{reports.Average(report => report.Test!.LogLoss)},"), row, StringComparison.Ordinal);

        // Differences are DeepFM's less the other's, not the other way round.
        string[][] table = [.. File.ReadLines(workspace["two/table2.csv"]).Select(line => line.Split(','))],
            differences = [.. File.ReadLines(workspace["two/table2-differences.csv"]).Select(line => line.Split(','))];
        double Of(string[][] rows, string model, string column) => double.Parse(
            rows.Single(row => row[0] == model)[Array.IndexOf(rows[0], column)], System.Globalization.CultureInfo.InvariantCulture);
        Assert.All(["LR", "FNN", "IPNN"], model => Assert.All(["auc", "log_loss"], figure => Assert.Equal(
            Of(table, "DeepFM", $"{figure}_mean") - Of(table, model, $"{figure}_mean"), Of(differences, model, $"{figure}_difference"), tolerance: 1e-12)));
    }

    /// <summary>What a kill leaves: runs done, one half-written, and others to come; then the plan is started again.</summary>
    [Fact]
    public void AKilledPlan_GoesOn_AndEndsWithTheSameTables()
    {
        const string what = $"{Small} --only table2,figure7,figure10";
        Assert.Equal(0, workspace.Run($"reproduce {what} --out @calm").Code);
        string[] runs = [.. Dates("calm").Keys.Order()];
        Assert.InRange(runs.Length, 8, int.MaxValue);
        foreach (string run in runs[..5]) { Copy(run, "*"); }
        Copy(runs[5], TrainingRun.ScoresName);
        string half = workspace.Write($"killed/runs/{runs[5]}/report.json.0abcdefg.h12.tmp", "half of a rep");
        Dictionary<string, DateTime> before = Dates("killed");
        Assert.Equal(5, before.Count);

        Assert.Equal(0, workspace.Run($"reproduce {what} --out @killed").Code);

        Assert.False(File.Exists(half));
        Assert.All(before, run => Assert.Equal(run.Value, Dates("killed")[run.Key]));
        Assert.Equal(runs, Dates("killed").Keys.Order());
        AssertSameTables("calm", "killed");

        void Copy(string run, string files)
        {
            Directory.CreateDirectory(workspace[$"killed/runs/{run}"]);
            foreach (string file in Directory.GetFiles(workspace[$"calm/runs/{run}"], files))
            {
                File.Copy(file, workspace[$"killed/runs/{run}/{Path.GetFileName(file)}"]);
            }
        }
    }

    [Fact]
    public void JobsAndThreads_DoNotChangeTables()
    {
        workspace.Run($"reproduce {Small} --only table2,figure7 --jobs 1 --threads 1 --out @one");
        workspace.Run($"reproduce {Small} --only table2,figure7 --jobs 3 --threads 3 --out @three");
        AssertSameTables("one", "three");
    }

    [Fact]
    public void MoreParts_TakeWhatIsThere()
    {
        const string what = $"{Small} --preset paper-criteo --out @grow";     // the same settings in Table 2 and in the figures
        workspace.Run($"reproduce {what} --only table2");
        Outcome outcome = workspace.Run($"plan {what} --only table2,figure7");
        // Table 2: 4 models; Figure 7: tanh for FNN and DeepFM and relu for IPNN come on top; each with 2 seeds.
        Assert.Equal(["for runs done to do", "table2 8 8 0", "figure7 12 6 6", "all, each run once 14 8 6"], Rows(outcome.Output));
        Assert.Contains("From the times of 8 finished runs", outcome.Output, StringComparison.Ordinal);

        Outcome again = workspace.Run($"reproduce {what} --only table2,figure7");
        Assert.Contains("14 runs, 8 of them done before.", again.Error, StringComparison.Ordinal);
        Assert.Equal("Nothing is left to run.", workspace.Run($"plan {what} --only figure7").Output.TrimEnd().Split('\n')[^1]);
    }

    [Fact]
    public void ReportOnly_ShowsTheModelsWhoseRunsAreAllThere_AndMakesNone()
    {
        const string what = $"{Small} --only table2,figure6,figure7 --out @part";
        workspace.Run($"reproduce {what}");
        byte[] whole = File.ReadAllBytes(workspace["part/table2.csv"]);
        Assert.Equal(0, workspace.Run($"reproduce {what} --report-only").Code);
        Assert.Equal(whole, File.ReadAllBytes(workspace["part/table2.csv"]));
        Assert.DoesNotContain("Not the whole plan", File.ReadAllText(workspace["part/report.md"]), StringComparison.Ordinal);
        Assert.Contains("All were made before this start, which took ", File.ReadAllText(workspace["part/report.md"]),
            StringComparison.Ordinal);

        // Without the second seed of DeepFM in Table 2, IPNN in Figure 6, and a place of FNN's in Figure 7.
        Delete(run => run.Contains("deepfm-", StringComparison.Ordinal), seed: 2, "table2");
        Delete(run => run.Contains("ipnn-", StringComparison.Ordinal), seed: 1, "figure6");
        Delete(run => run.Contains("fnn-", StringComparison.Ordinal), seed: 2, "figure7");
        int left = Dates("part").Count;
        Outcome outcome = workspace.Run($"reproduce {what} --report-only");

        Assert.Equal((0, left), (outcome.Code, Dates("part").Count));
        Assert.Contains($"Not the whole plan: {left} of its {left + 3} runs are finished. Tables and figures show the models whose runs "
            + "are all there: Table 2 3 of 4, Figure 6 3 of 4, Figure 7 2 of 3.", File.ReadAllText(workspace["part/report.md"]),
            StringComparison.Ordinal);
        Assert.Equal(["model", "LR", "FNN", "IPNN"], File.ReadLines(workspace["part/table2.csv"]).Select(line => line.Split(',')[0]));
        Assert.Contains("Table 2. Performance on CTR prediction", outcome.Output, StringComparison.Ordinal);
        Assert.Contains($"--report-only", workspace.Run("reproduce --help").Output, StringComparison.Ordinal);

        // Removes the one run of a use, a model and a seed that the plan lists last.
        void Delete(Predicate<string> isModel, int seed, string use)
        {
            string[] list = workspace.Run($"plan {what} --list").Output.Split('\n');
            string line = list.Last(line => line.StartsWith("done", StringComparison.Ordinal)
                && isModel(line) && line.Contains($"seed {seed} ({use})", StringComparison.Ordinal));
            string name = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
            Directory.Delete(workspace[$"part/runs/{name}"], recursive: true);
        }
    }

    /// <summary>What a full disk looks like: a run cannot be written.</summary>
    [Fact]
    public void ARunThatCannotBeWritten_EndsWithCode1_AndSaysHowToGoOn()
    {
        const string what = $"{Small} --only table2 --out @full";
        workspace.Run($"reproduce {what}");
        string run = Directory.GetDirectories(workspace["full/runs"], "deepfm-*")[0];
        Directory.Delete(run, recursive: true);
        File.WriteAllText(run, "a file where the run's directory should be");

        Outcome outcome = workspace.Run($"reproduce {what}");

        Assert.Equal(1, outcome.Code);
        Assert.EndsWith("Finished runs stay: the same command goes on, and with --report-only it makes the tables of what is there.",
            outcome.Error.TrimEnd(), StringComparison.Ordinal);
        Assert.Contains(run, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ReportOnly_WithoutAFinishedRun_IsRefused()
    {
        Outcome outcome = workspace.Run($"reproduce {Small} --only table2 --report-only --out @empty");
        Assert.Equal((2, $"No run of the plan is finished in {workspace["empty"]}, so there is nothing to report on. "
            + "Leave out --report-only to start it."), (outcome.Code, outcome.Error.TrimEnd()));
    }

    [Theory, InlineData("reproduce"), InlineData("plan")]
    public void Help_NamesWhatCanBeAskedFor_WithExamples(string command)
    {
        string help = workspace.Run($"{command} --help").Output;
        Assert.All([.. Research.Plans.ReproductionOptions.PartNames, .. Research.Plans.Profile.Names, "--jobs", "--force",
            $"deepfm {command} --profile standard"],
            name => Assert.Contains(name, help, StringComparison.Ordinal));
        string own = help.Split('\n').Single(line => line.Contains("data/schemas/frappe.json", StringComparison.Ordinal)).Trim();
        Assert.Contains("there is no such file", workspace.Run(own["deepfm ".Length..]).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_WithoutAnythingDone_MeasuresForHalfASecond_AndWritesNothing()
    {
        Outcome outcome = workspace.Run("plan --only table2,figure6 --list --out @none");
        Assert.Equal(["for runs done to do", "table2 26 0 26", "figure6 12 0 12", "all, each run once 38 0 38"], Rows(outcome.Output));
        Assert.Contains("From a measurement of half a second", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("DeepFM-*P, seed 2 (table2)", outcome.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(workspace["none"]));
    }

    [Fact]
    public void OtherData_AreInTheWay_UntilForced()
    {
        workspace.Run($"reproduce {Data} --models lr --seeds 1 --set epochs=1 --only table2 --out @mine");
        File.AppendAllText(workspace["train.csv"], "1,u1,i1,0.5\n");
        Outcome other = workspace.Run($"reproduce {Data} --models lr --seeds 1 --set epochs=1 --only table2 --out @mine");
        Assert.Equal(2, other.Code);
        Assert.EndsWith("is a run with other data. Choose another --out, or give --force to replace it.", other.Error.TrimEnd(),
            StringComparison.Ordinal);
        Assert.Equal(0, workspace.Run($"reproduce {Data} --models lr --seeds 1 --set epochs=1 --only table2 --out @mine --force").Code);
    }

    [Fact]
    public void FrappesSchema_BringsNoFiguresOfTheBenchmark_ToOtherRows()
    {
        workspace.Write("frappe.json", File.ReadAllText(workspace["schema.json"])
            .Replace("\"shop\"", "\"frappe\"", StringComparison.Ordinal));
        Outcome outcome = workspace.Run("reproduce --schema @frappe.json --train @train.csv --test @test.csv --models lr,fnn,deepfm "
            + "--seeds 1 "
            + $"--set {Workspace.SmallModel} --preset bars-frappe --only table2 --out @frappe");
        Assert.Equal((0, ""), (outcome.Code, outcome.Code == 0 ? "" : outcome.Error));
        string[] lines = File.ReadAllLines(workspace["frappe/table2.csv"]);
        Assert.DoesNotContain("bars", lines[0], StringComparison.Ordinal);
        string report = File.ReadAllText(workspace["frappe/report.md"]);
        Assert.Contains("No published figures stand beside these: those of BARS, ", report, StringComparison.Ordinal);
        Assert.Contains("Preset bars-frappe: BARS, ", report, StringComparison.Ordinal);
        Assert.DoesNotContain("Made with", report, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--only figure5", "There is no table or figure 'figure5'; did you mean 'figure6'? There are: table1, ")]
    [InlineData("--profile fast", "There is no profile 'fast'")]
    [InlineData("--seeds 1,2,1", "The seed 1 is given more than once; give each seed once.")]
    [InlineData("--seeds 1,x", "The seed 'x' is not allowed: it must be a whole number in [0, ")]
    [InlineData("--models lr,deepfn", "There is no model 'deepfn'; did you mean 'deepfm'?")]
    [InlineData("--preset bars", "There is no preset 'bars'")]
    [InlineData("--set widths=3", "There is no option 'widths'")]
    [InlineData("--train @train.csv", "--train is given without --schema. Own data need --schema and --train; without any such "
        + "option the rows are generated.")]
    [InlineData("--schema @schema.json", "--schema is given without --train.")]
    [InlineData("--schema @schema.json --train @gone.csv", "--train ")]
    [InlineData("--schema @schema.json --train @train.csv", "Models are compared on test or validation rows, and there are none; "
        + "give --test, --valid or --split.")]
    public void WrongUse_IsSaid_BeforeAnythingIsWritten(string arguments, string message)
    {
        Outcome outcome = workspace.Run($"reproduce --out @never {arguments}");
        Assert.StartsWith(message, outcome.Error, StringComparison.Ordinal);
        Assert.Equal(2, outcome.Code);
        Assert.False(Directory.Exists(workspace["never"]));
    }

    [Fact]
    public void AFolderThatCannotBeWritten_IsSaidFirst()
    {
        Outcome outcome = workspace.Run($"reproduce {Small} --out @train.csv/below");
        Assert.Equal(2, outcome.Code);
        Assert.Contains("is a file, so no folder can be made below it.", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train.csv", "training"), InlineData("valid.csv", "validation"), InlineData("test.csv", "test")]
    public void RowsOfOneClass_AreRefused(string file, string name)
    {
        workspace.Write(file, "click,user,item,price\n0,u1,i1,1\n0,u2,i2,2\n");
        Outcome outcome = workspace.Run($"reproduce {Small} --only table2 --out @none");
        Assert.Equal(2, outcome.Code);
        Assert.StartsWith($"All 2 labels of the {name} rows are 0. ", outcome.Error, StringComparison.Ordinal);
    }

    static string[] Rows(string output) => [.. output.Split('\n').TakeWhile(line => line.Length > 0)
        .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];

    Dictionary<string, DateTime> Dates(string directory) => Directory.GetFiles(workspace[$"{directory}/runs"], "report.json",
        SearchOption.AllDirectories)
        .ToDictionary(path => Path.GetFileName(Path.GetDirectoryName(path))!, path => RunReport.Read(path).Date);

    void AssertSameTables(string first, string second)
    {
        string[] names = [.. Directory.GetFiles(workspace[first], "*.csv").Select(path => Path.GetFileName(path)).Order()];
        Assert.Contains("table2.csv", names);
        Assert.Equal(names, Directory.GetFiles(workspace[second], "*.csv").Select(path => Path.GetFileName(path)).Order());
        Assert.All(names, name => Assert.Equal(File.ReadAllBytes(workspace[$"{first}/{name}"]), File
            .ReadAllBytes(workspace[$"{second}/{name}"])));
    }
}
