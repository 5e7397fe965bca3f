using static DeepFM.Research.Reporting.Drawing.PlotlyTraces;

namespace DeepFM.Research.Reporting.Drawing;

/// <summary>The layout of a chart, as the members that plotly.js reads.</summary>
/// <remarks>Heights are those of the static picture; widths follow the page.</remarks>
static class PlotlyLayout
{
    const double TitleTop = 4;      // plotly.js sets capital letters at the edge, which cuts what is higher
    const string Grid = "rgba(128,138,150,0.25)", AxisColor = "rgba(128,138,150,0.9)";

    /// <summary>The layout.</summary>
    public static Dictionary<string, object?> Of(FigureLayout layout)
    {
        PlacedPanel first = layout.Panels[0], last = layout.Panels[^1];
        double top = first.Plot.Top, left = layout.Panels.Min(panel => panel.Plot.Left);
        double right = layout.Width - layout.Panels.Max(panel => panel.Plot.Right), bottom = layout.Height - last.Plot.Bottom;
        Box inner = new(left, top, layout.Width - left - right, layout.Height - top - bottom);
        bool narrow = layout.Width < FigureLayout.NarrowBelow;

        Dictionary<string, object?> members = Map(
            ("height", Math.Round(layout.Height)),
            ("autosize", true),
            ("margin", Map(("l", Math.Round(left)), ("r", Math.Round(right)), ("t", Math.Round(top)), ("b", Math.Round(bottom)),
                ("pad", 0), ("autoexpand", false))),
            ("paper_bgcolor", layout.OnPage ? "rgba(0,0,0,0)" : "#ffffff"),
            ("plot_bgcolor", layout.OnPage ? "rgba(0,0,0,0)" : "#ffffff"),
            ("font", Map(("family", "Helvetica, Arial, Liberation Sans, sans-serif"), ("size", FigureLayout.TickSize),
                ("color", "#24292f"))),
            ("hovermode", "closest"),
            ("hoverlabel", Map(("align", "left"))),
            ("barmode", "overlay"),
            ("dragmode", narrow ? false : "zoom"),
            ("showlegend", layout.Entries.Count > 0),
            ("legend", Map(("orientation", "h"), ("traceorder", "normal"), ("x", 0), ("xanchor", "left"),
                ("yref", "container"), ("y", 1 - LegendTop(layout) / layout.Height), ("yanchor", "top"),
                ("bgcolor", "rgba(0,0,0,0)"), ("font", Map(("size", FigureLayout.TextSize))), ("itemsizing", "trace"))));
        if (layout.TitleLines.Count > 0)
        {
            members["title"] = Map(("text", $"<b>{PlotlyText.Lines(layout.TitleLines)}</b>"),
                ("font", Map(("size", FigureLayout.TitleSize))), ("x", 0), ("xref", "container"), ("xanchor", "left"),
                ("y", 1 - TitleTop / layout.Height), ("yref", "container"), ("yanchor", "top"));
        }
        List<object> annotations = [];
        for (int panel = 0; panel < layout.Panels.Count; panel++)
        {
            PlacedPanel placed = layout.Panels[panel];
            string number = panel == 0 ? "" : $"{panel + 1}";
            members[$"xaxis{number}"] = Horizontal(placed, inner, panel, narrow);
            members[$"yaxis{number}"] = Vertical(placed, inner, panel, narrow);
            annotations.AddRange(Titles(placed, inner));
        }
        members["annotations"] = annotations;
        return members;
    }

    static double LegendTop(FigureLayout layout) =>
        layout.Entries.Count == 0 ? 0 : layout.Entries[0].Middle - FigureLayout.LegendLineHeight / 2;

    static Dictionary<string, object?> Horizontal(PlacedPanel placed, Box inner, int panel, bool narrow)
    {
        Dictionary<string, object?> axis = Axis(placed.X, AxisId("y", panel), narrow,
            (placed.Plot.Left - inner.Left) / inner.Width, (placed.Plot.Right - inner.Left) / inner.Width);
        axis["showgrid"] = false;
        axis["showline"] = true;
        axis["ticks"] = "outside";
        axis["tickcolor"] = AxisColor;
        Label(axis, placed.X, placed.XLabels.Select(PlotlyText.Lines));
        axis["ticklabeloverflow"] = "allow";    // room for slanted ones is there; plotly.js would leave out those near the edge
        axis["tickangle"] = placed.Slanted ? -FigureLayout.Slant : 0;
        return axis;
    }

