namespace DeepFM.Research.Reporting.Drawing;

/// <summary>One bar, in the units of the axes.</summary>
/// <param name="Series">The series it belongs to.</param>
/// <param name="Index">Its point in the series.</param>
/// <param name="Left">Left edge.</param>
/// <param name="Width">Above 0.</param>
/// <param name="From">The value it stands on.</param>
/// <param name="To">The value it ends at.</param>
/// <param name="Deviation">Half length of its error bar, or null.</param>
sealed record PlacedBar(Series Series, int Index, double Left, double Width, double From, double To, double? Deviation);

/// <summary>Where the bars of a panel stand. Plotly and the static picture share it, so that both look alike.</summary>
/// <remarks>
/// Each series of <see cref="SeriesKind.Bars"/> takes a slot of its own beside those before; one of
/// <see cref="SeriesKind.StackedBars"/> stands on the bar series before it. Negative values stack downwards. Marks with the
/// name of a bar series stand at its bars, such as published values over measured ones.
/// </remarks>
static class BarPlaces
{
    // The share of the room between two places that bars fill.
    const double Filled = 0.8;

    /// <summary>All bars of the panel, series by series.</summary>
    public static IReadOnlyList<PlacedBar> Of(Panel panel)
    {
        Series[] all = [.. panel.Series.Where(FigureLegend.IsBar)];
        if (all.Length == 0) { return []; }
        int slots = all.Skip(1).Count(series => series.Kind == SeriesKind.Bars) + 1;
        double room = SlotWidth(panel), width = room / slots;

        List<PlacedBar> bars = [];
        Dictionary<(double X, bool Down), double> tops = [];
        int slot = -1;
        foreach (Series series in all)
        {
            if (series.Kind == SeriesKind.Bars || slot < 0)
            {
                slot++;
                tops.Clear();
            }
            for (int i = 0; i < series.X.Count; i++)
            {
                if (series.Y[i] is not { } value || !double.IsFinite(value)) { continue; }
                (double, bool) at = (series.X[i], value < 0);
                double from = tops.GetValueOrDefault(at);
                tops[at] = from + value;
                bars.Add(new(series, i, series.X[i] - room / 2 + slot * width, width, from, from + value, series.Deviations?[i]));
            }
        }
        return bars;
    }

    /// <summary>The places of a series of marks or of a line, [number of its points].</summary>
    public static double[] PointsOf(Panel panel, Series series)
    {
        PlacedBar? bar = BarOf(panel, series);
        double shift = bar is null ? 0 : bar.Left + bar.Width / 2 - bar.Series.X[bar.Index];
        return [.. series.X.Select(x => x + shift)];
    }

    /// <summary>Whether the series is marks that stand at the bars of its name.</summary>
    public static bool StandsOnBars(Panel panel, Series series) => BarOf(panel, series) is not null;

    static PlacedBar? BarOf(Panel panel, Series series) => series.Kind != SeriesKind.Marks ? null
        : Of(panel).FirstOrDefault(bar => FigurePalette.BaseName(bar.Series.Name) == FigurePalette.BaseName(series.Name));

    /// <summary>Width of all bars at one place, in units of the axis; 0 when the panel has no bars.</summary>
    public static double SlotWidth(Panel panel)
    {
        Series[] bars = [.. panel.Series.Where(FigureLegend.IsBar)];
        if (bars.Length == 0) { return 0; }
        if (panel.X.Categories is not null) { return Filled; }
        double[] places = [.. bars.SelectMany(series => series.X).Distinct().Order()];
        return Filled * places.Zip(places.Skip(1), (left, right) => right - left).DefaultIfEmpty(1).Min();
    }
}
