namespace DeepFM.Research.Reporting;

/// <summary>A figure as data: drawn by Plotly where scripts run, and as a static SVG where they do not.</summary>
/// <param name="Name">Name of its files without an extension, such as "figure6".</param>
/// <param name="Title">One line above it.</param>
/// <param name="Panels">Side by side on a wide page, one below the other on a narrow one.</param>
public sealed record Figure(string Name, string Title, IReadOnlyList<Panel> Panels)
{
    /// <summary>Sentences below it: what is drawn, units, and which marks are published ones.</summary>
    public string Caption { get; init; } = "";
}

/// <summary>One pair of axes.</summary>
/// <param name="Title">Above the panel.</param>
/// <param name="X">Horizontal axis.</param>
/// <param name="Y">Vertical axis.</param>
/// <param name="Series">What is drawn; the same name has the same colour in all panels, and one legend entry.</param>
public sealed record Panel(string Title, Axis X, Axis Y, IReadOnlyList<Series> Series);

/// <summary>An axis.</summary>
/// <param name="Title">Quantity and unit.</param>
/// <param name="Categories">Texts of the places 0, 1, 2, …; null for an axis of numbers.</param>
/// <param name="Logarithmic">Whether equal distances are equal ratios.</param>
public sealed record Axis(string Title, IReadOnlyList<string>? Categories = null, bool Logarithmic = false)
{
    /// <summary>Where the axis begins; null to fit the data.</summary>
    public double? Min { get; init; }

    /// <summary>Where the axis ends; null to fit the data.</summary>
    public double? Max { get; init; }
}

/// <summary>How a series is drawn.</summary>
public enum SeriesKind
{
    /// <summary>Bars side by side.</summary>
    Bars,

    /// <summary>Bars on top of the bar series before; the first of a panel stand on the axis.</summary>
    StackedBars,

    /// <summary>A line with a mark at each point.</summary>
    Line,

    /// <summary>Marks alone; where the panel has bars of the same name, at these bars.</summary>
    Marks,
}

/// <summary>Values of one model, or of one kind, over the axis.</summary>
/// <param name="Name">
/// Its entry in the legend. A published series with the name of a measured one, alone or with "(published)", "(reading)" or
/// ", read off the paper" at its end, has the colour of the measured one, and shares one entry with all such.
/// </param>
/// <param name="Kind">How it is drawn.</param>
/// <param name="X">Places on the axis; indices of the categories where it has these.</param>
/// <param name="Y">Values; null leaves a gap.</param>
public sealed record Series(string Name, SeriesKind Kind, IReadOnlyList<double> X, IReadOnlyList<double?> Y)
{
    /// <summary>Half lengths of the error bars; null for none.</summary>
    public IReadOnlyList<double?>? Deviations { get; init; }

    /// <summary>Whether the values were published elsewhere: drawn faint, and labelled so.</summary>
    public bool Published { get; init; }
}
