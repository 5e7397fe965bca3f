using System.Xml.Linq;
using DeepFM.Data;
using DeepFM.Notebooks.Display;
using DeepFM.Notebooks.Execution;
using DeepFM.Notebooks.Tests.Execution;
using DeepFM.Research.Plans;
using DeepFM.Research.Reporting;
using Microsoft.DotNet.Interactive.Formatting;

namespace DeepFM.Notebooks.Tests.Display;

/// <summary>What notebooks show of plans, reports and embeddings.</summary>
public sealed class PlanViewTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Fact]
    public void APlan_SaysWhatIsDone_WhatRuns_AndHowLongItTakes()
    {
        View view = new PlanView("Table 2", new(3, 8, 0.4, 61.6, ["LR & DNN, seed 2"])).ToView();
        Assert.Equal("Table 2: 3 of 8 runs, 62 s left\nunder way: LR & DNN, seed 2", view.Text);
        Assert.Contains("value=\"0.4\"", view.Html(), StringComparison.Ordinal);
        Assert.Contains("LR &amp; DNN", view.Html(), StringComparison.Ordinal);
        Assert.Equal("Table 2: 8 of 8 runs", new PlanView("Table 2", new(8, 8, 1, 0, [])).ToView().Text);
    }

    [Fact]
    public async Task APlansDisplay_IsOneThatChanges()
    {
        RecordedOutput output = new();
        await host.Host.RunAsync("""
            var shown = new DeepFM.Notebooks.PlanDisplay("P");
            foreach (int done in new[] { 0, 1, 2 }) { shown.Report(new(done, 2, done / 2.0, null, [])); }
            """, output, TestContext.Current.CancellationToken);
        Assert.Equal("P: 0 of 2 runs", output.Displays.Single().Bundle.Data["text/plain"]);
        Assert.Equal("P: 2 of 2 runs", output.Updates[^1].Bundle.Data["text/plain"]);      // the end is shown however soon it comes
    }

    [Fact]
    public async Task AStoppedPlansDisplay_StaysSo_WhenAWorkerReportsLate()
    {
        RecordedOutput output = new();
        await host.InterruptAsync("""
            var late = new DeepFM.Notebooks.PlanDisplay("P");
            late.Report(new(0, 2, 0, null, []));
            Console.Write("on");
            await Task.Delay(-1, DeepFM.Notebooks.Cell.Cancellation).ContinueWith(_ => { });
            late.Report(new(2, 2, 1, null, []));
            """, output);
        Assert.Equal("P: 0 of 2 runs; stopped", Assert.Single(output.Updates).Bundle.Data["text/plain"]);
    }

    [Fact]
    public void AReportsParts_AreShownInOrder()
    {
        NotebookExtensions.Register();
        Report report = new("R<", ["head"], [new NoticeBlock("beware"), new HeadingBlock("One"), new TextBlock("- a\n- b"),
            new TableBlock(new("t", "Scores", [new("model", "model")], [["LR"]])), new LinksBlock([("run", "runs/a")])]);
        string html = report.ToDisplayString("text/html"), text = report.ToDisplayString("text/plain");

        string[] parts =
            ["<h4>R&lt;</h4>", "head", "<b>beware</b>", "<h4>One</h4>", "<li>a</li>", "Scores", "LR", "(1 file beside the report)"];
        Assert.Equal(parts.Select(part => html.IndexOf(part, StringComparison.Ordinal)).Order(),
            parts.Select(part => html.IndexOf(part, StringComparison.Ordinal)));
        Assert.All(parts, part => Assert.Contains(part, html, StringComparison.Ordinal));
        Assert.Contains("- a\n- b", text, StringComparison.Ordinal);
        Assert.Contains("<li>b</li>", report.Blocks[2].ToDisplayString("text/html"), StringComparison.Ordinal);
    }

    [Fact]
    public void AnEmbeddingPicture_HasTheOneWhereTheIdIs()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(file, ["1,red,a", "0,blue,b", "0,red,c", .. Enumerable.Range(0, 30).Select(row => $"1,blue,t{row / 2}")]);
            Schema schema = Schema.Parse("""
                {
                  "name": "x", "source": { "format": "csv", "columns": ["y", "colour", "tag"] },
                  "label": { "column": "y", "positive": "1", "negative": "0" },
                  "fields": [{ "kind": "categorical", "columns": ["colour", "tag"] }]
                }
                """);
            using DataSplits data = DataLoader.Load(new() { Schema = schema, TrainFiles = [file], Threads = 1 });
            EmbeddingPicture picture = new(data.Features, data.Train, 2, 4, "colour", "tag");

            XElement svg = XElement.Parse(picture.ToSvg());
            string[] texts = [.. svg.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value)];
            int colours = data.Features.Fields[0].IdCount;
            Assert.Equal(2, texts.Count(text => text == "1"));
            Assert.Contains("colour = red", texts);
            Assert.Contains("tag = (unseen)", texts);                       // c is there once
            Assert.Contains($"{colours} ids", texts);
            int red = data.Train.Ids(2)[0] + 1;
            Assert.Equal($"Embedding layer, K = 4: colour = red, number {red} of {colours}; "
                + $"tag = (unseen), number 1 of {data.Features.Fields[1].IdCount}", picture.ToView().Text);
            Assert.Equal(2 * 4, svg.Elements().Count(element => element.Name.LocalName == "line"));
            double width = (double)svg.Attribute("width")!;
            Assert.All(svg.Elements().Where(element => element.Attribute("x") is not null), element =>
                Assert.InRange((double)element.Attribute("x")!, 0, width));
            Assert.StartsWith("There is no field with one id a row 'color'",
                Assert.Throws<UserErrorException>(() => new EmbeddingPicture(data.Features, data.Train, 2, 4, "color")).Message,
                StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
