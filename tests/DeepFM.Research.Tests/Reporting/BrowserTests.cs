using System.Text.Json;
using DeepFM.Research.Reporting;
using Microsoft.Playwright;

namespace DeepFM.Research.Tests.Reporting;

/// <summary>A browser without a network, and the sample report.</summary>
public sealed class Browser : IAsyncLifetime
{
    static readonly string[] Places =
        ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/google-chrome-stable"];

    readonly string? chromium = Environment.GetEnvironmentVariable("DEEPFM_CHROMIUM") ?? Places.FirstOrDefault(File.Exists);
    IPlaywright? playwright;
    IBrowser? browser;

    /// <summary>Where the report is.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("report").FullName;

    public async ValueTask InitializeAsync()
    {
        if (chromium is null) { return; }
        ReportWriter.Write(SampleReport.Create(), Folder);
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = chromium,
            ChromiumSandbox = false,
            Args =
            [
                "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null) { await browser.DisposeAsync(); }
        playwright?.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>A window of this width; skips the test where there is no browser.</summary>
    public async Task<IBrowserContext> Window(int width, ColorScheme scheme, bool script)
    {
        Assert.SkipWhen(browser is null, "No Chromium was found. Install it, or name it in DEEPFM_CHROMIUM.");
        return await browser!.NewContextAsync(new()
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
    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(820, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(1280, ColorScheme.Dark)]
    public async Task EveryChartIsDrawn_WithoutNetworkAndErrors_NoWiderThanTheWindow(int width, ColorScheme scheme)
    {
        List<string> complaints = [];
        IPage page = await Open(width, scheme, complaints);

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
        Assert.Empty(complaints);
        await Picture(page, $"report-{width}-{scheme}");
        if (width == 1280 && scheme == ColorScheme.Light)
        {
            await page.EmulateMediaAsync(new() { Media = Media.Print });
            Assert.Equal(4, await page.Locator("figure.chart .picture svg >> visible=true").CountAsync());
            await Picture(page, "report-print");
        }
    }

    [Fact]
    public async Task TheLegendHidesAndShows_PublishedValuesToo()
    {
        List<string> complaints = [];
        IPage page = await Open(1280, ColorScheme.Light, complaints);

        Assert.Equal(21, await Visible(page));
        await page.ClickAsync("#figure8 .legend button[data-entry='DeepFM']");
        Assert.Equal(18, await Visible(page));
        await page.ClickAsync("#figure8 .legend button[data-entry='faint marks (reading)']");
        Assert.Equal(12, await Visible(page));
        await page.ClickAsync("#figure8 .legend button[data-entry='DeepFM']");
        Assert.Equal(14, await Visible(page));
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task TextsOfAChartDoNotOverlap()
    {
        List<string> complaints = [];
        foreach (int width in new[] { 1280, 700, 390 })
        {
            IPage page = await Open(width, ColorScheme.Light, complaints);
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
        List<string> complaints = [];
        IPage page = await Open(390, ColorScheme.Light, complaints, script: false);
        Assert.Equal(4, await page.Locator("figure.chart .picture svg >> visible=true").CountAsync());
        Assert.Equal(0, await page.Locator("figure.chart .live >> visible=true").CountAsync());
        Assert.Empty(complaints);
        await Picture(page, "report-390-no-script");
    }

    async Task<IPage> Open(int width, ColorScheme scheme, List<string> complaints, bool script = true)
    {
        IBrowserContext context = await browser.Window(width, scheme, script);
        IPage page = await context.NewPageAsync();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") { complaints.Add($"console: {message.Text}"); }
        };
        page.PageError += (_, error) => complaints.Add($"error: {error}");
        string url = new Uri(Path.Combine(browser.Folder, ReportWriter.HtmlName)).AbsoluteUri;
        page.Request += (_, request) =>
        {
            bool own = request.Url == url || request.Url.StartsWith("data:", StringComparison.Ordinal);
            if (!own) { complaints.Add($"request: {request.Url}"); }
        };
        await page.GotoAsync(url);
        return page;
    }

    static Task<int> Visible(IPage page) =>
        page.EvaluateAsync<int>("() => document.querySelector('#figure8 .plot')._fullData.filter(trace => trace.visible === true).length");

    static async Task Picture(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("DEEPFM_SCREENSHOTS") is { Length: > 0 } pictures)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(pictures, $"{name}.png"), FullPage = true });
        }
    }
}
