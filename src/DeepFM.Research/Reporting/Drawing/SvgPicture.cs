using System.Xml.Linq;
using static DeepFM.Research.Reporting.Drawing.SvgMarks;
using static DeepFM.Research.Reporting.Drawing.SvgShapes;

namespace DeepFM.Research.Reporting.Drawing;

/// <summary>Draws a figure that has been laid out.</summary>
sealed class SvgPicture(Figure figure, FigureLayout layout, FigurePalette palette)
{
    const double Pad = 8, FaintOpacity = 0.5;
    const string Ink = "#24292f", Pale = "#57606a", Grid = "#e4e7eb", AxisColor = "#8c959f";

    readonly Dictionary<string, string> hatches = new(StringComparer.Ordinal);

    /// <summary>The svg element.</summary>
    public XElement Draw()
    {
        double width = layout.Width + 2 * Pad, height = layout.Height + 2 * Pad;
        XElement body = Element("g", ("transform", $"translate({Px(Pad)} {Px(Pad)})"));
        DrawTitle(body);
        foreach ((LegendEntry entry, double left, double middle) in layout.Entries)
        {
            body.Add(Key(entry, left, middle, entry is { Published: true, Style: { } style } ? HatchId(style.Color) : ""),
                Text(entry.Label, left + FigureLayout.KeyWidth + 6, middle + 4.5, FigureLayout.TextSize));
        }
        XElement definitions = Element("defs");
        for (int i = 0; i < layout.Panels.Count; i++) { body.Add(DrawPanel(layout.Panels[i], i, definitions)); }
        definitions.Add(hatches.Select(pair => Hatch(pair.Key, pair.Value)));

        XElement svg = Element("svg", ("viewBox", $"0 0 {Px(width)} {Px(height)}"), ("width", width), ("height", height),
            ("font-family", "Helvetica, Arial, 'Liberation Sans', sans-serif"), ("fill", Ink), ("role", "img"),
            ("aria-label", figure.Title));
        XElement title = Element("title");
        title.Value = Clean(figure.Title);
        svg.Add(title, definitions, Element("rect", ("width", "100%"), ("height", "100%"), ("fill", "#fff")), body);
        return svg;
    }

    void DrawTitle(XElement body)
    {
        for (int i = 0; i < layout.TitleLines.Count; i++)
        {
            body.Add(Text(layout.TitleLines[i], 0, 16 + 22 * i, FigureLayout.TitleSize, bold: true));
        }
    }

    XElement DrawPanel(PlacedPanel panel, int index, XElement definitions)
    {
        Box plot = panel.Plot;
        XElement drawn = Element("g");
        double line = plot.Top - 8 - (panel.Title.Count + panel.YTitle.Count - 1) * FigureLayout.LineHeight;
        foreach (string text in panel.Title)
        {
            drawn.Add(Text(text, panel.Left, line - 2, FigureLayout.TextSize + 1, bold: true));
            line += FigureLayout.LineHeight;
        }
        foreach (string text in panel.YTitle)
        {
            drawn.Add(Text(text, panel.Left, line, FigureLayout.TickSize, color: Pale));
            line += FigureLayout.LineHeight;
        }
        DrawAxes(drawn, panel);

        string clip = $"{figure.Name}-clip{index}";
        XElement clipPath = Element("clipPath", ("id", clip));
        clipPath.Add(Element("rect", ("x", plot.Left), ("y", plot.Top - 6), ("width", plot.Width), ("height", plot.Height + 12)));
        definitions.Add(clipPath);
        XElement data = Element("g", ("clip-path", $"url(#{clip})"));
        DrawBars(data, panel);
        // Faint ones first, so that they do not cover what was measured here.
        foreach (Series series in panel.Panel.Series.Where(series => !FigureLegend.IsBar(series)).OrderBy(series => !series.Published))
        {
            data.Add(DrawLine(series, panel));
        }
        drawn.Add(data);
        return drawn;
    }

