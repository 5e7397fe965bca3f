using System.Text;

namespace DeepFM.Notebooks.Execution;

/// <summary>A running cell: where its output goes, and whether it shall stop. It flows into tasks that the cell starts.</summary>
sealed class CellContext : IDisposable
{
    /// <summary>Longest time that text waits for more text, in milliseconds.</summary>
    internal const int FlushMilliseconds = 50;

    /// <summary>Most characters that are kept together: a cell that prints 100 MB stays small in memory.</summary>
    const int FlushLength = 1 << 15;

    static readonly AsyncLocal<CellContext?> current = new();
    readonly ICellOutput output;
    readonly Lock gate = new();
    readonly StringBuilder pending = new();
    readonly Timer flush;
    string pendingName = "";
    bool abandoned, ended;

    public CellContext(int number, string code, ICellOutput output, SessionState session, CancellationToken cancellation)
    {
        (Number, Code, this.output, Session, Cancellation) = (number, code, output, session, cancellation);
        flush = new(_ => Flush());
    }

    /// <summary>The cell that runs here; null outside one.</summary>
    public static CellContext? Current
    {
        get => current.Value;
        set => current.Value = value;
    }

    /// <summary>From 1, in the order of execution.</summary>
    public int Number { get; }

    /// <summary>What the user wrote.</summary>
    public string Code { get; }

    /// <summary>What lasts longer than a cell.</summary>
    public SessionState Session { get; }

    /// <summary>Asked for when the cell shall stop.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>The name of the cell in compiled code, error messages and tracebacks.</summary>
    public string Path => PathOf(Number);

    /// <summary>"cell 3".</summary>
    public static string PathOf(int number) => $"cell {number}";

    /// <summary>
    /// Adds text to the standard output or error; it is passed on soon, or when there is much of it. What the cell has left
    /// running in the background passes it on at once.
    /// </summary>
    public void Write(string name, string text)
    {
        if (text.Length == 0) { return; }
        lock (gate)
        {
            if (name != pendingName) { FlushLocked(); }
            pendingName = name;
            if (pending.Length == 0 && !ended) { flush.Change(FlushMilliseconds, Timeout.Infinite); }
            pending.Append(text);
            if (ended || pending.Length >= FlushLength) { FlushLocked(); }
        }
    }

    /// <summary>Passes waiting text on.</summary>
    public void Flush()
    {
        lock (gate) { FlushLocked(); }
    }

    /// <summary>Shows something, after the text before it.</summary>
    public void Display(MimeBundle bundle, string? displayId) => Pass(to => to.Display(bundle, displayId));

    /// <summary>Replaces what was shown under an id.</summary>
    public void UpdateDisplay(MimeBundle bundle, string displayId) => Pass(to => to.UpdateDisplay(bundle, displayId));

    /// <summary>Clears the cell's output.</summary>
    public void Clear(bool wait) => Pass(to => to.Clear(wait));

    /// <summary>Asks the user for a line.</summary>
    public Task<string> ReadLineAsync(string prompt, bool password)
    {
        Flush();
        return output.ReadLineAsync(prompt, password, Cancellation);
    }

    /// <summary>Drops all that the cell still writes: it was given up, and its number belongs to the past.</summary>
    public void Abandon()
    {
        lock (gate)
        {
            FlushLocked();
            abandoned = true;
        }
    }

    /// <summary>The cell has ended. What it left running still writes under it, each text at once.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            FlushLocked();
            ended = true;
        }
        flush.Dispose();
    }

    void Pass(Action<ICellOutput> to)
    {
        lock (gate)
        {
            FlushLocked();
            if (!abandoned) { to(output); }
        }
    }

    void FlushLocked()
    {
        if (pending.Length == 0) { return; }
        string text = pending.ToString();
        pending.Clear();
        if (!abandoned) { output.Stream(pendingName, text); }
    }
}
