using System.Text;
using DeepFM.Research.Reporting.Page;
using Microsoft.Data.Analysis;

namespace DeepFM.Research.Reporting;

/// <summary>A table of results as text, and as a data frame. Title and notes are left to the caller but in Markdown.</summary>
public static class ResultTableText
{
    /// <summary>Markdown: title, table, notes. Numbers are aligned right, the best of a column is bold.</summary>
    /// <exception cref="ArgumentException">A row has another length than the columns, or two columns have one name.</exception>
    public static string ToMarkdown(ResultTable table)
    {
        ReportCheck.Table(table);
        StringBuilder text = new();
        text.Append($"**{MarkdownText.Escape(table.Title)}**\n\n");
        AppendMarkdownRows(text, table);
        foreach (string note in table.Notes) { text.Append($"\n{MarkdownText.Escape(note)}\n"); }
        return text.ToString();
    }

    /// <summary>Aligned columns for a terminal, without title and notes; headings are broken at blanks to save width.</summary>
    /// <exception cref="ArgumentException">A row has another length than the columns, or two columns have one name.</exception>
    public static string ToText(ResultTable table)
    {
        ReportCheck.Table(table);
        return TerminalTable.Of(table);
    }

    /// <summary>CSV with a header: all digits, RFC 4180 quoting; a spread is two columns, <c>_mean</c> and <c>_deviation</c>.</summary>
    /// <exception cref="ArgumentException">A row has another length than the columns, or two columns have one name.</exception>
    public static string ToCsv(ResultTable table)
    {
        IReadOnlyList<FlatColumn> columns = FlatTable.Of(table);
        StringBuilder text = new();
        Csv.AppendLine(text, columns.Select(column => column.Name));
        for (int row = 0; row < table.Rows.Count; row++) { Csv.AppendLine(text, columns.Select(column => column.Cells[row])); }
        return text.ToString();
    }

    /// <summary>A data frame with the columns of the CSV: numbers as double, integers as long, all else as text.</summary>
    /// <exception cref="ArgumentException">A row has another length than the columns, or two columns have one name.</exception>
    public static DataFrame ToDataFrame(ResultTable table) => new(FlatTable.Of(table).Select(ToColumn));

    static DataFrameColumn ToColumn(FlatColumn column)
    {
        IFormatProvider invariant = System.Globalization.CultureInfo.InvariantCulture;
        if (!column.IsNumeric || column.Cells.All(cell => cell is null))
        {
            return new StringDataFrameColumn(column.Name, column.Cells.Select(cell => Convert.ToString(cell, invariant)));
        }
        return column.Cells.All(cell => cell is null or int or long or uint or short or byte)
            ? new Int64DataFrameColumn(column.Name,
                column.Cells.Select(cell => cell is null ? null : (long?)Convert.ToInt64(cell, invariant)))
            : new DoubleDataFrameColumn(column.Name,
                column.Cells.Select(cell => cell is null ? null : (double?)Convert.ToDouble(cell, invariant)));
    }

    static void AppendMarkdownRows(StringBuilder text, ResultTable table)
    {
        IReadOnlySet<int>[] best = [.. table.Columns.Select((_, at) => CellText.BestRows(table, at))];
        text.Append($"| {string.Join(" | ", table.Columns.Select(column => MarkdownText.Escape(CellText.Heading(column))))} |\n");
        text.Append($"|{string.Concat(table.Columns.Select((_, at) => CellText.IsNumeric(table, at) ? "---:|" : "---|"))}\n");
        for (int row = 0; row < table.Rows.Count; row++)
        {
            text.Append('|');
            for (int at = 0; at < table.Columns.Count; at++)
            {
                string cell = MarkdownText.Escape(CellText.Of(table.Rows[row][at], table.Columns[at]));
                text.Append(best[at].Contains(row) ? $" **{cell}** |" : $" {cell} |");
            }
            text.Append('\n');
        }
    }
}
