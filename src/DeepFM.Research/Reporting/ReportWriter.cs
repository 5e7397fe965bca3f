using DeepFM.Research.Reporting.Drawing;
using DeepFM.Research.Reporting.Page;
using DeepFM.Training;

namespace DeepFM.Research.Reporting;

/// <summary>Writes a report: one HTML file, Markdown with pictures, and CSV of every table and figure.</summary>
public static class ReportWriter
{
    /// <summary>The page's file.</summary>
    public const string HtmlName = "report.html";

    /// <summary>The Markdown version's file.</summary>
    public const string MarkdownName = "report.md";

    /// <summary>The folder of the Markdown version's pictures.</summary>
    public const string PicturesName = "pictures";

    /// <summary>
    /// Writes report.html, report.md with pictures/NAME.svg, and NAME.csv of each table and figure. Every file is there whole
    /// or not at all; those that other files link to come first. The same report gives the same bytes.
    /// </summary>
    /// <param name="report">What to write.</param>
    /// <param name="directory">Made when it is not there; files of these names in it are replaced.</param>
    /// <exception cref="ArgumentException">A table or figure is not whole, or two have one name.</exception>
    /// <exception cref="UserErrorException">Nothing can be written to the directory.</exception>
    /// <exception cref="IOException">The disk is full, or a file is in use.</exception>
    public static void Write(Report report, string directory)
    {
        ReportCheck.Report(report);
        AtomicFile.RequireFolder(directory);
        FigurePalette palette = new(report.Blocks.OfType<FigureBlock>().Select(block => block.Figure));
        foreach (ReportBlock block in report.Blocks)
        {
            if (block is TableBlock { Table: var table })
            {
                JsonFiles.WriteText(Path.Combine(directory, $"{table.Name}.csv"), ResultTableText.ToCsv(table));
            }
            if (block is FigureBlock { Figure: var figure })
            {
                JsonFiles.WriteText(Path.Combine(directory, $"{figure.Name}.csv"), FigureText.ToCsv(figure));
                JsonFiles.WriteText(Path.Combine(directory, PicturesName, $"{figure.Name}.svg"),
                    FigureSvg.ToSvg(figure, new DrawingOptions(palette, 960, WithTitle: true)) + "\n");
            }
        }
        JsonFiles.WriteText(Path.Combine(directory, MarkdownName), MarkdownReport.Of(report));
        JsonFiles.WriteText(Path.Combine(directory, HtmlName), HtmlReport.Of(report, palette));
    }
}
