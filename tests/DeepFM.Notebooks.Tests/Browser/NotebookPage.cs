using Microsoft.Playwright;

namespace DeepFM.Notebooks.Tests.Browser;

/// <summary>The page of a notebook, used as its reader uses it: with menus, buttons and keys.</summary>
sealed class NotebookPage : IAsyncDisposable
{
    // Deadlines alone, so that what never comes fails the test; nothing is measured.
    const float CellDeadline = 240_000, ShortDeadline = 60_000;
    readonly IPage page;

    NotebookPage(IPage page, PageComplaints complaints) => (this.page, Complaints) = (page, complaints);

    /// <summary>What the page's console has said.</summary>
    public PageComplaints Complaints { get; }

    /// <summary>The page itself.</summary>
    public IPage Page => page;

    /// <summary>Opens a notebook, and waits until its kernel is there.</summary>
    /// <param name="chromium">The browser.</param>
    /// <param name="server">Where all requests must go.</param>
    /// <param name="address">The notebook's.</param>
    public static async Task<NotebookPage> OpenAsync(Chromium chromium, JupyterServer server, string address)
    {
        IBrowserContext window = await chromium.WindowAsync(new() { ViewportSize = new() { Width = 1280, Height = 900 } });
        try
        {
            IPage page = await window.NewPageAsync();
            page.SetDefaultTimeout(ShortDeadline);
            PageComplaints complaints = new(page, url =>
                url.StartsWith(server.Address, StringComparison.Ordinal)
                || url.StartsWith(server.Address.Replace("http:", "ws:", StringComparison.Ordinal), StringComparison.Ordinal));
            await page.GotoAsync(address);
            NotebookPage opened = new(page, complaints);
            await opened.KernelIsReadyAsync();
            return opened;
        }
        catch
        {
            await window.CloseAsync();
            throw;
        }
    }

    /// <summary>Closes its window.</summary>
    public async ValueTask DisposeAsync() => await page.Context.CloseAsync();

    /// <summary>"Run All" of the menu "Cell", and waits until the last cell has ended.</summary>
    public async Task RunAllAsync()
    {
        await page.ClickAsync("#celllink");
        await page.ClickAsync("#run_all_cells");
        await page.WaitForFunctionAsync("""
            () => Jupyter.notebook.get_cells().every(cell => cell.cell_type !== "code" || cell.input_prompt_number > 0)
              && !Jupyter.notebook.kernel_busy
            """, null, new() { Timeout = CellDeadline });
    }

    /// <summary>Adds a cell at the end and puts the cursor into it.</summary>
    /// <returns>The cell's number, from 0.</returns>
    public async Task<int> AddCellAsync()
    {
        int index = await page.EvaluateAsync<int>("""
            () => {
              Jupyter.notebook.insert_cell_at_bottom("code");
              const last = Jupyter.notebook.ncells() - 1;
              Jupyter.notebook.select(last);
              return last;
            }
            """);
        await Cell(index).Locator(".CodeMirror").ClickAsync();
        return index;
    }

    /// <summary>Adds a cell at the end and starts it.</summary>
    /// <returns>The cell's number, from 0.</returns>
    public async Task<int> StartCellAsync(string code)
    {
        int index = await AddCellAsync();
        await page.Keyboard.InsertTextAsync(code);
        await page.Keyboard.PressAsync("Control+Enter");
        return index;
    }

    /// <summary>Waits until a cell has ended.</summary>
    /// <returns>The text below it.</returns>
    public async Task<string> EndAsync(int index)
    {
        await page.WaitForFunctionAsync(
            "index => Jupyter.notebook.get_cell(index).input_prompt_number > 0 && !Jupyter.notebook.kernel_busy",
            index, new() { Timeout = CellDeadline });
        return await Cell(index).Locator(".output_wrapper").InnerTextAsync();
    }

    /// <summary>Adds a cell at the end, runs it, and waits until it has ended.</summary>
    /// <returns>The text below it.</returns>
    public async Task<string> RunCellAsync(string code) => await EndAsync(await StartCellAsync(code));

    /// <summary>The button with the black square.</summary>
    public Task InterruptAsync() => page.ClickAsync("button[data-jupyter-action='jupyter-notebook:interrupt-kernel']");

    /// <summary>The button with the round arrow, and "Restart" in what it asks.</summary>
    public async Task RestartAsync()
    {
        await page.ClickAsync("button[data-jupyter-action='jupyter-notebook:confirm-restart-kernel']");
        await page.ClickAsync(".modal-dialog .btn-danger");
        await page.WaitForSelectorAsync(".modal-dialog", new() { State = WaitForSelectorState.Hidden });
        await KernelIsReadyAsync();
    }

    /// <summary>Moves a heading to the upper edge.</summary>
    public Task ScrollToAsync(string heading) => page.EvaluateAsync(
        "text => [...document.querySelectorAll('h2')].find(h => h.textContent.startsWith(text)).scrollIntoView()", heading);

    /// <summary>A cell.</summary>
    /// <param name="index">From 0.</param>
    public ILocator Cell(int index) => page.Locator("#notebook-container > .cell").Nth(index);

    async Task KernelIsReadyAsync() => await page.WaitForFunctionAsync("""
        () => window.Jupyter && Jupyter.notebook && Jupyter.notebook.kernel && Jupyter.notebook.kernel.is_connected()
          && Jupyter.notebook.kernel.info_reply.language_info && !Jupyter.notebook.kernel_busy
        """);
}
