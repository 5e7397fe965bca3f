using System.Net;
using DeepFM.Research.Reporting.Drawing;

namespace DeepFM.Research.Reporting.Page;

/// <summary>Texts inside a page.</summary>
static class Html
{
    /// <summary>The text such that it is shown as it is, also inside an attribute in double quotes.</summary>
    public static string Escape(string text) => WebUtility.HtmlEncode(SvgShapes.Clean(text));

    /// <summary>JSON such that it can stand in a script element: no text in it can end the element.</summary>
    public static string Json(string json) => json
        .Replace("<", "\\u003c", StringComparison.Ordinal)
        .Replace("\u2028", "\\u2028", StringComparison.Ordinal)
        .Replace("\u2029", "\\u2029", StringComparison.Ordinal);
}
