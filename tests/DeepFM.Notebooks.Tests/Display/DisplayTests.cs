using DeepFM.Notebooks.Execution;
using DeepFM.Notebooks.Tests.Execution;

namespace DeepFM.Notebooks.Tests.Display;

public sealed class DisplayTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Fact]
    public async Task Display_ShowsHtmlWithTextBesideIt_AndCanBeReplaced()
    {
        RecordedOutput output = new();
        await host.RunAsync("var shown = display(new { A = 1 });\nshown.Update(new { A = 2 });\n\"x\".Display(\"text/html\");", output);
        await host.RunAsync("shown.Update(\"later\");", output);

        (MimeBundle bundle, string? id) = output.Displays[0];
        Assert.Contains("<table>", bundle.Data["text/html"].ToString(), StringComparison.Ordinal);
        Assert.Contains("A: 1", bundle.Data["text/plain"].ToString(), StringComparison.Ordinal);
        Assert.Equal([id, id], output.Updates.Select(update => update.Id));
        Assert.Contains("A: 2", output.Updates[0].Bundle.Data["text/plain"].ToString(), StringComparison.Ordinal);
        Assert.Equal(["text/html", "text/plain"], output.Displays[1].Bundle.Data.Keys.Order());
    }

    [Fact]
    public async Task DisplayAs_AndHtml_KeepTheirContent()
    {
        RecordedOutput output = new();
        CellResult result = await host.RunAsync("\"# x\".DisplayAs(\"text/markdown\");\n"
            + "\"{\\\"a\\\":1}\".DisplayAs(\"application/json\");\nHTML(\"<b>y</b>\")", output);

        Assert.Equal("# x", output.Displays[0].Bundle.Data["text/markdown"]);
        Assert.IsType<System.Text.Json.Nodes.JsonObject>(output.Displays[1].Bundle.Data["application/json"]);
        Assert.Equal("<b>y</b>", result.Value!.Data["text/html"]);
    }

    [Fact]
    public async Task AUsersFormatter_IsTaken_AndAFailingOneIsNoError()
    {
        CellResult good = await host.RunAsync("""
            using Microsoft.DotNet.Interactive.Formatting;
            class Money { public int Cents; }
            Formatter.Register<Money>(m => $"<b>{m.Cents / 100.0}</b>", "text/html");
            new Money { Cents = 150 }
            """);
        Assert.Equal("<b>1.5</b>", good.Value!.Data["text/html"]);

        CellResult bad = await host.RunAsync("""
            class Bad { }
            Formatter.Register<Bad>((Bad b) => { throw new InvalidOperationException("no picture"); }, "text/html");
            new Bad()
            """);
        Assert.True(bad.Succeeded, string.Join('\n', bad.Traceback ?? []));
        Assert.EndsWith("(its formatter failed: InvalidOperationException: no picture)", bad.Value!.Data["text/plain"].ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADataFrame_IsATable_OfItsFirstRows()
    {
        CellResult result = await host.RunAsync("""
            #r "Microsoft.Data.Analysis"
            using Microsoft.Data.Analysis;
            new DataFrame(new Int32DataFrameColumn("id", Enumerable.Range(0, 1234)),
                new StringDataFrameColumn("text", Enumerable.Repeat("<a>", 1234)))
            """);
        Assert.True(result.Succeeded, string.Join('\n', result.Traceback ?? []));
        string html = result.Value!.Data["text/html"].ToString()!;
        Assert.Equal(21, html.Split("<tr>").Length - 1);
        Assert.Contains("&lt;a&gt;", html, StringComparison.Ordinal);
        Assert.EndsWith("1,234 rows × 2 columns, the first 20 shown", result.Value.Data["text/plain"].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheFirstChart_BringsTheLibrary_TheOthersUseIt_AndARerunBringsItAgain()
    {
        await using CellHost own = new();
        const string First = "#r \"Plotly.NET\"\n#r \"Plotly.NET.CSharp\"\nusing Plotly.NET.CSharp;\n"
            + "Chart.Line<int, int, string>(x: new[] { 1, 2 }, y: new[] { 3, 4 }, Name: \"a\")";
        const string Second = "Chart.Line<int, int, string>(x: new[] { 1, 2 }, y: new[] { 5, 6 })";
        async Task<string> Html(string code)
        {
            CellResult result = await own.RunAsync(code, new RecordedOutput(), CancellationToken.None);
            Assert.True(result.Succeeded, string.Join('\n', result.Traceback ?? []));
            Assert.StartsWith("(chart", result.Value!.Data["text/plain"].ToString(), StringComparison.Ordinal);
            return result.Value!.Data["text/html"].ToString()!;
        }
        string first = await Html(First), second = await Html(Second), again = await Html(First);

        Assert.Equal([true, false, true], new[] { first, second, again }.Select(html => html.Length > 3_000_000));
        Assert.All([first, second], html => Assert.Contains("<img src=\"data:image/svg+xml;base64,", html, StringComparison.Ordinal));
        Assert.All([first, second], html =>
            Assert.DoesNotContain("https://cdn", html.Length > 3_000_000 ? "" : html, StringComparison.Ordinal));
        Assert.Equal(1, System.Text.RegularExpressions.Regex.Count(first, "</script"));
    }

    [Fact]
    public async Task SeveralChartsOfACell_HaveTheirOwnPlaces_AndBringTheLibraryOnce()
    {
        await using CellHost own = new();
        RecordedOutput output = new();
        CellResult result = await own.RunAsync("""
            #r "Plotly.NET"
            #r "Plotly.NET.CSharp"
            using Plotly.NET.CSharp;
            Plotly.NET.GenericChart Line(int y) => Chart.Line<int, int, string>(x: new[] { 1, 2 }, y: new[] { 3, y });
            var first = display(Line(4));
            display(Line(5));
            display(Line(6));
            first.Update(Line(7));
            Line(8)
            """, output, CancellationToken.None);
        Assert.True(result.Succeeded, string.Join('\n', result.Traceback ?? []));
        MimeBundle[] bundles =
            [.. output.Displays.Select(display => display.Bundle), .. output.Updates.Select(update => update.Bundle), result.Value!];
        string[] shown = [.. bundles.Select(bundle => bundle.Data["text/html"].ToString()!)];

        // The first brings it, and so does what takes the place of the first.
        Assert.Equal([true, false, false, true, false], shown.Select(html => html.Length > 3_000_000));
        string[] ids = [.. shown.Select(html => System.Text.RegularExpressions.Regex.Match(html, "<div id=\"(chart-[0-9a-f]+)\">").Groups[1].Value)];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(shown.Zip(ids), one => Assert.Contains($"getElementById(\"{one.Second}\")", one.First, StringComparison.Ordinal));
    }
}