    static Dictionary<string, object?> Vertical(PlacedPanel placed, Box inner, int panel, bool narrow)
    {
        Dictionary<string, object?> axis = Axis(placed.Y, AxisId("x", panel), narrow,
            (inner.Bottom - placed.Plot.Bottom) / inner.Height, (inner.Bottom - placed.Plot.Top) / inner.Height);
        axis["showline"] = false;
        axis["ticks"] = "outside";
        axis["ticklen"] = 6;
        axis["tickcolor"] = "rgba(0,0,0,0)";
        axis["gridcolor"] = Grid;
        axis["zeroline"] = true;
        axis["zerolinecolor"] = AxisColor;
        Label(axis, placed.Y, placed.Y.Ticks.Select(tick => tick.Text));
        return axis;
    }

    // Round numbers are left to plotly.js, which finds others when a reader zooms in.
    static void Label(Dictionary<string, object?> axis, AxisScale scale, IEnumerable<string> texts)
    {
        if (scale is { IsListed: false, IsLogarithmic: false })
        {
            axis["nticks"] = scale.Ticks.Count + 1;
            axis["separatethousands"] = true;
            axis["exponentformat"] = "none";
            return;
        }
        axis["tickmode"] = "array";
        axis["tickvals"] = scale.Ticks.Select(tick => tick.Value).ToArray();
        axis["ticktext"] = texts.ToArray();
    }

    static Dictionary<string, object?> Axis(AxisScale scale, string anchor, bool narrow, double from, double to) => Map(
        ("type", scale.IsLogarithmic ? "log" : "linear"),
        ("domain", new[] { Math.Clamp(from, 0, 1), Math.Clamp(to, 0, 1) }),
        ("anchor", anchor),
        ("range", scale.IsLogarithmic ? new[] { Math.Log10(scale.From), Math.Log10(scale.To) } : new[] { scale.From, scale.To }),
        ("linecolor", AxisColor),
        ("zeroline", false),
        ("automargin", false),
        ("fixedrange", narrow));

    // Titles are notes above and below the plot: they stand at the same places as in the static picture.
    static IEnumerable<object> Titles(PlacedPanel placed, Box inner)
    {
        double left = (placed.Plot.Left - inner.Left) / inner.Width, shift = placed.Left - placed.Plot.Left;
        double middle = (placed.Plot.Left + placed.Plot.Width / 2 - inner.Left) / inner.Width;
        double top = (inner.Bottom - placed.Plot.Top) / inner.Height, bottom = (inner.Bottom - placed.Plot.Bottom) / inner.Height;
        string above = string.Join("<br>", new[]
        {
            placed.Title.Count > 0 ? $"<b>{PlotlyText.Lines(placed.Title)}</b>" : "",
            PlotlyText.Lines(placed.YTitle),
        }.Where(text => text.Length > 0));
        if (above.Length > 0)
        {
            yield return Note(above, left, "left", Math.Clamp(top, 0, 1), "bottom",
                ("xshift", Math.Round(shift)), ("yshift", 4), ("align", "left"));
        }
        if (placed.XTitle.Count > 0)
        {
            yield return Note(PlotlyText.Lines(placed.XTitle), middle, "center", Math.Clamp(bottom, 0, 1), "top",
                ("yshift", -Math.Round(placed.XLabelHeight)));
        }
    }

    static Dictionary<string, object?> Note(string text, double x, string xAnchor, double y, string yAnchor,
        params (string Name, object? Value)[] more) => Map(
        [
            ("text", text), ("showarrow", false), ("xref", "paper"), ("yref", "paper"), ("borderpad", 0),
            ("x", x), ("xanchor", xAnchor), ("y", y), ("yanchor", yAnchor), ("font", Map(("size", FigureLayout.TickSize))), .. more,
        ]);
}
