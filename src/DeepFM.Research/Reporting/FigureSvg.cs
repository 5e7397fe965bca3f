using System.Xml.Linq;
using DeepFM.Research.Reporting.Drawing;

namespace DeepFM.Research.Reporting;

/// <summary>A figure as a static picture, for where no script runs: the looks and labels of <see cref="FigurePlotly"/>.</summary>
public static class FigureSvg
{
    /// <summary>The picture as an SVG document: no font, style or script from elsewhere. The same figure gives the same bytes.</summary>
    /// <param name="figure">What to draw.</param>
    /// <param name="width">Pixels, in [240, 4000]; below 640, panels stand one below the other.</param>
    /// <exception cref="ArgumentException">A series' lists differ in length, or a place is no category's index.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="width"/> is out of range.</exception>
    public static string ToSvg(Figure figure, int width = 960)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 240);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, 4000);
        return ToSvg(figure, new DrawingOptions(new([figure]), width, WithTitle: true));
    }

    /// <summary>The picture with the palette of a report.</summary>
    internal static string ToSvg(Figure figure, DrawingOptions options)
    {
        SvgPicture picture = new(figure, new(figure, options), options.Palette);
        return picture.Draw().ToString(SaveOptions.DisableFormatting);
    }
}
