using System.Xml.Linq;
using static DeepFM.Research.Reporting.Drawing.SvgShapes;

namespace DeepFM.Research.Reporting.Drawing;

/// <summary>What stands for values in the static pictures and in legends: marks, lines, bars.</summary>
static class SvgMarks
{
    /// <summary>Radius of a mark in pixels.</summary>
    public const double Radius = 3.6;

    /// <summary>The colour of a legend's line that is of no one name.</summary>
    public const string Neutral = "#6e7781";

    /// <summary>The key of a legend's line, <see cref="FigureLayout.KeyWidth"/> wide.</summary>
    /// <param name="entry">The line.</param>
    /// <param name="left">Its left edge.</param>
    /// <param name="middle">Its middle, downwards.</param>
    /// <param name="hatch">Id of the pattern of published bars.</param>
    public static XElement Key(LegendEntry entry, double left, double middle, string hatch)
    {
        string color = entry.Style?.Color ?? Neutral;
        XElement key = Element("g", ("opacity", entry.Published ? 0.75 : null));
        if (entry.Kind is SeriesKind.Bars or SeriesKind.StackedBars)
        {
            key.Add(Bar(left + 4, middle - 6, 18, 12, color, entry.Published ? hatch : null));
            return key;
        }
        if (entry.Kind == SeriesKind.Line)
        {
            string path = $"M{Px(left)} {Px(middle)}H{Px(left + FigureLayout.KeyWidth)}";
            key.Add(Stroke(path, color, entry.Published, entry.Style?.Dashed == true));
        }
        key.Add(Mark(entry.Style?.Symbol ?? Symbol.Circle, left + FigureLayout.KeyWidth / 2, middle, Radius, color, entry.Published));
        return key;
    }

    /// <summary>A bar; with the id of a pattern, one of published values.</summary>
    public static XElement Bar(double x, double y, double width, double height, string color, string? hatch) => Element("rect",
        ("x", x), ("y", y), ("width", width), ("height", height), ("fill", hatch is null ? color : $"url(#{hatch})"),
        ("stroke", hatch is null ? null : color), ("stroke-opacity", hatch is null ? null : 0.6));

    /// <summary>A line through points.</summary>
    public static XElement Stroke(string path, string color, bool published, bool dashed) => Element("path", ("d", path),
        ("fill", "none"), ("stroke", color), ("stroke-width", published ? 1.3 : 2.0), ("stroke-linejoin", "round"),
        ("stroke-dasharray", published ? "2 3" : dashed ? "7 3" : null));

    /// <summary>The pattern of published bars in a colour.</summary>
    public static XElement Hatch(string color, string id)
    {
        XElement pattern = Element("pattern", ("id", id), ("width", 6.0), ("height", 6.0), ("patternUnits", "userSpaceOnUse"),
            ("patternTransform", "rotate(45)"));
        pattern.Add(Element("rect", ("width", 6.0), ("height", 6.0), ("fill", color), ("fill-opacity", 0.15)),
            Element("rect", ("width", 1.8), ("height", 6.0), ("fill", color), ("fill-opacity", 0.6)));
        return pattern;
    }

    /// <summary>The mark of a point; an open one is white inside.</summary>
    public static XElement Mark(Symbol symbol, double x, double y, double radius, string color, bool open)
    {
        XElement shape = symbol == Symbol.Circle
            ? Element("circle", ("cx", x), ("cy", y), ("r", radius))
            : Element("path", ("d", Outline(symbol, x, y, radius)));
        shape.SetAttributeValue("fill", open ? "#fff" : color);
        shape.SetAttributeValue("stroke", color);
        if (open) { shape.SetAttributeValue("stroke-width", "1.2"); }
        return shape;
    }

    static string Outline(Symbol symbol, double x, double y, double r) => symbol switch
    {
        Symbol.Square => Polygon(x, y, r * 1.25, 4, 45),
        Symbol.Diamond => Polygon(x, y, r * 1.3, 4, 0),
        Symbol.TriangleUp => Polygon(x, y, r * 1.35, 3, 0),
        Symbol.TriangleDown => Polygon(x, y, r * 1.35, 3, 180),
        Symbol.Pentagon => Polygon(x, y, r * 1.15, 5, 0),
        Symbol.Hexagon => Polygon(x, y, r * 1.15, 6, 0),
        _ => Cross(x, y, r * 1.15),
    };

    static string Polygon(double x, double y, double radius, int corners, double turn) => string.Concat(
        Enumerable.Range(0, corners).Select(corner =>
        {
            double angle = (turn + 360.0 * corner / corners) * Math.PI / 180;
            return $"{(corner == 0 ? "M" : "L")}{Px(x + radius * Math.Sin(angle))} {Px(y - radius * Math.Cos(angle))}";
        })) + "Z";

    static string Cross(double x, double y, double r)
    {
        double arm = r * 0.38;
        (double X, double Y)[] corners =
        [
            (-arm, -r), (arm, -r), (arm, -arm), (r, -arm), (r, arm), (arm, arm),
            (arm, r), (-arm, r), (-arm, arm), (-r, arm), (-r, -arm), (-arm, -arm),
        ];
        return string.Concat(corners.Select((corner, at) => $"{(at == 0 ? "M" : "L")}{Px(x + corner.X)} {Px(y + corner.Y)}")) + "Z";
    }
}
