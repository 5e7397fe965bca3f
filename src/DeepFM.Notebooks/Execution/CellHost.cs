using System.Diagnostics;
using DeepFM.Notebooks.Display;
using DeepFM.Notebooks.Languages;
using DeepFM.Notebooks.Languages.CSharp;
using DeepFM.Notebooks.Languages.FSharp;
using DeepFM.Notebooks.Magics;
using DeepFM.Training;

namespace DeepFM.Notebooks.Execution;

/// <summary>Runs C# and F# cells, and the parts of other kinds that a page shows.</summary>
public sealed class CellHost : ICellHost
{
    static readonly Lazy<Task> warm = new(() => Task.Run(WarmUpAsync));

    readonly SessionState session = new();
    readonly SemaphoreSlim turn = new(1);
    readonly CSharpSession csharp = new();
    readonly FSharpSession fsharp = new();
    readonly CSharpServices services;
    readonly FSharpServices fsharpServices;
    readonly MagicCommands magics;
    int number;

    /// <summary>A host without any state yet. It costs little: the compiler starts in the background.</summary>
    public CellHost()
    {
        services = new(csharp);
        fsharpServices = new(fsharp);
        magics = new(Existing);
        _ = warm.Value;
    }

    /// <summary>With cells that are interrupted.</summary>
    internal CellPatience Patience { get; set; } = CellPatience.Standard;

    /// <inheritdoc/>
    public async Task<CellResult> RunAsync(string code, ICellOutput output, CancellationToken cancel)
    {
        try
        {
            await turn.WaitAsync(cancel);
            try
            {
                await warm.Value.WaitAsync(cancel);
                ConsoleRouting.Ensure();
                CellThread thread = new(Patience);
                CellContext cell = new(++number, code, output, session, thread.Cancellation);
                return await thread.RunAsync(() => RunAsync(cell), line => cell.Write("stderr", line), cell.Abandon, cancel);
            }
            finally { turn.Release(); }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return ErrorReport.OfInterrupt("The cell was interrupted.", []);    // before it began
        }
    }

    /// <inheritdoc/>
    public async Task<Completions> CompleteAsync(string code, int position, CancellationToken cancel)
    {
        position = Math.Clamp(position, 0, code.Length);
        int line = code.LastIndexOf('\n', Math.Max(0, position - 1), position == 0 ? 0 : position) + 1;
        string before = code[line..position];
        if (before.StartsWith("#!", StringComparison.Ordinal) && !before.Contains(' '))
        {
            return new(line, position, [.. MagicCommands.Beginning(before[2..]).Select(name => new CompletionItem($"#!{name}", "magic"))]);
        }
        string text = Only(code, position, out string? language);
        return language switch
        {
            "csharp" => await services.CompleteAsync(text, position, cancel),
            "fsharp" => await fsharpServices.CompleteAsync(text, position, cancel),
            _ => new(position, position, []),
        };
    }

    /// <inheritdoc/>
    public async Task<MimeBundle?> InspectAsync(string code, int position, CancellationToken cancel)
    {
        position = Math.Clamp(position, 0, code.Length);
        string text = Only(code, position, out string? language);
        return language switch
        {
            "csharp" => await services.InspectAsync(text, position, cancel),
            "fsharp" => await fsharpServices.InspectAsync(text, position, cancel),
            _ => null,
        };
    }

    /// <inheritdoc/>
    public Completeness IsComplete(string code)
    {
        IReadOnlyList<CellPart> parts;
        try { parts = CellParts.Of(code); }
        catch (CellFailedException) { return new("invalid"); }
        return parts is not [.., CodePart last] ? new("complete") : last.Language switch
        {
            "csharp" => CSharpServices.IsComplete(last.Code),
            "fsharp" => FSharpServices.IsComplete(last.Code),
            _ => new("complete"),
        };
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await fsharp.DisposeAsync();
        services.Dispose();
        await csharp.DisposeAsync();
        turn.Dispose();
    }

    ICellLanguage? Existing(string name) => name switch
    {
        "csharp" => csharp,
        "fsharp" => fsharp,
        _ => null,
    };

    async Task<CellResult> RunAsync(CellContext cell)
    {
        CellContext.Current = cell;
        AmbientCancellation.Token = cell.Cancellation;
        Stopwatch time = Stopwatch.StartNew();
        try
        {
            IReadOnlyList<CellPart> parts = CellParts.Of(cell.Code);
            object? value = null;
            bool timed = false;
            foreach (CellPart part in parts)
            {
                if (value is not null) { cell.Display(Bundles.Of(value), null); }
                value = null;
                cell.Cancellation.ThrowIfCancellationRequested();
                switch (part)
                {
                    case MagicPart { Call.Name: "time" }: timed = true; break;
                    case MagicPart magic: await magics.RunAsync(magic.Call, magic.Language, cell); break;
                    case CodePart text when Existing(text.Language) is { } language:
                        value = await language.RunAsync(text.Code, cell);
                        if (value is DisplayedValue) { value = null; }          // the cell has shown it itself
                        break;
                    case CodePart text: PageParts.Show(text, cell); break;
                }
            }
            MimeBundle? bundle = value is null ? null : Bundles.Of(value);
            if (timed)
            {
                string taken = FormattableString.Invariant($"Wall time: {time.Elapsed.TotalMilliseconds:0.0} ms");
                cell.Display(Bundles.Of(Bundles.PlainText, taken), null);
            }
            return new(true, bundle);
        }
        catch (Exception error)
        {
            return ErrorReport.Of(error, cell);
        }
    }

    // The parts in the language at a position, in their places, with blanks for the rest; no language on the line of a magic.
    static string Only(string code, int position, out string? language)
    {
        string[] lines = code.Split('\n');
        string[] languages = new string[lines.Length];
        string current = "csharp";
        for (int i = 0, start = 0; i < lines.Length; i++)
        {
            bool magic = MagicLines.EndsInCommand(lines.AsSpan(start..(i + 1)), current);
            if (magic) { start = i + 1; }
            if (magic && CellParts.Languages.TryGetValue(MagicCall.Parse(lines[i].TrimEnd('\r'), i).Name, out string? next)) { current = next; }
            languages[i] = magic ? "" : current;
        }
        string wanted = languages[code.AsSpan(0, position).Count('\n')];
        language = wanted.Length == 0 ? null : wanted;
        return string.Join('\n', lines.Zip(languages, (line, own) => own == wanted ? line : new(' ', line.Length)));
    }

    static async Task WarmUpAsync()
    {
        Task formatters = Task.Run(() =>
        {
            NotebookExtensions.Register();
            Bundles.Of(1);
        });
        CSharpSession trial = new();
        CellContext cell = new(0, "", NoOutput.Instance, new(), CancellationToken.None);
        await trial.RunAsync("1", cell);
        await formatters;
    }

    sealed class NoOutput : ICellOutput
    {
        public static readonly NoOutput Instance = new();

        public void Stream(string name, string text) { }

        public void Display(MimeBundle bundle, string? displayId) { }

        public void UpdateDisplay(MimeBundle bundle, string displayId) { }

        public void Clear(bool wait) { }

        public Task<string> ReadLineAsync(string prompt, bool password, CancellationToken cancel) => Task.FromResult("");
    }
}
