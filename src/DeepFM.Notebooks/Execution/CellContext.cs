namespace DeepFM.Notebooks.Execution;

/// <summary>A running cell: where its output goes, and whether it shall stop. It flows into tasks that the cell starts.</summary>
sealed class CellContext
{
    static readonly AsyncLocal<CellContext?> current = new();
    readonly ICellOutput output;
    readonly Lock gate = new();
    bool abandoned;

    public CellContext(int number, string code, ICellOutput output, SessionState session, CancellationToken cancellation) =>
        (Number, Code, this.output, Session, Cancellation) = (number, code, output, session, cancellation);

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
    /// Adds text to the standard output or error. It is passed on at once: whoever takes it joins it as suits him, and nothing of it is
    /// lost when the cell ends the process.
    /// </summary>
    public void Write(string name, string text)
    {
        if (text.Length > 0) { Pass(to => to.Stream(name, text)); }
    }

    /// <summary>Shows something, after the text before it.</summary>
    public void Display(MimeBundle bundle, string? displayId) => Pass(to => to.Display(bundle, displayId));

    /// <summary>Replaces what was shown under an id.</summary>
    public void UpdateDisplay(MimeBundle bundle, string displayId) => Pass(to => to.UpdateDisplay(bundle, displayId));

    /// <summary>Clears the cell's output.</summary>
    public void Clear(bool wait)
    {
        Session.Lose(this);
        Pass(to => to.Clear(wait));
    }

    /// <summary>Asks the user for a line.</summary>
    public Task<string> ReadLineAsync(string prompt, bool password) => output.ReadLineAsync(prompt, password, Cancellation);

    /// <summary>Drops all that the cell still writes or defines: it was given up, and its number belongs to the past.</summary>
    public void Abandon()
    {
        lock (gate) { abandoned = true; }
    }

    /// <summary>Does something to the session, whole, unless the cell was given up: then the session is that of later cells.</summary>
    /// <returns>Whether it was done.</returns>
    public bool Leave(Action change)
    {
        lock (gate)
        {
            if (!abandoned) { change(); }
            return !abandoned;
        }
    }

    void Pass(Action<ICellOutput> to) => Leave(() => to(output));
}
