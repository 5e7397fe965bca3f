using DeepFM.Research.Reporting;
using DeepFM.Research.Statistics;
using DeepFM.Training;

namespace DeepFM.Research.Tests.Reporting;

/// <summary>Parts of a report by their names, and columns of a table as a chart.</summary>
public sealed class ReportPartTests
{
    static readonly ResultTable table = new("scores", "Scores",
        [new("model", "model"), new("auc", "AUC"), new("runs", "runs"), new("note", "note")],
        [["LR", new Spread(0.7, 0.01), 3, "a"], ["FM", new Spread(0.8, null), null, "b"]]);
    static readonly Figure figure = TableFigures.Of(table, "auc", "runs");
    static readonly Report report = new("R", ["head"],
    [
        new NoticeBlock("n"), new HeadingBlock("Table 2"), new TableBlock(table), new TextBlock("- a\\*"),
        new HeadingBlock("Figure 8: x"), new FigureBlock(figure),
    ]);

    [Fact]
    public void ASection_HasTheBlocksUpToTheNextHeading()
    {
        Report section = report.Section("Table 2");
        Assert.Equal(("Table 2", 0), (section.Title, section.HeadLines.Count));
        Assert.Equal(report.Blocks.Skip(2).Take(2), section.Blocks);
        Assert.Same(figure, Assert.IsType<FigureBlock>(Assert.Single(report.Section("Figure 8").Blocks)).Figure);
        Assert.Equal("<ul>\n<li>a*</li>\n</ul>\n", Assert.IsType<TextBlock>(section.Blocks[1]).ToHtml());
        Assert.Contains("There are: Table 2, Figure 8: x.", Assert.Throws<UserErrorException>(() => report.Section("Table 3")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void TablesAndFigures_AreFoundByName()
    {
        Assert.Same(table, report.Table("scores"));
        Assert.Same(figure, report.Figure("scores-chart"));
        Assert.StartsWith("There is no table 'score'", Assert.Throws<UserErrorException>(() => report.Table("score")).Message,
            StringComparison.Ordinal);
        Assert.StartsWith("There is no figure 'x'", Assert.Throws<UserErrorException>(() => report.Figure("x")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void ColumnsBecomePanels_WithTheirDeviations()
    {
        Assert.Equal(["AUC", "runs"], figure.Panels.Select(panel => panel.Title));
        Assert.Equal(["LR", "FM"], figure.Panels[0].X.Categories);
        Assert.Equal([0.7, 0.8], figure.Panels[0].Series[0].Y.Select(value => value!.Value));
        Assert.Equal([0.01, null], figure.Panels[0].Series[0].Deviations!);
        Assert.Equal(new double?[] { 3, null }, figure.Panels[1].Series[0].Y);
        Assert.Null(figure.Panels[1].Series[0].Deviations);
        static string Message(string column) => Assert.Throws<UserErrorException>(() => TableFigures.Of(table, column)).Message;
        Assert.Equal("Column note of scores has no numbers.", Message("note"));
        Assert.StartsWith("There is no column of scores 'auk'", Message("auk"), StringComparison.Ordinal);
    }
}
