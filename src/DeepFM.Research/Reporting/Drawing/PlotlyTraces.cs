using System.Globalization;

namespace DeepFM.Research.Reporting.Drawing;

/// <summary>The traces of a chart, as the members that plotly.js reads.</summary>
static class PlotlyTraces
{
    /// <summary>Faint ones first, then the measured ones, then the lines that the legend alone needs.</summary>
    /// <remarks>
    /// A trace's <c>meta</c> is the label of its line in the legend. Its <c>legendgroup</c> is that of the measured values of
    /// its name: hiding these hides the published ones too.
    /// </remarks>
    public static IEnumerable<Dictionary<string, object?>> Of(FigureLayout layout, FigurePalette palette)
    {
        HashSet<string> listed = new(StringComparer.Ordinal);
        List<(int Rank, Dictionary<string, object?> Members)> traces = [];
        Dictionary<LegendEntry, int> ranks = layout.Legend.Entries.Select((entry, at) => (entry, at)).ToDictionary();
        for (int panel = 0; panel < layout.Panels.Count; panel++)
        {
            PlacedPanel placed = layout.Panels[panel];
            ILookup<Series, PlacedBar> bars = BarPlaces.Of(placed.Panel)
                .ToLookup(bar => bar.Series, (IEqualityComparer<Series>)ReferenceEqualityComparer.Instance);
            foreach (Series series in placed.Panel.Series)
            {
                LegendEntry entry = layout.Legend.Of(series);
                bool first = entry.Style is not null && listed.Add(entry.Label);
                Dictionary<string, object?> members = FigureLegend.IsBar(series)
                    ? Bars(series, [.. bars[series]], placed, palette)
                    : Line(series, placed, palette);
                members["name"] = PlotlyText.Escape(entry.Style is null ? PublishedName(series) : entry.Label);
                members["legendgroup"] = FigureLegend.IsBar(series) ? entry.Label : FigurePalette.BaseName(series.Name);
                members["legendrank"] = 1000 + ranks[entry];
                members["showlegend"] = first && layout.Entries.Count > 0;
                members["xaxis"] = AxisId("x", panel);
                members["yaxis"] = AxisId("y", panel);
                members["meta"] = entry.Label;
                traces.Add((series.Published && !FigureLegend.IsBar(series) ? 0 : 1, members));
            }
        }
        return
        [
            .. traces.OrderBy(trace => trace.Rank).Select(trace => trace.Members),
            .. layout.Entries.Select(placed => placed.Entry).Where(entry => entry.Style is null)
                .Select(entry => LegendOnly(entry, 1000 + ranks[entry])),
        ];
    }

    /// <summary>The name of an axis in a trace: x, x2, x3, ….</summary>
    public static string AxisId(string letter, int panel) => panel == 0 ? letter : $"{letter}{panel + 1}";

    static Dictionary<string, object?> Bars(Series series, IReadOnlyList<PlacedBar> bars, PlacedPanel panel, FigurePalette palette)
    {
        string color = palette.Of(series).Color;
        Dictionary<string, object?> marker = series.Published
            ? Map(("color", color), ("opacity", 0.55), ("line", Map(("color", color), ("width", 1))),
                ("pattern", Map(("shape", "/"), ("solidity", 0.35), ("size", 6), ("fillmode", "replace"), ("fgcolor", color),
                    ("bgcolor", "rgba(0,0,0,0)"))))
            : Map(("color", color));
        return Map(
            ("type", "bar"),
            ("x", bars.Select(bar => bar.Left + bar.Width / 2).ToArray()),
            ("y", bars.Select(bar => bar.To - bar.From).ToArray()),
            ("base", bars.Select(bar => bar.From).ToArray()),
            ("width", bars.Select(bar => bar.Width * 0.96).ToArray()),
            ("marker", marker),
            ("error_y", ErrorBars([.. bars.Select(bar => bar.Deviation)], "#57606a")),
            ("hovertext", bars.Select(bar => Hover(series, bar.Index, panel)).ToArray()),
            ("hoverinfo", "text"));
    }

