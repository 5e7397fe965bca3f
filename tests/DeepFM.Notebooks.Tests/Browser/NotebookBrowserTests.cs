using System.Text.Json;
using System.Text.RegularExpressions;
using DeepFM.Notebooks.Files;
using DeepFM.Notebooks.Tests.Shipped;
using Microsoft.Playwright;

namespace DeepFM.Notebooks.Tests.Browser;

/// <summary>A browser and a server, for all tests of the class.</summary>
public sealed class NotebookBrowser : IAsyncLifetime
{
    Chromium? chromium;
    JupyterServer? server;

    public async ValueTask InitializeAsync() => chromium = await Chromium.TryStartAsync();

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (chromium is not null) { await chromium.DisposeAsync(); }
        }
        finally
        {
            if (server is not null) { await server.DisposeAsync(); }
        }
    }

    /// <summary>Opens a notebook; skips the test where Chromium, Jupyter or the release build is missing.</summary>
    internal async Task<NotebookPage> OpenAsync(string name, Notebook notebook)
    {
        if (chromium is null) { Chromium.Skip(); }
        if (!File.Exists(Path.Combine(Committed.Folder, "..", "artifacts", "bin", "DeepFM.Notebooks", "release", "DeepFM.Notebooks.dll")))
        {
            Missing.Skip("Needs the release build, which the notebooks refer to: dotnet build -c Release.");
        }
        server ??= await JupyterServer.StartAsync();
        return await NotebookPage.OpenAsync(chromium, server, server.Add(name, notebook));
    }
}

/// <summary>Notebooks in Jupyter, in a browser.</summary>
/// <remarks><c>DEEPFM_SCREENSHOTS</c> names a folder for pictures of the pages, to look at them.</remarks>
public sealed partial class NotebookBrowserTests(NotebookBrowser browser) : IClassFixture<NotebookBrowser>
{
    // A training that would take hours.
    const string Training = """
        RunSettings settings = Profile.Get("quick").For("deepfm").With("epochs=1000").With("patience=1000");
        bool ended = false;
        try
        {
            TrainingRun.Execute(settings, data, seed: 1, 1, "../runs/long", RunOutputs.Report, new TrainingDisplay("Long"),
                Cell.Cancellation);
        }
        finally { ended = true; }
        """;

    [Fact]
    public async Task TheQuickStart_RunsToItsEnd_AndItsChartsAreLive()
    {
        await using NotebookPage notebook = await browser.OpenAsync("00-quickstart.ipynb", Committed.Read("00-quickstart.ipynb"));

        await notebook.RunAllAsync();

        int charts = await notebook.Page.Locator(".chart-still").CountAsync();
        Assert.InRange(charts, 4, int.MaxValue);
        ILocator live = notebook.Page.Locator(".chart-live .main-svg:first-child");
        await live.Nth(charts - 1).WaitForAsync();
        Assert.Equal(charts, await live.CountAsync());
        await notebook.Page.WaitForFunctionAsync(
            "() => [...document.querySelectorAll('.chart-still')].every(still => getComputedStyle(still).display === 'none')");
        JsonElement drawn = (await notebook.Page.EvaluateAsync("""
            () => [...document.querySelectorAll(".chart-live")].map(chart => ({
              shapes: chart.querySelectorAll(".cartesianlayer .trace path").length,
              width: chart.querySelector(".main-svg").getBoundingClientRect().width,
              cut: chart.querySelector(".main-svg").getBoundingClientRect().top
                - chart.querySelector(".gtitle").getBoundingClientRect().top,
              room: chart.parentElement.getBoundingClientRect().width }))
            """))!.Value;
        Assert.All(drawn.EnumerateArray(), chart =>
        {
            Assert.True(chart.GetProperty("shapes").GetInt32() > 0, $"a chart is empty: {chart}");
            Assert.True(chart.GetProperty("cut").GetDouble() <= 0, $"a title begins above its chart: {chart}");
            Assert.InRange(chart.GetProperty("width").GetDouble(), 300, chart.GetProperty("room").GetDouble());
        });
        Assert.Equal(0, await notebook.Page.Locator(".output_error, .output_stderr").CountAsync());
        await notebook.ScrollToAsync("Why interactions matter");
        await Picture(notebook, "notebook", whole: false);
        await Picture(notebook, "notebook-quickstart");
        AssertQuiet(notebook);
    }

    [Fact]
    public async Task Tab_CompletesAMember()
    {
        await using NotebookPage notebook = await OpenWithData("tab.ipynb");

        int index = await notebook.AddCellAsync();
        await notebook.Page.Keyboard.TypeAsync("data.Featu");
        await notebook.Page.Keyboard.PressAsync("Tab");
        await notebook.Page.WaitForFunctionAsync("index => Jupyter.notebook.get_cell(index).get_text() === 'data.Features'", index);
        // The page asks no kernel that it takes for busy, and the answer may be there before the word that it is idle again.
        await notebook.Page.WaitForFunctionAsync(
            "index => Jupyter.notebook.get_cell(index).completer.skip_kernel_completion === false", index);

        await notebook.Page.Keyboard.TypeAsync(".");
        await notebook.Page.Keyboard.PressAsync("Tab");
        ILocator choices = notebook.Page.Locator("#complete option");
        await choices.First.WaitForAsync();
        Assert.Contains("FeatureCount", await choices.AllInnerTextsAsync());
        await Picture(notebook, "notebook-tab", whole: false);
        AssertQuiet(notebook);
    }

