namespace DeepFM.Notebooks.Execution;

/// <summary>Runs cells one after the other and keeps their state: what a kernel or a notebook runner drives.</summary>
public interface ICellHost : IAsyncDisposable
{
    /// <summary>Runs one cell. Never throws for the user's errors: they are the result.</summary>
    /// <remarks>Ends within two seconds after <paramref name="cancel"/>, whatever the cell does.</remarks>
    Task<CellResult> RunAsync(string code, ICellOutput output, CancellationToken cancel);
    /// <summary>Completions at a position (UTF-16 index into code).</summary>
    Task<Completions> CompleteAsync(string code, int position, CancellationToken cancel);
    /// <summary>What is known about the symbol at a position, as a MIME bundle; null when there is none.</summary>
    Task<MimeBundle?> InspectAsync(string code, int position, CancellationToken cancel);
    /// <summary>Whether the code is whole: "complete", "incomplete" (with the indent of the next line), "invalid".</summary>
    Completeness IsComplete(string code);
}
/// <summary>Contents by MIME type; text/plain is always among them.</summary>
public sealed record MimeBundle(IReadOnlyDictionary<string, object> Data, IReadOnlyDictionary<string, object>? Metadata = null);
/// <summary>How a cell ended.</summary>
public sealed record CellResult(bool Succeeded, MimeBundle? Value, string? ErrorName = null, string? ErrorMessage = null,
    IReadOnlyList<string>? Traceback = null);
/// <summary>Completions that replace the text in [Start, End).</summary>
public sealed record Completions(int Start, int End, IReadOnlyList<CompletionItem> Items);
/// <summary>One completion and its kind, such as "method".</summary>
public sealed record CompletionItem(string Text, string? Kind);
/// <summary>Whether code is whole.</summary>
public sealed record Completeness(string Status, string Indent = "");
/// <summary>Where a running cell's output goes.</summary>
public interface ICellOutput
{
    /// <summary>Text of the standard output or error ("stdout", "stderr").</summary>
    void Stream(string name, string text);
    /// <summary>Shows something; with an id it can be updated.</summary>
    void Display(MimeBundle bundle, string? displayId);
    /// <summary>Replaces what was shown under an id.</summary>
    void UpdateDisplay(MimeBundle bundle, string displayId);
    /// <summary>Clears the cell's output.</summary>
    void Clear(bool wait);
    /// <summary>Asks the user for a line (stdin channel).</summary>
    Task<string> ReadLineAsync(string prompt, bool password, CancellationToken cancel);
}