    static Dictionary<string, object?> Line(Series series, PlacedPanel panel, FigurePalette palette)
    {
        SeriesStyle style = palette.Of(series);
        double?[] y = [.. series.Y.Select(value => panel.Y.Has(value) ? value : null)];
        double[] places = BarPlaces.PointsOf(panel.Panel, series);
        double?[] x = [.. places.Select(value => panel.X.Has(value) ? value : (double?)null)];
        // Over a bar of the same colour, only a white mark is seen.
        bool onBars = BarPlaces.StandsOnBars(panel.Panel, series), open = series.Published && !onBars;
        Dictionary<string, object?> marker = Map(("color", onBars ? "#ffffff" : style.Color), ("size", 8),
            ("symbol", SymbolName(style.Symbol) + (open ? "-open" : "")),
            ("line", onBars ? Map(("color", style.Color), ("width", 1.2)) : null));
        return Map(
            ("type", "scatter"),
            ("mode", series.Kind == SeriesKind.Line ? "lines+markers" : "markers"),
            ("x", x),
            ("y", y),
            ("connectgaps", false),
            ("opacity", onBars ? 0.9 : series.Published ? 0.5 : 1),
            ("line", Map(("color", style.Color), ("width", series.Published ? 1.3 : 2),
                ("dash", series.Published ? "dot" : style.Dashed ? "dash" : "solid"))),
            ("marker", marker),
            ("error_y", ErrorBars(series.Deviations, style.Color)),
            ("hovertext", series.X.Select((_, at) => Hover(series, at, panel)).ToArray()),
            ("hoverinfo", "text"));
    }

    static Dictionary<string, object?> LegendOnly(LegendEntry entry, int rank) => Map(
        ("type", "scatter"),
        ("mode", entry.Kind == SeriesKind.Line ? "lines+markers" : "markers"),
        ("x", new double?[] { null }),
        ("y", new double?[] { null }),
        ("name", PlotlyText.Escape(entry.Label)),
        ("legendgroup", entry.Label),
        ("legendrank", rank),
        ("showlegend", true),
        ("hoverinfo", "skip"),
        ("meta", entry.Label),
        ("opacity", 0.75),
        ("line", Map(("color", SvgMarks.Neutral), ("width", 1.3), ("dash", "dot"))),
        ("marker", Map(("color", SvgMarks.Neutral), ("size", 8), ("symbol", "circle-open"))));

    static Dictionary<string, object?>? ErrorBars(IReadOnlyList<double?>? deviations, string color) =>
        deviations is null || deviations.All(deviation => deviation is null) ? null
        : Map(("type", "data"), ("array", deviations.Select(length => length is { } known && double.IsFinite(known) ? known : 0).ToArray()),
            ("visible", true), ("thickness", 1.2), ("width", 3), ("color", color));

    static string Hover(Series series, int at, PlacedPanel panel)
    {
        string name = series.Published ? PublishedName(series) : series.Name;
        string place = panel.Panel.X.Categories is { } categories ? categories[(int)series.X[at]] : Number(series.X[at]);
        string deviation = series.Deviations?[at] is { } length ? $" ± {Number(length)}" : "";
        string value = series.Y[at] is { } y ? Number(y) : CellText.Missing;
        string x = panel.Panel.X.Title.Length > 0 ? $"{panel.Panel.X.Title}: {place}" : place;
        string title = panel.Panel.Y.Title.Length > 0 ? $"{panel.Panel.Y.Title}: " : "";
        return $"<b>{PlotlyText.Escape(name)}</b><br>{PlotlyText.Escape(x)}<br>{PlotlyText.Escape(title + value + deviation)}";
    }

    static string PublishedName(Series series) =>
        CellText.SaysPublished(series.Name) ? series.Name : $"{series.Name} (published)";

    static string Number(double value) => value.ToString(Math.Abs(value) >= 1e5 ? "N0" : "G5", CultureInfo.InvariantCulture);

    static string SymbolName(Symbol symbol) => symbol switch
    {
        Symbol.Square => "square",
        Symbol.Diamond => "diamond",
        Symbol.TriangleUp => "triangle-up",
        Symbol.TriangleDown => "triangle-down",
        Symbol.Cross => "cross",
        Symbol.Pentagon => "pentagon",
        Symbol.Hexagon => "hexagon",
        _ => "circle",
    };

    /// <summary>An object of JavaScript; members that are null are left out.</summary>
    public static Dictionary<string, object?> Map(params (string Name, object? Value)[] members) =>
        members.Where(member => member.Value is not null).ToDictionary(member => member.Name, member => member.Value);
}
