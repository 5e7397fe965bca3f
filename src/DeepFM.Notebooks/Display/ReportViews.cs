using System.Net;
using DeepFM.Research.Reporting;

namespace DeepFM.Notebooks.Display;

/// <summary>How reports and their sections are shown.</summary>
static class ReportViews
{
    /// <summary>A report: its head lines, then its texts, tables and figures.</summary>
    public static View Of(Report report) =>
        View.Stack([Heading(report.Title), .. report.HeadLines.Select(View.Line), .. report.Blocks.Select(Of)]);

    /// <summary>One part of a report.</summary>
    public static View Of(ReportBlock block) => block switch
    {
        HeadingBlock heading => Heading(heading.Text),
        TextBlock text => new(text.Markdown, text.ToHtml),
        NoticeBlock notice => new(notice.Text, () => $"<p><b>{WebUtility.HtmlEncode(notice.Text)}</b></p>"),
        TableBlock { Table: var table } => TableViews.Of(table),
        FigureBlock { Figure: var figure } => ChartViews.Of(figure),
        LinksBlock { Links: var links } => View.Line($"({Counted.Of(links.Count, "file")} beside the report)"),
        _ => throw new NotSupportedException($"{block.GetType().Name} has no view."),
    };

    static View Heading(string text) => new(text, () => $"<h4>{WebUtility.HtmlEncode(text)}</h4>");
}
