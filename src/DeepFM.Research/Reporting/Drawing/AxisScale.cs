using System.Globalization;

namespace DeepFM.Research.Reporting.Drawing;

/// <summary>A place on an axis that is labelled.</summary>
readonly record struct Tick(double Value, string Text);

/// <summary>Where an axis begins and ends, and what is written at it.</summary>
sealed class AxisScale
{
    const int WantedTicks = 5;

    AxisScale(double from, double to, bool logarithmic, IReadOnlyList<Tick> ticks, bool isListed) =>
        (From, To, IsLogarithmic, Ticks, IsListed) = (from, to, logarithmic, ticks, isListed);

    /// <summary>Begin; positive on a logarithmic axis.</summary>
    public double From { get; }

    /// <summary>End, above <see cref="From"/>.</summary>
    public double To { get; }

    /// <summary>Whether equal distances are equal ratios.</summary>
    public bool IsLogarithmic { get; }

    /// <summary>Labelled places within the axis, ascending.</summary>
    public IReadOnlyList<Tick> Ticks { get; }

    /// <summary>Whether the ticks are the places of the values, rather than round numbers.</summary>
    public bool IsListed { get; }

    /// <summary>The place of a value: 0 at the begin, 1 at the end.</summary>
    public double At(double value) => IsLogarithmic
        ? Math.Log(value / From) / Math.Log(To / From)
        : (value - From) / (To - From);

    /// <summary>Whether the value has a place: finite, and positive on a logarithmic axis.</summary>
    public bool Has(double? value) => value is { } number && double.IsFinite(number) && (!IsLogarithmic || number > 0);

    /// <summary>The horizontal axis: categories, else the places themselves when they are few, else round numbers.</summary>
    public static AxisScale Horizontal(Panel panel)
    {
        if (panel.X.Categories is { } categories)
        {
            return new(-0.5, Math.Max(categories.Count, 1) - 0.5, false,
                [.. categories.Select((text, at) => new Tick(at, text))], isListed: true);
        }
        double[] places = [.. panel.Series.SelectMany(series => series.X).Where(double.IsFinite).Distinct().Order()];
        double half = BarPlaces.SlotWidth(panel) / 2;
        AxisScale scale = Fit(panel.X, half > 0 ? [.. places.SelectMany(x => new[] { x - half, x + half })] : places, 0.05);
        bool apart = places.Length is > 1 and <= 8
            && places.Zip(places.Skip(1)).All(pair => scale.At(pair.Second) - scale.At(pair.First) > 0.09);
        return apart
            ? new(scale.From, scale.To, scale.IsLogarithmic, [.. places.Select(x => new Tick(x, Text(x)))], isListed: true)
            : scale;
    }

    /// <summary>The vertical axis; that of bars holds 0, unless it says where it begins.</summary>
    public static AxisScale Vertical(Panel panel)
    {
        List<double> values = [];
        foreach (PlacedBar bar in BarPlaces.Of(panel))
        {
            values.AddRange([bar.From, bar.To, bar.To - (bar.Deviation ?? 0), bar.To + (bar.Deviation ?? 0)]);
        }
        foreach (Series series in panel.Series.Where(series => !FigureLegend.IsBar(series)))
        {
            for (int i = 0; i < series.Y.Count; i++)
            {
                if (series.Y[i] is not { } y) { continue; }
                double deviation = series.Deviations?[i] ?? 0;
                values.AddRange([y, y - deviation, y + deviation]);
            }
        }
        return Fit(panel.Y, values, 0.06);
    }

    static AxisScale Fit(Axis axis, IReadOnlyList<double> values, double padding) =>
        axis.Logarithmic ? FitLogarithmic(axis, values, padding) : FitLinear(axis, values, padding);

    static AxisScale FitLinear(Axis axis, IReadOnlyList<double> values, double padding)
    {
        double[] finite = [.. values.Where(double.IsFinite)];
        double low = axis.Min ?? finite.DefaultIfEmpty(0).Min(), high = axis.Max ?? finite.DefaultIfEmpty(1).Max();
        double length = high - low;
        if (!(length > Math.Max(Math.Abs(low), Math.Abs(high)) * 1e-12))
        {
            // One value, or all equal: an axis around it.
            length = low == 0 ? 1 : Math.Abs(low) * 0.1;
            (low, high) = (axis.Min ?? (low - length / 2), axis.Max ?? (high + length / 2));
            if (!(high > low)) { high = low + length; }
        }
        // Bars stand on the axis: nothing is added below 0.
        double from = axis.Min ?? (low == 0 ? 0 : low - length * padding);
        double to = axis.Max ?? (high == 0 ? 0 : high + length * padding);
        return new(from, to, false, RoundTicks(from, to), isListed: false);
    }

    static AxisScale FitLogarithmic(Axis axis, IReadOnlyList<double> values, double padding)
    {
        double[] positive = [.. values.Where(value => double.IsFinite(value) && value > 0)];
        double low = axis.Min is > 0 ? axis.Min.Value : positive.DefaultIfEmpty(1).Min();
        double high = axis.Max is > 0 ? axis.Max.Value : positive.DefaultIfEmpty(10).Max();
        if (!(high > low * (1 + 1e-12))) { (low, high) = (low / 2, high * 2); }
        double ratio = Math.Pow(high / low, padding);
        double from = axis.Min is > 0 ? low : low / ratio, to = axis.Max is > 0 ? high : high * ratio;
        double decades = Math.Log10(to / from);
        if (decades < 0.8) { return new(from, to, true, RoundTicks(from, to), isListed: false); }

        int first = (int)Math.Floor(Math.Log10(from)), last = (int)Math.Ceiling(Math.Log10(to));
        int stride = Math.Max(1, (int)Math.Ceiling(decades / 7));
        double[] steps = decades <= 3 ? [1, 2, 5] : [1];
        Tick[] ticks =
        [
            .. from power in Enumerable.Range(first, last - first + 1)
               where (power - first) % stride == 0
               from step in steps
               let value = double.Parse(FormattableString.Invariant($"{step}E{power}"), CultureInfo.InvariantCulture)
               where value >= @from * (1 - 1e-9) && value <= to * (1 + 1e-9)
               select new Tick(value, Text(value)),
        ];
        return new(from, to, true, ticks, isListed: false);
    }

    static Tick[] RoundTicks(double from, double to)
    {
        double rough = (to - from) / WantedTicks, power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = new[] { 1, 2, 2.5, 5, 10 }.First(factor => factor * power >= rough * (1 - 1e-9)) * power;
        int decimals = Enumerable.Range(0, 15).FirstOrDefault(
            digits => Math.Abs(step * Math.Pow(10, digits) - Math.Round(step * Math.Pow(10, digits))) < 1e-6, 15);
        string format = Math.Max(Math.Abs(from), Math.Abs(to)) is < 1e-4 or >= 1e9 ? "0.###E0" : $"#,0.{new string('0', decimals)}";
        List<Tick> ticks = [];
        for (double at = Math.Ceiling(from / step - 1e-9); at * step <= to + step * 1e-9; at++)
        {
            double value = at * step;
            ticks.Add(new(value, Text(at == 0 ? 0 : value, format)));
        }
        return [.. ticks];
    }

    static string Text(double value) =>
        Text(value, value != 0 && Math.Abs(value) is < 1e-4 or >= 1e9 ? "0.###E0" : "#,0.######");

    // With a minus sign, not a hyphen, as plotly.js writes it.
    static string Text(double value, string format) =>
        value.ToString(format, CultureInfo.InvariantCulture).Replace('-', '\u2212');
}
