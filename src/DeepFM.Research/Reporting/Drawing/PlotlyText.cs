namespace DeepFM.Research.Reporting.Drawing;

/// <summary>Texts inside a chart: plotly.js reads a small HTML there.</summary>
static class PlotlyText
{
    /// <summary>The text such that it is shown as it is.</summary>
    public static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);

    /// <summary>Lines one below the other.</summary>
    public static string Lines(IEnumerable<string> lines) => string.Join("<br>", lines.Select(Escape));
}
