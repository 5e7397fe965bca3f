using DeepFM.Research;
using DeepFM.Research.Paper;
using DeepFM.Research.Plans;
using DeepFM.Research.Reporting;
using DeepFM.Research.Results;
using DeepFM.Training;

namespace DeepFM.Cli.Tests;

/// <summary>The committed run of the standard profile: whole, and what the documents print of it is computed from its reports.</summary>
public sealed class CommittedReproductionTests
{
    const string Folder = "notebooks/results/standard";
    static readonly ReproductionPlan plan = new(new() { Profile = Profile.Get("standard") });

    [Fact]
    public void ReadmeTable_IsThatOfTheCommittedReports()
    {
        ResultTable table = Table();

        Assert.Equal(ResultTableText.ToMarkdown(table).Trim(), Documents.TableOf("README.md", $"{Folder}/table2.csv"));
        Assert.Equal(Documents.Read($"{Folder}/table2.csv"), ResultTableText.ToCsv(table));
    }

    [Fact]
    public void Report_HasThatTable_AndLinksEveryRun()
    {
        string report = Documents.Read($"{Folder}/report.md");

        Assert.Contains(ResultTableText.ToMarkdown(Table()).Trim(), report, StringComparison.Ordinal);
        Assert.DoesNotContain("Not the whole plan", report, StringComparison.Ordinal);
        Assert.All(plan.Experiments.Runs, run => Assert.Contains($"runs/{run.Name}/report.json", report, StringComparison.Ordinal));
    }

    /// <summary>The rows of the committed Frappe runs are the benchmark's by their numbers, so its figures stand beside theirs.</summary>
    [Fact]
    public void FrappesCommittedRuns_AreOnTheBenchmarksRows()
    {
        string[] reports = Directory.GetFiles(Path.Combine(Documents.Root, "notebooks/results/frappe-bars/runs"), "report.json", SearchOption.AllDirectories);
        Assert.All(reports, path => Assert.Equal("Frappe_x1", PaperResults.BarsFor(RunReport.Read(path).Data)?.Name));
    }

    static ResultTable Table()
    {
        ResultSet results = ResultSet.Read(plan.Experiments, Path.Combine(Documents.Root, Folder));
        GeneratedData data = GeneratedData.Of(Profile.Get("standard"), Path.Combine(Documents.Root, Folder, "data"));
        DataFacts facts = new()
        {
            SchemaName = data.Request(threads: 1).Schema.Name,
            Description = data.Description,
            Rows = results.Runs[0].Report.Data,
            IsGenerated = data.IsGenerated,
            Truth = data.Truth(),
        };
        return Table2.Build(new([.. Models.ModelCatalog.Names.Select(model => results.Of(plan.For(model)))], [], facts));
    }
}