    [Fact]
    public async Task TheInterruptButton_StopsATraining_AndTheKernelGoesOn()
    {
        await using NotebookPage notebook = await OpenWithData("interrupt.ipynb");

        int training = await notebook.StartCellAsync(Training);
        await notebook.Cell(training).Locator("progress").WaitForAsync();
        await Picture(notebook, "notebook-training", whole: false);
        await notebook.InterruptAsync();

        string shown = await notebook.EndAsync(training);
        // A kernel on a machine that is busy may have left the cell, and said so, before the training has noticed.
        Assert.Contains("Interrupted: The cell was interrupted", shown, StringComparison.Ordinal);
        Assert.Contains("; stopped", shown, StringComparison.Ordinal);
        await Picture(notebook, "notebook-interrupted", whole: false);
        Assert.Contains("ended: True", await notebook.RunCellAsync("while (!ended) { await Task.Delay(20); }\n$\"ended: {ended}\""),
            StringComparison.Ordinal);
        Assert.Contains("5000", await notebook.RunCellAsync("data.Test.RowCount"), StringComparison.Ordinal);
        AssertQuiet(notebook);
    }

    [Fact]
    public async Task TheRestartButton_ForgetsVariables_AndANewKernelRuns()
    {
        await using NotebookPage notebook = await browser.OpenAsync("restart.ipynb", Empty());
        Assert.Contains("42", await notebook.RunCellAsync("int answer = 42;\nanswer"), StringComparison.Ordinal);

        await notebook.RestartAsync();

        Assert.Contains("The name 'answer' does not exist", await notebook.RunCellAsync("answer"), StringComparison.Ordinal);
        Assert.Contains("42", await notebook.RunCellAsync("6 * 7"), StringComparison.Ordinal);
        await Picture(notebook, "notebook-restarted", whole: false);
        AssertQuiet(notebook);
    }

    async Task<NotebookPage> OpenWithData(string name)
    {
        NotebookPage notebook = await browser.OpenAsync(name, Empty());
        try
        {
            await notebook.RunCellAsync(string.Join('\n', Committed.Read("00-quickstart.ipynb").Cells
                .Where(cell => cell.IsCode).Take(2).Select(cell => cell.Source)));
            string shown = await notebook.RunCellAsync("""
                AppStoreOptions options = new() { TrainRows = 20_000, TestRows = 5_000, UserCount = 200, AppCount = 100 };
                GeneratedData generated = new(options, "../runs/small");
                generated.Prepare(1, null, Cell.Cancellation);
                DataSplits data = DataLoader.Load(generated.Request(1));
                data.Test.RowCount
                """);
            Assert.Contains("5000", shown, StringComparison.Ordinal);
            return notebook;
        }
        catch
        {
            await notebook.DisposeAsync();
            throw;
        }
    }

    static void AssertQuiet(NotebookPage notebook)
    {
        string[] complaints = [.. notebook.Complaints.Found.Where(found => !JupytersOwn().IsMatch(found))];
        Assert.True(complaints.Length == 0, string.Join('\n', complaints));
    }

    // What Jupyter's page says with any kernel: it binds a key before the action exists; its widgets ask the kernel for the version of
    // ipywidgets, which only a Python kernel has; and where ipywidgets is not installed, it asks for their script all the same.
    [GeneratedRegex("""
        ^console\ warning:\ ( actions\ jupyter-notebook:find-and-replace\ does\ not\ exist
                             | Could\ not\ cross\ validate\ the\ widget\ frontend\ and\ backend\ versions
                             | Widgets\ are\ not\ available )
        | ^console\ error:\ ( Failed\ to\ load\ resource:.*404 | Refused\ to\ execute\ script )
          .*/nbextensions/widgets/notebook/js/extension\.js
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.Singleline)]
    private static partial Regex JupytersOwn();

    // The quick start's settings, without its cells.
    static Notebook Empty()
    {
        Notebook notebook = Committed.Read("00-quickstart.ipynb");
        while (notebook.Cells.Count > 0) { notebook.RemoveAt(0); }
        return notebook;
    }

    // The whole notebook, not only what the window shows of it.
    static async Task Picture(NotebookPage notebook, string name, bool whole = true)
    {
        if (!Chromium.TakesPictures) { return; }
        if (whole)
        {
            int height = await notebook.Page.EvaluateAsync<int>("() => document.querySelector('#notebook').scrollHeight + 150");
            await notebook.Page.SetViewportSizeAsync(1280, Math.Min(height, 16_000));
            await notebook.Page.WaitForTimeoutAsync(500);
        }
        await Chromium.PictureAsync(notebook.Page, name, whole: false);
    }
}
