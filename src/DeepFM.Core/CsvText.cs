namespace DeepFM;

/// <summary>Cells of comma-separated values, quoted as RFC 4180 has it.</summary>
static class CsvText
{
    /// <summary>
    /// The cell, in quotes where it could be taken for several, or for several lines, and where it has blanks at an end, which some
    /// readers trim.
    /// </summary>
    public static string Quoted(string cell) => cell.AsSpan().ContainsAny(",\"\r\n") || cell.AsSpan().Trim().Length != cell.Length
        ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
