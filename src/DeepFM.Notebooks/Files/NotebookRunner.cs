using System.Diagnostics;
using DeepFM.Notebooks.Execution;

namespace DeepFM.Notebooks.Files;

/// <summary>Where the run of a notebook stands.</summary>
/// <param name="Notebook">The file.</param>
/// <param name="Cell">The cell that has just ended, from 1, counting all cells.</param>
/// <param name="CellCount">Number of all cells.</param>
/// <param name="Seconds">What it took.</param>
public sealed record NotebookProgress(string Notebook, int Cell, int CellCount, double Seconds);

/// <summary>A cell of a notebook failed, or took too long. The message has its number, its source and the error.</summary>
public sealed class NotebookFailedException : Exception
{
    /// <summary>A failure without a message; prefer the others.</summary>
    public NotebookFailedException() { }

    /// <summary>A failure with what the user reads.</summary>
    public NotebookFailedException(string message) : base(message) { }

    /// <summary>A failure with what the user reads, and the failure behind it.</summary>
    public NotebookFailedException(string message, Exception inner) : base(message, inner) { }
}

/// <summary>Executes notebooks without a front end, and writes copies with their outputs.</summary>
public sealed class NotebookRunner
{
    const int MostSourceLines = 12;

    /// <summary>Most seconds for a cell; null for no limit. More than 0.</summary>
    public double? TimeoutSeconds
    {
        get;
        init => field = value is null or > 0 and <= 1e6
            ? value
            : throw new UserErrorException($"--timeout {value} is not allowed: it must be seconds, more than 0 and at most 1,000,000.");
    }

    /// <summary>Values for variables of the cell tagged "parameters".</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Whether the copies keep static pictures alone: without the charts' scripts, which take megabytes, a file can be committed.
    /// </summary>
    public bool Static { get; init; }

    /// <summary>Told after each cell.</summary>
    public IProgress<NotebookProgress>? Progress { get; init; }

    /// <summary>
    /// Told what to say when a cell ends the process: then nothing comes back, and the copy is written before the process is gone.
    /// </summary>
    public Action<string>? Exiting { get; init; }

    /// <summary>Makes what runs the cells; a fresh one for each notebook.</summary>
    public Func<ICellHost> CreateHost { get; init; } = () => new CellHost();

    /// <summary>Runs a notebook in its own folder. The copy is written also when a cell fails, with what there is.</summary>
    /// <param name="path">The notebook; it stays as it is.</param>
    /// <param name="outputPath">The copy.</param>
    /// <param name="cancel">Stops the run; nothing is written then.</param>
    /// <exception cref="UserErrorException">The file is no notebook, or a parameter does not fit.</exception>
    /// <exception cref="NotebookFailedException">A cell failed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> asked for it.</exception>
    public async Task RunAsync(string path, string outputPath, CancellationToken cancel = default)
    {
        path = Path.GetFullPath(path);
        outputPath = Path.GetFullPath(outputPath);
        if (path == outputPath)
        {
            throw new UserErrorException($"{path}: the copy would replace the notebook itself. Choose another folder with --out.");
        }
        Notebook notebook = Notebook.Read(path);
        string name = Path.GetFileName(path);
        if (notebook.Language is { } language && language is not ("C#" or "F#" or "csharp" or "fsharp" or "polyglot-notebook"))
        {
            throw new UserErrorException($"{name} is a notebook for {language}; only C# and F# are run. "
                + "Choose the kernel '.NET (C#)' in it.");
        }
        NotebookParameters.Inject(notebook, name, Parameters);
        AtomicFile.RequireFolder(Path.GetDirectoryName(outputPath)!);

        string folder = Environment.CurrentDirectory;
        Environment.CurrentDirectory = Path.GetDirectoryName(path)!;        // paths in cells start at the notebook's folder
        RecordedDisplays displays = new();
        CellUnderWay? current = null;
        AppDomain.CurrentDomain.ProcessExit += EndWithTheProcess;
        try
        {
            string? failure = await RunCellsAsync(notebook, path, displays, cell => current = cell, cancel);
            Write();
            if (failure is not null) { throw new NotebookFailedException(failure); }
        }
        finally
        {
            AppDomain.CurrentDomain.ProcessExit -= EndWithTheProcess;
            Environment.CurrentDirectory = folder;
        }

        void Write()
        {
            lock (displays.Gate)
            {
                if (Static)
                {
                    foreach (NotebookCell cell in notebook.Cells) { cell.RemoveScripts(); }
                }
                notebook.Write(outputPath);
            }
        }

        // Comes while a cell runs when the cell itself calls Environment.Exit.
        void EndWithTheProcess(object? sender, EventArgs e)
        {
            if (current is not { } cell || cancel.IsCancellationRequested) { return; }
            string message = $"The cell ended the process with exit code {Environment.ExitCode}; no cell behind it was run.";
            CellResult ended = new(false, null, "ProcessExit", message, [$"ProcessExit: {message}"]);
            cell.Cell.SetOutputs(cell.Count, cell.Outputs.Finish(ended, cell.Count));
            Write();
            Exiting?.Invoke(Failure(path, cell.Number, notebook.Cells.Count, cell.Cell.Source, ended, late: false));
        }
    }

