using System.Globalization;
using DeepFM.Research.Reporting;
using DeepFM.Training;
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
        bool[] numeric = [.. table.Columns.Select((_, at) => table.Rows.Any(row => row[at] is Spread or IFormattable))];
        View view = View.Table(
            [.. table.Columns.Select((column, at) => (numeric[at] ? "" : " ") + column.Title)],
            [.. table.Rows.Select(row => table.Columns.Select((column, at) => Cell(row[at], column.Format)).ToArray())],
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
            [.. Enumerable.Range(0, shown).Select(row => frame.Columns.Select(column => Cell(column[row], null)).ToArray())],
            Invariant($"{frame.Rows.Count:N0} rows × {frame.Columns.Count} columns{more}"));
    }

    static string Cell(object? value, string? format) => value switch
    {
        null => "–",
        Spread { Deviation: { } deviation } spread => $"{Cell(spread.Mean, format)} ± {Cell(deviation, format)}",
        Spread spread => Cell(spread.Mean, format),
        IFormattable number => number.ToString(format, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
