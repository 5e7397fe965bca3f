namespace DeepFM.Notebooks.Execution;

/// <summary>What lasts for all cells of one host, beside the languages' own state.</summary>
sealed class SessionState
{
    readonly Lock gate = new();
    readonly Dictionary<string, (int Number, string Code)> carriers = [];

    /// <summary>
    /// Whether what a page needs once, such as a script library, must go with what this cell shows now: no cell has brought it yet, or
    /// the cell that did is run again, so that its old output goes away.
    /// </summary>
    /// <param name="what">The name of what is needed.</param>
    /// <param name="cell">The cell that asks.</param>
    public bool MustCarry(string what, CellContext cell)
    {
        lock (gate)
        {
            if (carriers.TryGetValue(what, out (int Number, string Code) by) && (by.Number == cell.Number || by.Code != cell.Code)) { return false; }
            carriers[what] = (cell.Number, cell.Code);
            return true;
        }
    }

    /// <summary>What a cell has shown is replaced or cleared: what it brought must come with the next.</summary>
    public void Lose(CellContext cell)
    {
        lock (gate)
        {
            foreach (string what in carriers.Where(by => by.Value.Number == cell.Number).Select(by => by.Key).ToArray())
            {
                carriers[what] = (0, cell.Code);
            }
        }
    }
}
