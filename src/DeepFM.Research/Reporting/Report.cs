using DeepFM.Research.Reporting.Page;

namespace DeepFM.Research.Reporting;

/// <summary>A report: written as one HTML file, as Markdown with pictures, and as CSV of each table.</summary>
/// <param name="Title">Of the page.</param>
/// <param name="HeadLines">Data, machine, seeds, commit, time: what the figures mean nothing without.</param>
/// <param name="Blocks">What follows, in order.</param>
public sealed record Report(string Title, IReadOnlyList<string> HeadLines, IReadOnlyList<ReportBlock> Blocks)
{
    /// <summary>A table of the report.</summary>
    /// <param name="name">Its name, such as "table2".</param>
    /// <exception cref="UserErrorException">There is no such table; the message lists all.</exception>
    public ResultTable Table(string name)
    {
        ResultTable[] tables = [.. Blocks.OfType<TableBlock>().Select(block => block.Table)];
        return tables.FirstOrDefault(table => table.Name == name)
            ?? throw UnknownName.Error("table", name, [.. tables.Select(table => table.Name)]);
    }

    /// <summary>A figure of the report.</summary>
    /// <param name="name">Its name, such as "figure6".</param>
    /// <exception cref="UserErrorException">There is no such figure; the message lists all.</exception>
    public Figure Figure(string name)
    {
        Figure[] figures = [.. Blocks.OfType<FigureBlock>().Select(block => block.Figure)];
        return figures.FirstOrDefault(figure => figure.Name == name)
            ?? throw UnknownName.Error("figure", name, [.. figures.Select(figure => figure.Name)]);
    }

    /// <summary>The blocks below a heading, up to the next one, as a report of their own.</summary>
    /// <param name="heading">The heading or its beginning, such as "Figure 8".</param>
    /// <exception cref="UserErrorException">No heading begins like this; the message lists all.</exception>
    public Report Section(string heading)
    {
        List<ReportBlock> blocks = [.. Blocks];
        int at = blocks.FindIndex(block => block is HeadingBlock found && found.Text.StartsWith(heading, StringComparison.Ordinal));
        return at >= 0
            ? new(((HeadingBlock)blocks[at]).Text, [], [.. blocks.Skip(at + 1).TakeWhile(block => block is not HeadingBlock)])
            : throw UnknownName.Error("section", heading, [.. blocks.OfType<HeadingBlock>().Select(found => found.Text)]);
    }
}

/// <summary>A part of a report.</summary>
public abstract record ReportBlock;

/// <summary>A heading of the second level, listed in the page's contents.</summary>
public sealed record HeadingBlock(string Text) : ReportBlock;

/// <summary>Paragraphs or lists in Markdown.</summary>
public sealed record TextBlock(string Markdown) : ReportBlock
{
    /// <summary>The text as HTML that loads nothing.</summary>
    public string ToHtml() => MarkdownText.ToHtml(Markdown);
}

/// <summary>A line that must not be overlooked, such as "made with small sizes".</summary>
public sealed record NoticeBlock(string Text) : ReportBlock;

/// <summary>A table.</summary>
public sealed record TableBlock(ResultTable Table) : ReportBlock;

/// <summary>A figure.</summary>
public sealed record FigureBlock(Figure Figure) : ReportBlock;

/// <summary>Links to files beside the report.</summary>
/// <param name="Links">Text and path relative to the report.</param>
public sealed record LinksBlock(IReadOnlyList<(string Text, string Path)> Links) : ReportBlock;
