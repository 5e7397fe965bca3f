namespace DeepFM.Cli;

/// <summary>Columns of text, each as wide as its longest cell.</summary>
static class TextTable
{
    /// <summary>Writes the rows; all have as many cells as the first.</summary>
    public static void Print(TextWriter output, IReadOnlyList<string[]> rows)
    {
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows)
        {
            output.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }
}
