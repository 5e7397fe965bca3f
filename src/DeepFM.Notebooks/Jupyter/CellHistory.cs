using System.IO.Enumeration;

namespace DeepFM.Notebooks.Jupyter;

/// <summary>One cell that was run.</summary>
/// <param name="Line">Its execution count, from 1.</param>
/// <param name="Code">What was run.</param>
/// <param name="Output">Its value as plain text; null when it had none.</param>
sealed record HistoryEntry(int Line, string Code, string? Output);

/// <summary>The cells that this kernel has run, the last <paramref name="capacity"/> of them.</summary>
sealed class CellHistory(int capacity = 10_000)
{
    const int OutputLimit = 4096;
    readonly Lock gate = new();
    readonly List<HistoryEntry> entries = [];

    /// <summary>Takes note of a cell; of a long output the beginning.</summary>
    public void Add(int line, string code, string? output)
    {
        if (output?.Length > OutputLimit) { output = output[..OutputLimit] + "…"; }
        lock (gate)
        {
            entries.Add(new(line, code, output));
            if (entries.Count > capacity) { entries.RemoveRange(0, Math.Max(1, capacity / 10)); }
        }
    }

    /// <summary>The last <paramref name="count"/> cells, oldest first.</summary>
    public IReadOnlyList<HistoryEntry> Tail(int count)
    {
        lock (gate) { return [.. entries.TakeLast(Math.Max(0, count))]; }
    }

    /// <summary>The cells with <paramref name="start"/> ≤ line &lt; <paramref name="stop"/>; without a stop, to the end.</summary>
    public IReadOnlyList<HistoryEntry> Range(int start, int? stop)
    {
        lock (gate) { return [.. entries.Where(entry => entry.Line >= start && !(entry.Line >= stop))]; }
    }

    /// <summary>The last cells whose code matches a pattern with * and ?, oldest first; all of them when there is no count.</summary>
    public IReadOnlyList<HistoryEntry> Search(string pattern, int? count, bool unique)
    {
        lock (gate)
        {
            IEnumerable<HistoryEntry> found = entries.Where(entry =>
                FileSystemName.MatchesSimpleExpression(pattern, entry.Code, ignoreCase: false));
            // Of equal cells the last one counts.
            if (unique) { found = found.Reverse().DistinctBy(entry => entry.Code).Reverse(); }
            return [.. count is { } last ? found.TakeLast(Math.Max(0, last)) : found];
        }
    }
}
