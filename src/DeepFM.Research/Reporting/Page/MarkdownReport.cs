using System.Text;

namespace DeepFM.Research.Reporting.Page;

/// <summary>A report as Markdown.</summary>
static class MarkdownReport
{
    /// <summary>The text; it refers to pictures/NAME.svg and NAME.csv beside it.</summary>
    public static string Of(Report report)
    {
        StringBuilder text = new($"# {MarkdownText.Escape(report.Title)}\n");
        if (report.HeadLines.Count > 0) { text.Append('\n'); }
        foreach (string line in report.HeadLines) { text.Append($"- {MarkdownText.Escape(line)}\n"); }
        foreach (ReportBlock block in report.Blocks) { text.Append($"\n{Block(block).TrimEnd('\n')}\n"); }
        return text.ToString();
    }

    static string Block(ReportBlock block) => block switch
    {
        HeadingBlock heading => $"## {MarkdownText.Escape(heading.Text)}",
        TextBlock text => text.Markdown.ReplaceLineEndings("\n"),
        NoticeBlock notice => $"> **Note:** {MarkdownText.Escape(notice.Text)}",
        TableBlock { Table: var table } => $"{ResultTableText.ToMarkdown(table)}\n[{table.Name}.csv]({table.Name}.csv)",
        FigureBlock { Figure: var figure } => Figure(figure),
        LinksBlock links => string.Concat(links.Links.Select(
            link => $"- [{MarkdownText.Escape(link.Text)}]({MarkdownText.Link(link.Path)})\n")),
        _ => throw new NotSupportedException($"{block.GetType().Name} has no Markdown."),
    };

    static string Figure(Figure figure)
    {
        string caption = figure.Caption.Length > 0 ? $"{MarkdownText.Escape(figure.Caption)} " : "";
        return $"![{MarkdownText.Escape(figure.Title)}]({ReportWriter.PicturesName}/{figure.Name}.svg)\n\n"
            + $"{caption}[{figure.Name}.csv]({figure.Name}.csv)";
    }
}
