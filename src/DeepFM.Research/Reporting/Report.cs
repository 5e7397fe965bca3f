namespace DeepFM.Research.Reporting;

/// <summary>A report: written as one HTML file, as Markdown with pictures, and as CSV of each table.</summary>
/// <param name="Title">Of the page.</param>
/// <param name="HeadLines">Data, machine, seeds, commit, time: what the figures mean nothing without.</param>
/// <param name="Blocks">What follows, in order.</param>
public sealed record Report(string Title, IReadOnlyList<string> HeadLines, IReadOnlyList<ReportBlock> Blocks);

/// <summary>A part of a report.</summary>
public abstract record ReportBlock;

/// <summary>A heading of the second level, listed in the page's contents.</summary>
public sealed record HeadingBlock(string Text) : ReportBlock;

/// <summary>Paragraphs or lists in Markdown.</summary>
public sealed record TextBlock(string Markdown) : ReportBlock;

/// <summary>A line that must not be overlooked, such as "made with small sizes".</summary>
public sealed record NoticeBlock(string Text) : ReportBlock;

/// <summary>A table.</summary>
public sealed record TableBlock(ResultTable Table) : ReportBlock;

/// <summary>A figure.</summary>
public sealed record FigureBlock(Figure Figure) : ReportBlock;

/// <summary>Links to files beside the report.</summary>
/// <param name="Links">Text and path relative to the report.</param>
public sealed record LinksBlock(IReadOnlyList<(string Text, string Path)> Links) : ReportBlock;
