namespace DeepFM.Notebooks.Execution;

/// <summary>What lasts for all cells of one host, beside the languages' own state.</summary>
sealed class SessionState
{
    readonly Lock gate = new();
    readonly Dictionary<string, string> carriers = [];

    /// <summary>
    /// Whether what a page needs once, such as a script library, must go with this cell's output: no cell has brought it yet,
    /// or the cell that did is run again, so that its old output goes away.
    /// </summary>
    /// <param name="what">The name of what is needed.</param>
    /// <param name="code">The code of the cell that asks.</param>
    public bool MustCarry(string what, string code)
    {
        lock (gate)
        {
            return carriers.TryAdd(what, code) || carriers[what] == code;
        }
    }
}
