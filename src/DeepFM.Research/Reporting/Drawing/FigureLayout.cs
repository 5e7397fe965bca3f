namespace DeepFM.Research.Reporting.Drawing;

/// <summary>How a figure is to be drawn.</summary>
/// <param name="Palette">The look of every name.</param>
/// <param name="Width">Pixels; below <see cref="FigureLayout.NarrowBelow"/> the panels stand one below the other.</param>
/// <param name="WithTitle">Whether the figure's title is drawn; not where the page around it has it.</param>
/// <param name="Legend">How room is made for the legend.</param>
sealed record DrawingOptions(FigurePalette Palette, double Width, bool WithTitle, LegendRoom Legend = LegendRoom.Lines);

/// <summary>How room is made for the legend.</summary>
enum LegendRoom
{
    /// <summary>Entries follow each other in lines.</summary>
    Lines,

    /// <summary>As plotly.js sets it: in columns of one width, where one line is not enough.</summary>
    Columns,

    /// <summary>None: the page around the figure has the legend.</summary>
    None,
}

/// <summary>A rectangle in pixels from the upper left corner of the picture.</summary>
readonly record struct Box(double Left, double Top, double Width, double Height)
{
    public double Right => Left + Width;

    public double Bottom => Top + Height;
}

/// <summary>A line of the legend with its place.</summary>
readonly record struct PlacedEntry(LegendEntry Entry, double Left, double Middle);

/// <summary>A panel with its place.</summary>
sealed record PlacedPanel(Panel Panel, AxisScale X, AxisScale Y)
{
    /// <summary>The area between the axes.</summary>
    public Box Plot { get; init; }

    /// <summary>Where the titles above begin, left of the vertical axis' labels.</summary>
    public double Left { get; init; }

    /// <summary>The panel's title, in lines.</summary>
    public required IReadOnlyList<string> Title { get; init; }

    /// <summary>The vertical axis' title, in lines: above the axis, so that it reads without turning the head.</summary>
    public required IReadOnlyList<string> YTitle { get; init; }

    /// <summary>The horizontal axis' title, in lines.</summary>
    public required IReadOnlyList<string> XTitle { get; init; }

    /// <summary>The texts at the ticks of the horizontal axis, in lines; none where it would hit its neighbour.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> XLabels { get; init; }

    /// <summary>Whether these are slanted.</summary>
    public bool Slanted { get; init; }

    /// <summary>Pixels below the plot down to the axis' title.</summary>
    public double XLabelHeight { get; init; }
}

/// <summary>Where everything of a figure stands, in pixels. Plotly and the static picture share it.</summary>
sealed class FigureLayout
{
    /// <summary>Width in pixels below which panels stand one below the other.</summary>
    public const double NarrowBelow = 640;

    public const double TickSize = 12, TextSize = 13, TitleSize = 16, LineHeight = 16, LegendLineHeight = 21;
    public const double KeyWidth = 26, Slant = 35;
    const double Bold = 1.12;   // bold letters are wider
    const double Gap = 30, RightPad = 14, SlantedWidth = 150;

    /// <summary>Places a figure.</summary>
    /// <exception cref="ArgumentException">The figure is not whole; see <see cref="ReportCheck"/>.</exception>
    public FigureLayout(Figure figure, DrawingOptions options)
    {
        ReportCheck.Figure(figure);
        Width = options.Width;
        OnPage = options.Legend == LegendRoom.None;
        Legend = new(figure, options.Palette);
        TitleLines = options.WithTitle ? TextWidth.Wrap(figure.Title, TitleSize * Bold, Width) : [];
        double top = TitleLines.Count * 22 + (TitleLines.Count > 0 ? 6 : 0);
        Entries = PlaceEntries(options.Legend, ref top);
        Panels = PlacePanels(figure.Panels, ref top);
        Height = top;
    }

    /// <summary>Whether the page around it has title, legend and background.</summary>
    public bool OnPage { get; }

    public double Width { get; }

    public double Height { get; }

    public IReadOnlyList<string> TitleLines { get; }

    public FigureLegend Legend { get; }

    public IReadOnlyList<PlacedEntry> Entries { get; }

    public IReadOnlyList<PlacedPanel> Panels { get; }

    List<PlacedEntry> PlaceEntries(LegendRoom room, ref double top)
    {
        List<PlacedEntry> placed = [];
        if (Legend.Entries.Count < 2 || room == LegendRoom.None) { return placed; }
        // plotly.js leaves 40 pixels for a key and 5 between columns.
        double key = room == LegendRoom.Columns ? 45 : KeyWidth + 20;
        double[] widths = [.. Legend.Entries.Select(entry => key + TextWidth.Of(entry.Label, TextSize))];
        if (room == LegendRoom.Columns && widths.Sum() > Width) { Array.Fill(widths, widths.Max()); }
        double left = 0;
        foreach ((LegendEntry entry, double width) in Legend.Entries.Zip(widths))
        {
            if (left > 0 && left + width > Width)
            {
                left = 0;
                top += LegendLineHeight;
            }
            placed.Add(new(entry, left, top + LegendLineHeight / 2));
            left += width;
        }
        top += LegendLineHeight + 10;
        return placed;
    }

