using System.Text;
using System.Text.RegularExpressions;
using DeepFM.Research.Reporting.Drawing;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace DeepFM.Research.Reporting.Page;

/// <summary>Plain texts inside Markdown, and Markdown as HTML.</summary>
static partial class MarkdownText
{
    static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().DisableHtml().Build();

    /// <summary>The text such that Markdown shows it as it is, also inside a table, on one line.</summary>
    public static string Escape(string text)
    {
        StringBuilder escaped = new(text.Length);
        foreach (char c in text.ReplaceLineEndings(" "))
        {
            if (c is '\\' or '`' or '*' or '_' or '[' or ']' or '|' or '<' or '>' or '~') { escaped.Append('\\'); }
            escaped.Append(c);
        }
        // "LR & DNN" is left alone; only what would be read as an entity, such as "&lt;", is not.
        return Entity().Replace(escaped.ToString(), "&amp;");
    }

    /// <summary>A relative path as the target of a link: blanks and brackets are percent-encoded.</summary>
    public static string Link(string path) =>
        string.Join('/', path.Replace('\\', '/').Split('/').Select(Uri.EscapeDataString));

    /// <summary>The text as HTML that loads nothing: HTML in it is shown as text, a picture becomes a link.</summary>
    public static string ToHtml(string markdown)
    {
        MarkdownDocument document = Markdown.Parse(SvgShapes.Clean(markdown), Pipeline);
        foreach (LinkInline link in document.Descendants<LinkInline>())
        {
            link.IsImage = false;
            string scheme = Scheme().Match(link.Url ?? "").Value.ToLowerInvariant();
            if (scheme is not ("" or "http:" or "https:" or "mailto:")) { link.Url = ""; }
        }
        return document.ToHtml(Pipeline);
    }

    [GeneratedRegex(@"^\s*[A-Za-z][A-Za-z0-9+.-]*:")]
    private static partial Regex Scheme();

    [GeneratedRegex("&(?=#?[A-Za-z0-9]+;)")]
    private static partial Regex Entity();
}