    static void DrawAxes(XElement drawn, PlacedPanel panel)
    {
        Box plot = panel.Plot;
        foreach (Tick tick in panel.Y.Ticks)
        {
            double y = Y(panel, tick.Value);
            drawn.Add(Line(plot.Left, y, plot.Right, y, Grid),
                Text(tick.Text, plot.Left - 7, y + 4, FigureLayout.TickSize, "end", color: Pale));
        }
        for (int i = 0; i < panel.X.Ticks.Count; i++)
        {
            double x = X(panel, panel.X.Ticks[i].Value);
            drawn.Add(Line(x, plot.Bottom, x, plot.Bottom + 4, AxisColor));
            for (int line = 0; line < panel.XLabels[i].Count; line++)
            {
                string text = panel.XLabels[i][line];
                double y = plot.Bottom + 17 + line * FigureLayout.LineHeight;
                drawn.Add(panel.Slanted
                    ? Text(text, x + 3, plot.Bottom + 15, FigureLayout.TickSize, "end", color: Pale, slant: -FigureLayout.Slant)
                    : Text(text, x, y, FigureLayout.TickSize, "middle", color: Pale));
            }
        }
        drawn.Add(Line(plot.Left, plot.Bottom, plot.Right, plot.Bottom, AxisColor));
        if (panel.Y is { IsLogarithmic: false, From: < 0, To: > 0 })
        {
            drawn.Add(Line(plot.Left, Y(panel, 0), plot.Right, Y(panel, 0), AxisColor));
        }
        for (int line = 0; line < panel.XTitle.Count; line++)
        {
            drawn.Add(Text(panel.XTitle[line], plot.Left + plot.Width / 2,
                plot.Bottom + panel.XLabelHeight + 12 + line * FigureLayout.LineHeight, FigureLayout.TickSize, "middle", color: Pale));
        }
    }

    void DrawBars(XElement data, PlacedPanel panel)
    {
        double floor = panel.Y.IsLogarithmic ? panel.Y.From : Math.Clamp(0, panel.Y.From, panel.Y.To);
        foreach (PlacedBar bar in BarPlaces.Of(panel.Panel))
        {
            if (!panel.Y.Has(bar.To)) { continue; }
            double from = bar.From == 0 || !panel.Y.Has(bar.From) ? floor : bar.From;
            double left = X(panel, bar.Left), right = X(panel, bar.Left + bar.Width);
            double y1 = Y(panel, from), y2 = Y(panel, bar.To);
            string color = palette.Of(bar.Series).Color;
            double inset = Math.Min(1, (right - left) * 0.08);
            data.Add(Bar(left + inset, Math.Min(y1, y2), right - left - 2 * inset, Math.Abs(y2 - y1),
                color, bar.Series.Published ? HatchId(color) : null));
            if (bar.Deviation is { } deviation)
            {
                data.Add(ErrorBar(panel, (left + right) / 2, bar.To, deviation, Ink));
            }
        }
    }

    XElement DrawLine(Series series, PlacedPanel panel)
    {
        SeriesStyle style = palette.Of(series);
        bool onBars = BarPlaces.StandsOnBars(panel.Panel, series);
        XElement drawn = Element("g", ("opacity", onBars ? 0.9 : series.Published ? FaintOpacity : null));
        string path = "";
        bool pen = false;
        List<XElement> marks = [];
        double[] places = BarPlaces.PointsOf(panel.Panel, series);
        for (int i = 0; i < series.X.Count; i++)
        {
            if (!panel.Y.Has(series.Y[i]) || !panel.X.Has(places[i]))
            {
                pen = false;
                continue;
            }
            double x = X(panel, places[i]), y = Y(panel, series.Y[i]!.Value);
            path += $"{(pen ? "L" : "M")}{Px(x)} {Px(y)}";
            pen = true;
            if (series.Deviations?[i] is { } deviation && double.IsFinite(deviation))
            {
                drawn.Add(ErrorBar(panel, x, series.Y[i]!.Value, deviation, style.Color));
            }
            marks.Add(Mark(style.Symbol, x, y, Radius, style.Color, series.Published || onBars));
        }
        if (series.Kind == SeriesKind.Line && path.Contains('L')) { drawn.Add(Stroke(path, style.Color, series.Published, style.Dashed)); }
        drawn.Add(marks);
        return drawn;
    }

    static XElement ErrorBar(PlacedPanel panel, double x, double value, double deviation, string color)
    {
        double low = value - deviation;
        double y1 = Y(panel, panel.Y.Has(low) ? low : panel.Y.From), y2 = Y(panel, value + deviation);
        return Element("path", ("d", $"M{Px(x)} {Px(y1)}V{Px(y2)}M{Px(x - 3)} {Px(y1)}h6M{Px(x - 3)} {Px(y2)}h6"),
            ("stroke", color), ("fill", "none"));
    }

    string HatchId(string color)
    {
        if (!hatches.TryGetValue(color, out string? id)) { hatches.Add(color, id = $"{figure.Name}-hatch{hatches.Count}"); }
        return id;
    }

    static double X(PlacedPanel panel, double value) => panel.Plot.Left + panel.X.At(value) * panel.Plot.Width;

    static double Y(PlacedPanel panel, double value) => panel.Plot.Bottom - panel.Y.At(value) * panel.Plot.Height;
}