    /// <summary>The cell that runs.</summary>
    /// <param name="Cell">The cell.</param>
    /// <param name="Number">From 1, among all cells.</param>
    /// <param name="Count">From 1, among those that were run.</param>
    /// <param name="Outputs">What it has shown so far.</param>
    sealed record CellUnderWay(NotebookCell Cell, int Number, int Count, RecordedOutputs Outputs);

    // What is wrong with the cell that failed; null when all went well. Cells behind it keep no outputs.
    async Task<string?> RunCellsAsync(Notebook notebook, string path, RecordedDisplays displays, Action<CellUnderWay?> tell,
        CancellationToken cancel)
    {
        IReadOnlyList<NotebookCell> cells = notebook.Cells;
        foreach (NotebookCell cell in cells.Where(cell => cell.IsCode)) { cell.SetOutputs(null, []); }
        await using ICellHost host = CreateHost();
        int count = 0;
        for (int at = 0; at < cells.Count; at++)
        {
            NotebookCell cell = cells[at];
            if (!cell.IsCode || string.IsNullOrWhiteSpace(cell.Source)) { continue; }
            Stopwatch time = Stopwatch.StartNew();
            RecordedOutputs outputs = new(displays);
            using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            if (TimeoutSeconds is { } seconds) { limit.CancelAfter(TimeSpan.FromSeconds(seconds)); }
            tell(new(cell, at + 1, ++count, outputs));
            CellResult result = await host.RunAsync(cell.Source, outputs, limit.Token);
            tell(null);
            cancel.ThrowIfCancellationRequested();
            cell.SetOutputs(count, outputs.Finish(result, count));
            if (!result.Succeeded) { return Failure(path, at + 1, cells.Count, cell.Source, result, limit.IsCancellationRequested); }
            Progress?.Report(new(path, at + 1, cells.Count, time.Elapsed.TotalSeconds));
        }
        return null;
    }

    string Failure(string path, int number, int cellCount, string source, CellResult result, bool late)
    {
        string[] lines = source.ReplaceLineEndings("\n").Split('\n');
        IEnumerable<string> shown = lines.Take(MostSourceLines).Select(line => $"    {line}");
        if (lines.Length > MostSourceLines) { shown = shown.Append($"    … {Counted.Of(lines.Length - MostSourceLines, "more line")}"); }
        string error = late
            ? FormattableString.Invariant($"It took more than {TimeoutSeconds} s. Give a longer --timeout, ")
                + "or make the cell's work smaller."
            : string.Join('\n', result.Traceback is { Count: > 0 } trace ? trace : [$"{result.ErrorName}: {result.ErrorMessage}"]);
        return $"{Path.GetFileName(path)}, cell {number} of {cellCount} failed:\n{string.Join('\n', shown)}\n{error}";
    }
}
