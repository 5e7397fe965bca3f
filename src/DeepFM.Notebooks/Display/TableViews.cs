using System.Globalization;
using DeepFM.Research.Reporting;
using Microsoft.Data.Analysis;
using static System.FormattableString;

namespace DeepFM.Notebooks.Display;

/// <summary>How tables are shown.</summary>
static class TableViews
{
    /// <summary>Rows of a data frame that are shown.</summary>
    const int MostRows = 20;

    /// <summary>A table of results.</summary>
    public static View Of(ResultTable table)
    {
        View view = View.Table(
            [.. table.Columns.Select((column, at) => (CellText.IsNumeric(table, at) ? "" : " ") + CellText.Heading(column))],
            [.. table.Rows.Select(row => table.Columns.Select((column, at) => CellText.Of(row[at], column)).ToArray())],
            [.. table.Notes]);
        return new(ResultTableText.ToText(table), View.Stack(View.Line(table.Title), view).Html);
    }

    /// <summary>A data frame: its first rows, and how many there are.</summary>
    public static View Of(DataFrame frame)
    {
        int shown = (int)Math.Min(MostRows, frame.Rows.Count);
        bool[] numeric = [.. frame.Columns.Select(column => column.IsNumericColumn())];
        string more = frame.Rows.Count > shown ? Invariant($", the first {shown} shown") : "";
        return View.Table(
            [.. frame.Columns.Select((column, at) => (numeric[at] ? "" : " ") + column.Name)],
            [.. Enumerable.Range(0, shown).Select(row => frame.Columns.Select(column => Cell(column[row])).ToArray())],
            $"{Counted.Of(frame.Rows.Count, "row")} × {Counted.Of(frame.Columns.Count, "column")}{more}");
    }

    static string Cell(object? value) => value switch
    {
        null => CellText.Missing,
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
