using System.Globalization;
using System.Xml.Linq;

namespace DeepFM.Research.Reporting.Drawing;

/// <summary>The elements that the static pictures are made of.</summary>
static class SvgShapes
{
    /// <summary>The namespace of SVG.</summary>
    public static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <summary>A number in pixels, to a hundredth.</summary>
    public static string Px(double value) => (Math.Round(value, 2) + 0.0).ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>An element with attributes; an attribute that is null is left out.</summary>
    public static XElement Element(string name, params (string Name, object? Value)[] attributes) => new(Svg + name,
        attributes.Where(pair => pair.Value is not null)
            .Select(pair => new XAttribute(pair.Name, pair.Value is double number ? Px(number) : Clean(pair.Value!.ToString()!))));

    /// <summary>A straight line.</summary>
    public static XElement Line(double x1, double y1, double x2, double y2, string color, double width = 1) => Element("line",
        ("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2), ("stroke", color), ("stroke-width", width));

    /// <summary>A text; <paramref name="y"/> is its base line.</summary>
    public static XElement Text(string text, double x, double y, double size, string anchor = "start", bool bold = false,
        string? color = null, double slant = 0)
    {
        XElement element = Element("text", ("x", x), ("y", y), ("font-size", size), ("text-anchor", anchor == "start" ? null : anchor),
            ("font-weight", bold ? "600" : null), ("fill", color),
            ("transform", slant == 0 ? null : $"rotate({Px(slant)} {Px(x)} {Px(y)})"));
        element.Value = Clean(text);
        return element;
    }

    /// <summary>The text without characters that XML cannot hold.</summary>
    public static string Clean(string text) => string.Concat(text.EnumerateRunes().Select(rune =>
        rune.Value is (>= 0x20 and not (0xFFFE or 0xFFFF)) or '\t' or '\n' or '\r' ? rune.ToString() : "\uFFFD"));
}
