using System.Text.Json;
using DeepFM.Data.Schemas;

namespace DeepFM.Data.Reading;

/// <summary>What would help when lines do not have the columns that a schema expects of them.</summary>
static class LineAdvice
{
    /// <summary>The way out for a file whose first line is a header, and whose schema names the columns itself.</summary>
    public const string ForHeader = "set \"skipLines\": 1 in the schema's source or, for csv and tsv, \"header\": true in place of \"columns\".";

    const string Separators = ",;\t| ";

    /// <summary>A sentence about the separator that the line seems to have; null when it seems to have that of the schema.</summary>
    /// <param name="source">What the schema says of the file.</param>
    /// <param name="line">A line in which its separator does not occur.</param>
    /// <param name="columns">Cells that the line should have; null when any number will do.</param>
    public static string? ForSeparator(SourceSpec source, string line, int? columns)
    {
        if (source.Format != SourceFormat.Delimited) { return null; }
        char found = Separators.FirstOrDefault(candidate => candidate != (char)source.Separator
            && line.Count(c => c == candidate) is > 0 and int count && (columns is null || count + 1 == columns));
        return found == default ? null
            : $"Its cells seem to be separated by {(found == '\t' ? "tabs" : found == ' ' ? "blanks" : $"'{found}'")}: "
                + $"set \"separator\": {JsonSerializer.Serialize(found.ToString())} in the schema's source.";
    }

    /// <summary>What would help when a column is not in a header; begins with a blank.</summary>
    /// <param name="source">What the schema says of the file.</param>
    /// <param name="column">The column that is not there.</param>
    /// <param name="wanted">All columns that the schema reads.</param>
    /// <param name="names">The cells of the first line.</param>
    public static string ForColumn(SourceSpec source, string column, IEnumerable<string> wanted, IReadOnlyCollection<string> names)
    {
        if (names.Count == 1 && ForSeparator(source, names.First(), columns: null) is { } separator) { return $". {separator}"; }
        if (names.FirstOrDefault(name => name != column && name.Trim(' ') == column) is { } spaced)
        {
            return $": it is there as '{ShownText.Short(spaced)}'. Set \"trim\": true in the schema's source, which drops the blanks "
                + "around cells.";
        }
        if (names.FirstOrDefault(name => name.Equals(column, StringComparison.OrdinalIgnoreCase)) is { } cased)
        {
            return $": it is there as '{ShownText.Short(cased)}'. Capital and small letters differ: write it so in the schema.";
        }
        if (source.Quote is null && names.FirstOrDefault(name => name.Trim('"') == column) is { } quoted)
        {
            return $": it is there as '{ShownText.Short(quoted)}'. Set \"quote\": \"\\\"\" in the schema's source.";
        }
        if (!wanted.Any(names.Contains))
        {
            return $"{NearestName.Hint(column, names)} No column of the schema is there. Is the first line a header? If not, give "
                + "\"columns\" in place of \"header\": true. If so, is the schema's separator the file's?";
        }
        return NearestName.Hint(column, names);
    }

    /// <summary>Refuses a first line that is a header where the schema names the columns itself.</summary>
    /// <param name="file">The file, for the message.</param>
    /// <param name="line">The line's number.</param>
    /// <param name="columns">The names that the schema gives.</param>
    /// <param name="cells">The cells of the line.</param>
    /// <exception cref="UserErrorException">More than half of its cells, and at least two, are the names of their columns.</exception>
    public static void RequireNoHeader(string file, long line, IReadOnlyList<string> columns, IReadOnlyList<string> cells)
    {
        int alike = columns.Zip(cells, (column, cell) => cell.Trim(' ', '"').Equals(column, StringComparison.OrdinalIgnoreCase)).Count(same => same);
        if (alike >= 2 && 2 * alike > cells.Count)
        {
            throw new UserErrorException($"{file}, line {line}: this is a header, but the schema names the columns itself: {ForHeader}");
        }
    }
}
