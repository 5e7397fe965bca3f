using DeepFM.Research.Reporting.Drawing;
using Microsoft.FSharp.Collections;
using Plotly.NET;

namespace DeepFM.Research.Reporting;

/// <summary>A figure as a Plotly chart, for notebooks and for the report's page.</summary>
public static class FigurePlotly
{
    /// <summary>The chart: panels side by side, one legend, no mode bar, fits the width of its place.</summary>
    /// <param name="figure">What to draw.</param>
    /// <param name="width">The width in pixels that it is laid out for; below 640, panels stand one below the other.</param>
    /// <exception cref="ArgumentException">A series' lists differ in length, or a place is no category's index.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="width"/> is not in [240, 4000].</exception>
    public static GenericChart ToChart(Figure figure, int width = 960)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 240);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, 4000);
        return ToChart(figure, new DrawingOptions(new([figure]), width, WithTitle: true, LegendRoom.Columns));
    }

    /// <summary>The chart with the palette of a report.</summary>
    internal static GenericChart ToChart(Figure figure, DrawingOptions options)
    {
        FigureLayout placed = new(figure, options);
        Layout layout = new();
        foreach ((string name, object? value) in PlotlyLayout.Of(placed)) { layout.SetProperty(name, value); }
        Config config = new();
        config.SetProperty("responsive", true);
        config.SetProperty("displayModeBar", false);

        IEnumerable<Trace> traces = PlotlyTraces.Of(placed, options.Palette).Select(members =>
        {
            Trace trace = new((string)members["type"]!);
            foreach ((string name, object? value) in members.Where(member => member.Key != "type")) { trace.SetProperty(name, value); }
            return trace;
        });
        GenericChart chart = GenericChart.ofTraceObjects(false, ListModule.OfSeq(traces));
        return GenericChart.setConfig(config, GenericChart.setLayout(layout, chart));
    }
}