    PlacedPanel[] PlacePanels(IReadOnlyList<Panel> panels, ref double top)
    {
        int columns = Width < NarrowBelow ? 1 : panels.Count == 4 ? 2 : Math.Min(panels.Count, 3);
        double cell = (Width - (columns - 1) * Gap) / columns;
        double plotHeight = Width < NarrowBelow ? 230 : columns == 1 ? 320 : 280;

        PlacedPanel[] placed = [.. panels.Select(panel => Measure(panel, cell))];
        for (int row = 0; row < placed.Length; row += columns)
        {
            Span<PlacedPanel> line = placed.AsSpan(row, Math.Min(columns, placed.Length - row));
            double above = 0, below = 0;
            foreach (PlacedPanel panel in line)
            {
                above = Math.Max(above, (panel.Title.Count + panel.YTitle.Count) * LineHeight + 10);
                below = Math.Max(below, panel.XLabelHeight + panel.XTitle.Count * LineHeight);
            }
            for (int column = 0; column < line.Length; column++)
            {
                PlacedPanel panel = line[column];
                double left = column * (cell + Gap);
                line[column] = panel with
                {
                    Left = left,
                    Plot = new(left + panel.Plot.Left, top + above, panel.Plot.Width, plotHeight),
                };
            }
            top += above + plotHeight + below + (row + columns < placed.Length ? 22 : 8);
        }
        return placed;
    }

    // All but the place of the panel; Plot.Left is relative to the cell.
    static PlacedPanel Measure(Panel panel, double cell)
    {
        AxisScale x = AxisScale.Horizontal(panel), y = AxisScale.Vertical(panel);
        double left = y.Ticks.Select(tick => TextWidth.Of(tick.Text, TickSize)).DefaultIfEmpty(0).Max() + 12;
        double width = cell - left - RightPad;
        double room = (x.Ticks.Count > 1 ? x.At(x.Ticks[1].Value) - x.At(x.Ticks[0].Value) : 1) * width - 6;

        bool slanted = false;
        IReadOnlyList<string>[] labels = [.. x.Ticks.Select(tick => TextWidth.Wrap(tick.Text, TickSize, room))];
        if (panel.X.Categories is null) { DropOverlapping(x, width, labels); }
        else if (labels.Any(lines => lines.Count > 2 || lines.Any(line => TextWidth.Of(line, TickSize) > room)))
        {
            slanted = true;
            labels = [.. x.Ticks.Select(tick => (IReadOnlyList<string>)[TextWidth.Shorten(tick.Text, TickSize, SlantedWidth)])];
            // A slanted label hangs out to the left of its tick.
            double cos = Math.Cos(Slant * Math.PI / 180);
            double hanging = labels.Select((lines, at) => TextWidth.Of(lines[0], TickSize) * cos - x.At(x.Ticks[at].Value) * width).Max();
            left = Math.Max(left, hanging + 8);
            width = cell - left - RightPad;
        }
        double labelHeight = slanted
            ? labels.Max(lines => TextWidth.Of(lines[0], TickSize)) * Math.Sin(Slant * Math.PI / 180) + 22
            : labels.Select(lines => lines.Count).DefaultIfEmpty(0).Max() * LineHeight + 12;
        return new(panel, x, y)
        {
            Plot = new(left, 0, width, 0),
            Title = TextWidth.Wrap(panel.Title, (TextSize + 1) * Bold, cell),
            YTitle = panel.Y.Title == panel.Title ? [] : TextWidth.Wrap(panel.Y.Title, TickSize, cell),
            XTitle = TextWidth.Wrap(panel.X.Title, TickSize, width),
            XLabels = labels,
            Slanted = slanted,
            XLabelHeight = labelHeight,
        };
    }

    static void DropOverlapping(AxisScale x, double width, IReadOnlyList<string>[] labels)
    {
        double free = double.NegativeInfinity;
        for (int i = 0; i < labels.Length; i++)
        {
            double middle = x.At(x.Ticks[i].Value) * width, half = TextWidth.Of(x.Ticks[i].Text, TickSize) / 2;
            labels[i] = middle - half < free ? [] : [x.Ticks[i].Text];
            if (labels[i].Count > 0) { free = middle + half + 4; }
        }
    }
}
