namespace DeepFM.Cli;

/// <summary>Columns of text, each as wide as its longest cell.</summary>
static class TextTable
{
    /// <summary>Writes the rows; all have as many cells as the first. Control characters of a cell are written out.</summary>
    public static void Print(TextWriter output, IReadOnlyList<string[]> rows)
    {
        string[][] shown = [.. rows.Select(row => row.Select(ShownText.Of).ToArray())];
        int[] widths = [.. Enumerable.Range(0, shown[0].Length).Select(column => shown.Max(row => row[column].Length))];
        foreach (string[] row in shown)
        {
            output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }
}
