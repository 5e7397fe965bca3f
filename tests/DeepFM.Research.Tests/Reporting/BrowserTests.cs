using System.Text.Json;
using DeepFM.Research.Reporting;
using Microsoft.Playwright;

namespace DeepFM.Research.Tests.Reporting;

/// <summary>A browser without a network, and the sample report.</summary>
public sealed class Browser : IAsyncLifetime
{
    Chromium? chromium;

    /// <summary>Where the report is.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("report").FullName;

    public async ValueTask InitializeAsync()
    {
        chromium = await Chromium.TryStartAsync();
        if (chromium is not null) { ReportWriter.Write(SampleReport.Create(), Folder); }
    }

    public async ValueTask DisposeAsync()
    {
        if (chromium is not null) { await chromium.DisposeAsync(); }
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>A window of this width; skips the test where there is no browser.</summary>
    public async Task<IBrowserContext> Window(int width, ColorScheme scheme, bool script)
    {
        if (chromium is null) { Chromium.Skip(); }
        return await chromium.WindowAsync(new()
        {
            ViewportSize = new() { Width = width, Height = 900 },
            ColorScheme = scheme,
            Offline = true,
            JavaScriptEnabled = script,
        });
    }
}

/// <summary>The report in a browser without a network: drawn whole, quiet, and no wider than the window.</summary>
/// <remarks><c>DEEPFM_SCREENSHOTS</c> names a folder for pictures of the page, to look at them.</remarks>
public sealed class BrowserTests(Browser browser) : IClassFixture<Browser>
{
    PageComplaints? complaints;

    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(820, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    public async Task EveryChartIsDrawn_WithoutNetworkAndErrors_NoWiderThanTheWindow(int width, ColorScheme scheme)
    {
        IPage page = await Open(width, scheme);

        foreach (Figure figure in SampleReport.Create().Blocks.OfType<FigureBlock>().Select(block => block.Figure))
        {
            JsonElement drawn = (await page.EvaluateAsync($$"""
                () => {
                  const plot = document.querySelector("#{{figure.Name}} .plot");
                  return {
                    svg: plot.querySelectorAll("svg.main-svg").length,
                    traces: plot._fullData.filter(trace => trace.visible === true).length,
                    subplots: plot.querySelectorAll(".cartesianlayer > .subplot").length,
                    shapes: plot.querySelectorAll(".cartesianlayer .trace path").length,
                    width: plot.querySelector("svg.main-svg").getBoundingClientRect().width,
                    static: document.querySelector("#{{figure.Name}} .picture").hidden,
                  };
                }
                """))!.Value;

            Assert.True(drawn.GetProperty("svg").GetInt32() > 0, $"{figure.Name} has no drawing");
            Assert.Equal(figure.Panels.Sum(panel => panel.Series.Count), drawn.GetProperty("traces").GetInt32());
            Assert.Equal(figure.Panels.Count, drawn.GetProperty("subplots").GetInt32());
            int points = figure.Panels.Sum(panel => panel.Series.Sum(series => series.Y.Count(y => y is not null)));
            Assert.True(drawn.GetProperty("shapes").GetInt32() >= points, $"{figure.Name}: {drawn} for {points} points");
            Assert.InRange(drawn.GetProperty("width").GetDouble(), Math.Min(width, 1088) * 0.85, width);
            Assert.True(drawn.GetProperty("static").GetBoolean());
        }
        int pageWidth = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
        Assert.True(pageWidth <= width, $"the page is {pageWidth} pixels wide in a window of {width}");
        Assert.Empty(complaints!.Found);
        await Chromium.PictureAsync(page, $"report-{width}-{scheme}");
        if (width == 1280 && scheme == ColorScheme.Light)
        {
            await page.EmulateMediaAsync(new() { Media = Media.Print });
            Assert.Equal(4, await page.Locator("figure.chart .picture svg >> visible=true").CountAsync());
            await Chromium.PictureAsync(page, "report-print");
        }
    }

    /// <summary>A first column of long names stays in view on a phone, and must leave room for the figures beside it.</summary>
    [Fact]
    public async Task OnAPhone_TheColumnOfNames_LeavesRoomForTheOthers()
    {
        ResultTable table = new("long", "Long names", [new("over", "DeepFM"), .. Enumerable.Range(0, 8).Select(at =>
            new ResultColumn($"c{at}", "AUC, Company*, %", "0.00"))],
            [["over the best of FM, FNN, IPNN, OPNN and PNN*", .. Enumerable.Range(0, 8).Select(at => (object?)(double)at)]]);
        string folder = Path.Combine(browser.Folder, "long");
        ReportWriter.Write(new("Long", [], [new TableBlock(table)]), folder);
        IBrowserContext window = await browser.Window(390, ColorScheme.Light, script: true);
        IPage page = await window.NewPageAsync();
        await page.GotoAsync(new Uri(Path.Combine(folder, ReportWriter.HtmlName)).AbsoluteUri);

        Assert.InRange(await page.EvaluateAsync<double>("() => document.querySelector('tbody th').getBoundingClientRect().width"), 60, 160);
        await Chromium.PictureAsync(page, "report-long-names");
    }

    [Fact]
    public async Task TheLegendHidesAndShows_PublishedValuesToo()
    {
        IPage page = await Open(1280, ColorScheme.Light);

        Assert.Equal(21, await Visible(page));
        await page.ClickAsync("#figure8 .legend button[data-entry='DeepFM']");
        Assert.Equal(18, await Visible(page));
        await page.ClickAsync("#figure8 .legend button[data-entry='faint marks (reading)']");
        Assert.Equal(12, await Visible(page));
        await page.ClickAsync("#figure8 .legend button[data-entry='DeepFM']");
        Assert.Equal(14, await Visible(page));
        Assert.Empty(complaints!.Found);
    }

    [Fact]
    public async Task TextsOfAChartDoNotOverlap()
    {
        foreach (int width in new[] { 1280, 700, 390 })
        {
            IPage page = await Open(width, ColorScheme.Light);
            string[] overlaps = await page.EvaluateAsync<string[]>("""
                () => [...document.querySelectorAll("figure.chart .plot")].flatMap(plot => {
                  const labels = ["", "2", "3"].map(axis => `.x${axis}tick text, .y${axis}tick text`).join();
                  const texts = [...plot.querySelectorAll(`${labels}, .annotation-text`)]
                    .filter(text => text.textContent.trim() !== "" && !/rotate\(-/.test(text.getAttribute("transform")))
                    .map(text => ({ text: text.textContent, box: text.getBoundingClientRect() }));
                  const hit = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 2 && b.top < a.bottom - 2;
                  return texts.flatMap((a, at) => texts.slice(at + 1).filter(b => hit(a.box, b.box)).map(b => `${a.text} × ${b.text}`));
                })
                """);
            Assert.Empty(overlaps);
        }
    }

    [Fact]
    public async Task WithoutScript_TheStaticPicturesStand()
    {
        IPage page = await Open(390, ColorScheme.Light, script: false);
        Assert.Equal(4, await page.Locator("figure.chart .picture svg >> visible=true").CountAsync());
        Assert.Equal(0, await page.Locator("figure.chart .live >> visible=true").CountAsync());
        Assert.Empty(complaints!.Found);
        await Chromium.PictureAsync(page, "report-390-no-script");
    }

    async Task<IPage> Open(int width, ColorScheme scheme, bool script = true)
    {
        IBrowserContext context = await browser.Window(width, scheme, script);
        IPage page = await context.NewPageAsync();
        string url = new Uri(Path.Combine(browser.Folder, ReportWriter.HtmlName)).AbsoluteUri;
        complaints = new(page, address => address == url);
        await page.GotoAsync(url);
        return page;
    }

    static Task<int> Visible(IPage page) =>
        page.EvaluateAsync<int>("() => document.querySelector('#figure8 .plot')._fullData.filter(trace => trace.visible === true).length");
}
