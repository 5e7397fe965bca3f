using System.Text;
using System.Text.RegularExpressions;
using DeepFM.Research.Reporting.Drawing;

namespace DeepFM.Research.Reporting.Page;

/// <summary>A table as HTML: in a box of its own, which scrolls when the page is narrow.</summary>
static partial class HtmlTable
{
    /// <summary>The figure element with caption, table, notes and the link to its CSV.</summary>
    public static string Of(ResultTable table)
    {
        ReportCheck.Table(table);
        StringBuilder html = new();
        html.Append($"<figure class=\"table\" id=\"{table.Name}\">\n<figcaption>{Html.Escape(table.Title)}</figcaption>\n");
        html.Append($"<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{Html.Escape(table.Title)}\">\n<table>\n<thead><tr>");
        HtmlColumn[] columns = [.. table.Columns.Select((_, at) => new HtmlColumn(table, at))];
        foreach (HtmlColumn column in columns) { html.Append(column.Heading()); }
        html.Append("</tr></thead>\n<tbody>\n");
        for (int row = 0; row < table.Rows.Count; row++)
        {
            html.Append("<tr>").AppendJoin("", columns.Select(column => column.Cell(row))).Append("</tr>\n");
        }
        html.Append("</tbody>\n</table>\n</div>\n");
        foreach (string note in table.Notes) { html.Append($"<p class=\"note\">{Html.Escape(note)}</p>\n"); }
        return html.Append($"<p class=\"files\"><a href=\"{table.Name}.csv\">{table.Name}.csv</a></p>\n</figure>\n").ToString();
    }

    sealed partial class HtmlColumn
    {
        readonly ResultTable table;
        readonly ResultColumn column;
        readonly int at;
        readonly bool numeric;
        readonly IReadOnlySet<int> best;
        readonly double tail;

        public HtmlColumn(ResultTable table, int at)
        {
            (this.table, this.at, column) = (table, at, table.Columns[at]);
            numeric = CellText.IsNumeric(table, at);
            best = CellText.BestRows(table, at);
            tail = table.Rows.Where(row => CellText.IsNumber(row[at])).Select(row => Width(Split(CellText.Of(row[at], column)).Tail))
                .DefaultIfEmpty(0).Max() * (best.Count > 0 ? 1.08 : 1);
        }

        public string Heading()
        {
            string published = column.Published && !CellText.SaysPublished(column.Title) ? " <small>published</small>" : "";
            return $"<th scope=\"col\"{Class()}>{Unit().Replace(Html.Escape(column.Title), ",&nbsp;$1")}{published}</th>";
        }

        public string Cell(int row)
        {
            object? cell = table.Rows[row][at];
            string text = CellText.Of(cell, column), inner = Strong(text, row);
            if (CellText.IsNumber(cell) && tail > 0)
            {
                // The part from the decimal point on has one width in all rows, so that the points stand below each other.
                (string head, string rest) = Split(text);
                inner = $"{Strong(head, row)}<span class=\"tail\" style=\"width:{SvgShapes.Px(tail)}ch\">{Strong(rest, row)}</span>";
            }
            return at == 0 && !numeric ? $"<th scope=\"row\"{Class()}>{inner}</th>" : $"<td{Class()}>{inner}</td>";
        }

        string Strong(string text, int row) => !best.Contains(row) || text.Length == 0
            ? Html.Escape(text)
            : $"<strong>{Html.Escape(text)}</strong>";

        // In widths of a digit; points and blanks are about half as wide, and ± is wider.
        static double Width(string tail) => tail.Sum(c => c is '.' or ' ' or ',' ? 0.55 : c is '±' or '%' ? 1.4 : 1);

        string Class() => (numeric, column.Published) switch
        {
            (true, true) => " class=\"number published\"",
            (true, false) => " class=\"number\"",
            (false, true) => " class=\"published\"",
            _ => "",
        };

        // A unit stays on the line of what it measures.
        [GeneratedRegex(@", (\S{1,4})$")]
        private static partial Regex Unit();

        static (string Head, string Tail) Split(string number)
        {
            int point = number.AsSpan().IndexOfAny(". ");
            return point < 0 ? (number, "") : (number[..point], number[point..]);
        }
    }
}
