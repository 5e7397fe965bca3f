using System.Net;
using System.Text;

namespace DeepFM.Notebooks.Display;

/// <summary>How a value is shown: as text and as HTML, which is made only when it is asked for.</summary>
/// <param name="Text">For viewers that show no HTML.</param>
/// <param name="Html">For pages. It needs no network.</param>
sealed record View(string Text, Func<string> Html)
{
    const int LongestLine = 28;

    /// <summary>Views one below the other.</summary>
    public static View Stack(params IReadOnlyList<View> views) => new(
        string.Join("\n\n", views.Select(view => view.Text).Where(text => text.Length > 0)),
        () => string.Concat(views.Select(view => $"<div>{view.Html()}</div>")));

    /// <summary>A line of text.</summary>
    public static View Line(string text) => new(text, () => $"<p>{WebUtility.HtmlEncode(text)}</p>");

    /// <summary>What is doubtful, a line each; nothing where nothing is.</summary>
    public static View Notices(IEnumerable<string> sentences)
    {
        string[] lines = [.. sentences.Select(sentence => $"Note: {sentence}")];
        return new(string.Join('\n', lines), () => string.Concat(lines.Select(line => $"<p><b>{WebUtility.HtmlEncode(line)}</b></p>")));
    }

    /// <summary>A picture, with its text for viewers without pictures.</summary>
    /// <remarks>An image element, not the SVG itself: pages that forbid scripts often drop SVG elements too.</remarks>
    public static View Picture(string svg, string text) => new(text, () => Image(svg, text));

    /// <summary>An SVG as an image element.</summary>
    public static string Image(string svg, string text) =>
        $"<img src=\"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(svg))}\" "
        + $"alt=\"{WebUtility.HtmlEncode(text.Split('\n')[0])}\" style=\"max-width:100%\" />";

    /// <summary>A table; cells of columns whose heading begins with a blank are aligned to the left, others to the right.</summary>
    /// <param name="columns">Headings; a blank at the start means text.</param>
    /// <param name="rows">Cells in the order of the columns.</param>
    /// <param name="notes">Lines below it.</param>
    public static View Table(IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<string>> rows, params IReadOnlyList<string> notes)
    {
        bool[] left = [.. columns.Select(column => column.StartsWith(' '))];
        string[] headings = [.. columns.Select(column => column.Trim())];
        return new(AsText(headings, left, rows, notes), () => AsHtml(headings, left, rows, notes));
    }

    static string AsText(string[] headings, bool[] left, IReadOnlyList<IReadOnlyList<string>> rows, IReadOnlyList<string> notes)
    {
        int[] widths = [.. headings.Select((heading, at) => rows.Select(row => row[at].Length).Append(heading.Length).Max())];
        IEnumerable<string> lines = rows.Prepend(headings).Select(row =>
            string.Join("  ", row.Select((cell, at) => left[at] ? cell.PadRight(widths[at]) : cell.PadLeft(widths[at]))).TrimEnd());
        return string.Join('\n', lines.Concat(notes));
    }

    static string AsHtml(string[] headings, bool[] left, IReadOnlyList<IReadOnlyList<string>> rows, IReadOnlyList<string> notes)
    {
        StringBuilder html = new("<table><thead><tr>");
        for (int at = 0; at < headings.Length; at++) { html.Append($"<th{Align(left[at])}>{WebUtility.HtmlEncode(headings[at])}</th>"); }
        html.Append("</tr></thead><tbody>");
        foreach (IReadOnlyList<string> row in rows)
        {
            html.Append("<tr>");
            for (int at = 0; at < headings.Length; at++)
            {
                html.Append($"<td{Align(left[at], row[at])}>{WebUtility.HtmlEncode(row[at])}</td>");
            }
            html.Append("</tr>");
        }
        html.Append("</tbody></table>");
        foreach (string note in notes) { html.Append($"<p><small>{WebUtility.HtmlEncode(note)}</small></p>"); }
        return html.ToString();
    }

    // Short texts stay on their line, so that columns next to them do the yielding.
    static string Align(bool left, string text = "")
    {
        string line = text.Length is > 0 and <= LongestLine ? ";white-space:nowrap" : "";
        return $" style=\"text-align:{(left ? "left" : "right")}{line}\"";
    }
}
