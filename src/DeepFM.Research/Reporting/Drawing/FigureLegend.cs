namespace DeepFM.Research.Reporting.Drawing;

/// <summary>One line of the legend of a figure.</summary>
/// <param name="Label">Its text.</param>
/// <param name="Style">Its look; null for the line that explains the faint marks of all names.</param>
/// <param name="Kind">What its key looks like.</param>
/// <param name="Published">Whether it is faint.</param>
sealed record LegendEntry(string Label, SeriesStyle? Style, SeriesKind Kind, bool Published);

/// <summary>One legend for all panels.</summary>
/// <remarks>
/// Where published marks have the name of a measured series, they have no line of their own: one line, "published" or
/// "reading", explains the faint marks of all. Published bars keep their own line.
/// </remarks>
sealed class FigureLegend
{
    readonly Dictionary<string, LegendEntry> entries = new(StringComparer.Ordinal);
    readonly Dictionary<(string Name, bool Published), string> labels = [];

    /// <summary>Collects the lines in the order of the panels.</summary>
    public FigureLegend(Figure figure, FigurePalette palette)
    {
        Series[] all = [.. figure.Panels.SelectMany(panel => panel.Series)];
        HashSet<string> measured = [.. all.Where(series => !series.Published).Select(series => series.Name)];
        foreach (Series series in all.OrderBy(series => series.Published && !IsBar(series)))
        {
            string name = FigurePalette.BaseName(series.Name);
            bool shared = series.Published && !IsBar(series) && measured.Contains(name);
            string label = !series.Published ? series.Name
                : shared ? SharedLabel(series.Name)
                : CellText.SaysPublished(series.Name) ? series.Name : $"{series.Name} (published)";
            labels[(series.Name, series.Published)] = label;
            entries.TryAdd(label, new(label, shared ? null : palette.Of(series), series.Kind, series.Published));
        }
    }

    /// <summary>The lines, measured ones first.</summary>
    public IReadOnlyCollection<LegendEntry> Entries => entries.Values;

    /// <summary>The line that explains a series.</summary>
    public LegendEntry Of(Series series) => entries[labels[(series.Name, series.Published)]];

    /// <summary>Whether the series is drawn as bars.</summary>
    public static bool IsBar(Series series) => series.Kind is SeriesKind.Bars or SeriesKind.StackedBars;

    static string SharedLabel(string name) =>
        name.Contains("read", StringComparison.OrdinalIgnoreCase) && CellText.SaysPublished(name)
            ? "faint marks (reading)"
            : "faint marks (published)";
}
