using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using DeepFM.Research.Reporting;

namespace DeepFM.Research.Tests.Reporting;

public sealed partial class ReportWriterTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("report").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void AllFilesAreThere_AndNothingElse()
    {
        ReportWriter.Write(SampleReport.Create(), folder);
        Assert.Equal(
            [
                "figure11.csv", "figure6.csv", "figure7.csv", "figure8.csv",
                "pictures/figure11.svg", "pictures/figure6.svg", "pictures/figure7.svg", "pictures/figure8.svg",
                "report.html", "report.md", "table2.csv",
            ],
            Files(folder));
        Assert.All(["figure6", "figure7", "figure8", "figure11"], name => XDocument.Load(Path.Combine(folder, "pictures", $"{name}.svg")));
    }

    [Fact]
    public void TheSameReport_GivesTheSameBytes_AlsoOverAnOlderOne()
    {
        string again = Path.Combine(folder, "again"), once = Path.Combine(folder, "once");
        ReportWriter.Write(SampleReport.Create(), once);
        ReportWriter.Write(SampleReport.Create() with { Title = "older" }, again);
        ReportWriter.Write(SampleReport.Create(), again);
        Assert.Equal(Files(once), Files(again));
        Assert.All(Files(once),
            file => Assert.Equal(File.ReadAllBytes(Path.Combine(once, file)), File.ReadAllBytes(Path.Combine(again, file))));
    }

    [Fact]
    public void ThePageHoldsItsScriptOnce_AndLoadsNothing()
    {
        string html = Html(SampleReport.Create());
        Assert.Equal(1, html.Split("plotly.js v2.").Length - 1);
        string page = Scripts().Replace(html, "<script>");
        Assert.DoesNotContain("src=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", page, StringComparison.Ordinal);
        Assert.DoesNotContain("url(http", page, StringComparison.Ordinal);
        Assert.Equal(["data:,"], Links().Matches(page).Select(match => match.Groups[1].Value));
        Assert.DoesNotContain("http", page.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void APageWithoutFigures_HasNoScript() =>
        Assert.DoesNotContain("<script", Html(new("t", [], [new TableBlock(SampleReport.Table2())])), StringComparison.Ordinal);

    [Fact]
    public void NoTextCanBreakThePage()
    {
        const string evil = "</script><script>alert(1)</script> <x> \"q\" ' & LR & DNN \u0001 \u2028";
        Figure figure = new("f", evil,
            [
                new(evil, new(evil, [evil, "b"]), new(evil),
                [
                    new(evil, SeriesKind.Bars, [0, 1], [1, 2]), new(evil + "2", SeriesKind.Line, [0], [1]) { Published = true },
                ]),
            ])
        {
            Caption = evil,
        };
        ResultTable table = new("t", evil, [new("a", evil), new("b", evil) { Published = true }], [[evil, 1.5], [null, evil]])
        {
            Notes = [evil],
        };
        string html = Html(new(evil, [evil],
        [
            new HeadingBlock(evil), new HeadingBlock("2"), new NoticeBlock(evil), new TableBlock(table), new FigureBlock(figure),
            new LinksBlock([(evil, $"a b/{evil}")]),
            new TextBlock($"{evil} ![picture](http://example.org/x.png) [click](javascript:alert(1)) [good](runs/a.json)"),
        ]));

        Assert.DoesNotContain("alert(1)</script>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<x>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.DoesNotContain("javascript:", html, StringComparison.Ordinal);
        Assert.Contains("href=\"runs/a.json\"", html, StringComparison.Ordinal);
        Assert.Equal(3, html.Split("</script>").Length - 1);
        WellFormed(html);

        JsonNode data = JsonNode.Parse(Data().Match(html).Groups[1].Value)!;
        Assert.Contains("&lt;x&gt;", data["data"]![0]!["name"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public void ThePageIsWellFormed_WithContentsThatLeadToItsHeadings()
    {
        XElement page = WellFormed(Html(SampleReport.Create()));
        string[] ids = [.. page.Descendants().Attributes("id").Select(id => id.Value)];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        string[] contents = [.. page.Descendants("nav").Descendants("a").Select(link => link.Attribute("href")!.Value)];
        Assert.Equal(6, contents.Length);
        Assert.All(contents, target => Assert.Contains(target[1..], ids));
        Assert.Equal(9, page.Descendants("tbody").Elements("tr").Count());
        Assert.Equal(2 * 10, page.Descendants().Count(cell => cell.Attribute("class")?.Value == "number published"));
        Assert.Equal(4, page.Descendants("tr").Last().Elements("td").Count(cell => cell.Descendants("strong").Any()));   // DeepFM is best
        Assert.Equal("runs/0-seed1/report.json", page.Descendants("ul").Last().Descendants("a").First().Attribute("href")!.Value);
    }

    [Fact]
    public void Markdown_HasTablesAndPictures()
    {
        ReportWriter.Write(SampleReport.Create(), folder);
        string text = File.ReadAllText(Path.Combine(folder, "report.md"));
        Assert.StartsWith("# The DeepFM paper, reproduced\n\n- Data: AppStore", text, StringComparison.Ordinal);
        Assert.Contains("\n> **Note:** Made with the quick profile", text, StringComparison.Ordinal);
        Assert.Contains("\n| FM & DNN | 0.8", text, StringComparison.Ordinal);
        Assert.Contains("\n- [LR & DNN, seed 1](runs/6-seed1/report.json)\n", text, StringComparison.Ordinal);
        string[] links = [.. MarkdownLinks().Matches(text).Select(link => link.Groups[1].Value)];
        Assert.Equal(1 + 2 * 4 + 9, links.Length);
        Assert.All(links.Where(link => !link.StartsWith("runs/", StringComparison.Ordinal)),
            link => Assert.True(File.Exists(Path.Combine(folder, link)), link));
    }

    [Fact]
    public void ManyLinks_AreFolded()
    {
        Report many = new("Many", [], [new LinksBlock([.. Enumerable.Range(0, 41).Select(at => ($"run {at}", $"runs/{at}/report.json"))])]);
        ReportWriter.Write(many, folder);
        string html = File.ReadAllText(Path.Combine(folder, ReportWriter.HtmlName));
        Assert.Contains("<summary>All 41</summary>\n<ul class=\"links\">", html, StringComparison.Ordinal);
    }

    [Fact]
    public void FaultsAreToldBeforeAnythingIsWritten()
    {
        Report twice = new("t", [],
            [new TableBlock(SampleReport.Table2()), new FigureBlock(SampleReport.Figure6() with { Name = "TABLE2" })]);
        Assert.Equal("The report has two tables or figures called TABLE2: both would be written to TABLE2.csv.",
            Assert.Throws<ArgumentException>(() => ReportWriter.Write(twice, Path.Combine(folder, "none"))).Message);
        Report broken = new("t", [],
            [new TableBlock(SampleReport.Table2()), new FigureBlock(SampleReport.Figure6() with { Panels = [] })]);
        Assert.Throws<ArgumentException>(() => ReportWriter.Write(broken, Path.Combine(folder, "none")));
        Assert.Empty(Files(folder));

        File.WriteAllText(Path.Combine(folder, "file"), "");
        string below = Path.Combine(folder, "file", "out");
        string message = Assert.Throws<UserErrorException>(() => ReportWriter.Write(SampleReport.Create(), below)).Message;
        Assert.EndsWith("file is a file, so no folder can be made below it. Choose another place.", message, StringComparison.Ordinal);
    }

    string Html(Report report)
    {
        ReportWriter.Write(report, folder);
        return File.ReadAllText(Path.Combine(folder, "report.html"));
    }

    // The page is written such that it reads as XML, too, once its scripts and elements without an end are aside.
    static XElement WellFormed(string html)
    {
        string xml = Scripts().Replace(html.Replace("<!DOCTYPE html>", "", StringComparison.Ordinal), "");
        xml = EndLess().Replace(xml, "").Replace("&nbsp;", " ", StringComparison.Ordinal);
        return XElement.Parse(xml.Replace(" hidden>", " hidden=\"\">", StringComparison.Ordinal));
    }

    static string[] Files(string of) => [.. Directory.EnumerateFiles(of, "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(of, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    [GeneratedRegex("<script[^>]*>.*?</script>", RegexOptions.Singleline)]
    private static partial Regex Scripts();

    [GeneratedRegex("<script type=\"application/json\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Data();

    [GeneratedRegex("<link [^>]*href=\"([^\"]*)\"")]
    private static partial Regex Links();

    [GeneratedRegex("<(meta|link)[^>]*>")]
    private static partial Regex EndLess();

    [GeneratedRegex(@"\]\(([^)]*)\)")]
    private static partial Regex MarkdownLinks();
}
