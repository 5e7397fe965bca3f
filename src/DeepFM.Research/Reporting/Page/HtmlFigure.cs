using System.Text.Json.Nodes;
using System.Xml.Linq;
using DeepFM.Research.Reporting.Drawing;
using Plotly.NET;

namespace DeepFM.Research.Reporting.Page;

/// <summary>A figure as HTML: a static picture, which the page's script replaces by a chart.</summary>
static class HtmlFigure
{
    /// <summary>Widths in pixels that the chart is laid out for; report.js takes one by the width of the page.</summary>
    public const int WideWidth = 1040, NarrowWidth = 350;

    /// <summary>The figure element with title, picture, what the script draws, caption and the link to its CSV.</summary>
    public static string Of(Figure figure, FigurePalette palette)
    {
        string caption = figure.Caption.Length > 0 ? $"<p class=\"note\">{Html.Escape(figure.Caption)}</p>\n" : "";
        return $"""
            <figure class="chart" id="{figure.Name}">
            <figcaption>{Html.Escape(figure.Title)}</figcaption>
            <div class="picture">{FigureSvg.ToSvg(figure, new DrawingOptions(palette, WideWidth, WithTitle: false))}</div>
            <div class="live" hidden>
            {Legend(figure, palette)}<div class="plot"></div>
            </div>
            <script type="application/json">{Html.Json(Data(figure, palette))}</script>
            {caption}<p class="files"><a href="{figure.Name}.csv">{figure.Name}.csv</a></p>
            </figure>

            """.ReplaceLineEndings("\n");
    }

    // A legend of the page, not of the chart: it wraps like a text at any width.
    static string Legend(Figure figure, FigurePalette palette)
    {
        IReadOnlyCollection<LegendEntry> entries = new FigureLegend(figure, palette).Entries;
        string lines = string.Concat(entries.Select((entry, at) => Line(figure, entry, at)));
        return entries.Count < 2 ? "" : $"<ul class=\"legend\" aria-label=\"Legend\">\n{lines}</ul>\n";
    }

    static string Line(Figure figure, LegendEntry entry, int at)
    {
        string hatch = $"{figure.Name}-key{at}";
        XElement key = SvgShapes.Element("svg", ("width", FigureLayout.KeyWidth), ("height", 16.0), ("aria-hidden", "true"));
        if (entry is { Published: true, Kind: SeriesKind.Bars or SeriesKind.StackedBars, Style: { } style })
        {
            key.Add(SvgMarks.Hatch(style.Color, hatch));
        }
        key.Add(SvgMarks.Key(entry, 0, 8, hatch));
        return $"<li><button type=\"button\" aria-pressed=\"true\" data-entry=\"{Html.Escape(entry.Label)}\">"
            + $"{key.ToString(SaveOptions.DisableFormatting)}{Html.Escape(entry.Label)}</button></li>\n";
    }

    static string Data(Figure figure, FigurePalette palette)
    {
        JsonNode wide = Chart(figure, palette, WideWidth), narrow = Chart(figure, palette, NarrowWidth);
        JsonObject data = new()
        {
            ["data"] = wide["data"]!.DeepClone(),
            ["wide"] = wide["layout"]!.DeepClone(),
            ["narrow"] = narrow["layout"]!.DeepClone(),
            ["narrowBelow"] = figure.Panels.Count == 3 ? 860 : FigureLayout.NarrowBelow,    // three in a row need more room
            ["config"] = wide["config"]!.DeepClone(),
        };
        return data.ToJsonString();
    }

    static JsonNode Chart(Figure figure, FigurePalette palette, int width)
    {
        DrawingOptions options = new(palette, width, WithTitle: false, LegendRoom.None);
        return JsonNode.Parse(GenericChart.toJson(FigurePlotly.ToChart(figure, options)))!;
    }
}
