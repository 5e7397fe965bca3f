using System.Text;
using DeepFM.Research.Reporting.Drawing;
using Plotly.NET;

namespace DeepFM.Research.Reporting.Page;

/// <summary>A report as one HTML file that needs no network.</summary>
static class HtmlReport
{
    /// <summary>The page.</summary>
    public static string Of(Report report, FigurePalette palette)
    {
        StringBuilder html = new();
        html.Append($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{Html.Escape(report.Title)}</title>
            <link rel="icon" href="data:,">
            <style>
            {Resource(typeof(HtmlReport), "report.css")}</style>
            </head>
            <body>
            <main>
            <header>
            <h1>{Html.Escape(report.Title)}</h1>
            {HeadLines(report)}</header>
            {Contents(report)}
            """.ReplaceLineEndings("\n"));
        int heading = 0;
        foreach (ReportBlock block in report.Blocks) { html.Append(Block(block, palette, ref heading)); }
        html.Append("</main>\n");
        if (report.Blocks.Any(block => block is FigureBlock))
        {
            html.Append("<script>").Append(PlotlyScript()).Append("</script>\n<script>\n")
                .Append(Resource(typeof(HtmlReport), "report.js")).Append("</script>\n");
        }
        return html.Append("</body>\n</html>\n").ToString();
    }

    /// <summary>plotly.js, whole, as the charts' package carries it.</summary>
    public static string PlotlyScript()
    {
        string name = typeof(GenericChart).Assembly.GetManifestResourceNames()
            .Single(resource => resource.EndsWith(".min.js", StringComparison.Ordinal));
        return Resource(typeof(GenericChart), name);
    }

    static string HeadLines(Report report) => report.HeadLines.Count == 0 ? ""
        : $"<ul class=\"head\">\n{string.Concat(report.HeadLines.Select(line => $"<li>{Html.Escape(line)}</li>\n"))}</ul>\n";

    static string Contents(Report report)
    {
        string[] headings = [.. report.Blocks.OfType<HeadingBlock>().Select(heading => heading.Text)];
        return headings.Length < 2 ? ""
            : "<nav aria-label=\"Contents\"><h2>Contents</h2>\n<ol>\n"
            + string.Concat(headings.Select((text, at) => $"<li><a href=\"#section-{at + 1}\">{Html.Escape(text)}</a></li>\n"))
            + "</ol>\n</nav>\n";
    }

    static string Block(ReportBlock block, FigurePalette palette, ref int heading) => block switch
    {
        HeadingBlock { Text: var text } => $"<h2 id=\"section-{++heading}\">{Html.Escape(text)}</h2>\n",
        TextBlock text => $"<div class=\"text\">\n{MarkdownText.ToHtml(text.Markdown)}</div>\n",
        NoticeBlock notice => $"<p class=\"notice\" role=\"note\">{Html.Escape(notice.Text)}</p>\n",
        TableBlock { Table: var table } => HtmlTable.Of(table),
        FigureBlock { Figure: var figure } => HtmlFigure.Of(figure, palette),
        LinksBlock { Links: { Count: > MostOpenLinks } links } =>
            $"<details>\n<summary>All {links.Count}</summary>\n{List(links)}</details>\n",
        LinksBlock { Links: var links } => List(links),
        _ => throw new NotSupportedException($"{block.GetType().Name} has no HTML."),
    };

    /// <summary>More links than these are folded: those to the runs of a whole plan are longer than the report.</summary>
    const int MostOpenLinks = 40;

    static string List(IEnumerable<(string Text, string Path)> links) => "<ul class=\"links\">\n"
        + string.Concat(links.Select(link =>
            $"<li><a href=\"{Html.Escape(MarkdownText.Link(link.Path))}\">{Html.Escape(link.Text)}</a></li>\n"))
        + "</ul>\n";

    static string Resource(Type of, string name)
    {
        using StreamReader reader = new(of.Assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
