using System.Globalization;
using System.Text;

namespace DeepFM.Research.Reporting;

/// <summary>A table in aligned columns: texts to the left, numbers on their decimal point.</summary>
static class TerminalTable
{
    const string Between = "  ";

    public static string Of(ResultTable table)
    {
        string[][] columns = [.. table.Columns.Select((column, at) => Cells(table, column, at))];
        string[][] headings = [.. table.Columns.Select((column, at) => Heading(CellText.Heading(column), WidthOf(columns[at])))];
        int headingLines = headings.Max(lines => lines.Length);
        int[] widths = [.. columns.Zip(headings, (cells, lines) => Math.Max(WidthOf(cells), WidthOf(lines)))];
        bool[] right = [.. table.Columns.Select((_, at) => CellText.IsNumeric(table, at))];

        StringBuilder text = new();
        for (int line = 0; line < headingLines; line++)
        {
            // Headings stand on the rule: a short one has its blank lines above.
            AppendLine(text, headings.Select(lines => lines.ElementAtOrDefault(line - headingLines + lines.Length) ?? ""), widths, right);
        }
        text.AppendJoin(Between, widths.Select(width => new string('─', width))).Append('\n');
        for (int row = 0; row < table.Rows.Count; row++)
        {
            AppendLine(text, columns.Select(cells => cells[row]), widths, right);
        }
        return text.ToString();
    }

    /// <summary>Columns that the text takes up on a terminal.</summary>
    public static int Width(string text) => new StringInfo(text).LengthInTextElements;

    static int WidthOf(IEnumerable<string> texts) => texts.Select(Width).DefaultIfEmpty(0).Max();

    static string[] Cells(ResultTable table, ResultColumn column, int at)
    {
        string[] texts = [.. table.Rows.Select(row => ShownText.Of(CellText.Of(row[at], column).ReplaceLineEndings(" ")))];
        if (!CellText.IsNumeric(table, at)) { return texts; }
        // On the decimal point: all get the longest tail's width.
        int tail = texts.Where((_, row) => CellText.IsNumber(table.Rows[row][at])).Select(TailLength).Max();
        return [.. texts.Select((text, row) => CellText.IsNumber(table.Rows[row][at])
            ? text + new string(' ', tail - TailLength(text))
            : text)];
    }

    // Of the decimal point, the digits behind it and the deviation.
    static int TailLength(string number)
    {
        int point = number.AsSpan().IndexOfAny(". ");
        return point < 0 ? 0 : number.Length - point;
    }

    static string[] Heading(string heading, int width)
    {
        List<string> lines = [];
        foreach (string word in ShownText.Of(heading.ReplaceLineEndings(" ")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (lines.Count > 0 && Width(lines[^1]) + 1 + Width(word) <= Math.Max(width, 12)) { lines[^1] += " " + word; }
            else { lines.Add(word); }
        }
        return [.. lines];
    }

    static void AppendLine(StringBuilder text, IEnumerable<string> cells, int[] widths, bool[] right)
    {
        string line = string.Join(Between, cells.Select((cell, at) =>
        {
            string blanks = new(' ', Math.Max(0, widths[at] - Width(cell)));
            return right[at] ? blanks + cell : cell + blanks;
        }));
        text.Append(line.TrimEnd()).Append('\n');
    }
}
