using System.Text;
using System.Text.RegularExpressions;

namespace DeepFM.Research.Reporting.Page;

/// <summary>Plain texts inside Markdown.</summary>
static partial class MarkdownText
{
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

    [GeneratedRegex("&(?=#?[A-Za-z0-9]+;)")]
    private static partial Regex Entity();
}
