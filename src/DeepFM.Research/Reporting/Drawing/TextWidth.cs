using System.Text;

namespace DeepFM.Research.Reporting.Drawing;

/// <summary>Estimates how wide a text is in a sans-serif font, since no font is at hand where pictures are written.</summary>
static class TextWidth
{
    // Advance of the characters ' ' to '~' in thousandths of the font size, as in Arial and its metric twins.
    static readonly short[] Advances =
    [
        278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
        556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
        1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
        667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
        333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
        556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
    ];

    // Wider fonts are common where Arial is not installed.
    const double Margin = 1.1;

    /// <summary>Width in pixels at a font size in pixels; an upper estimate for most fonts.</summary>
    public static double Of(string text, double size)
    {
        double thousandths = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            thousandths += rune.Value is >= ' ' and <= '~' ? Advances[rune.Value - ' '] : rune.Value < 0x1100 ? 600 : 1000;
        }
        return thousandths / 1000 * size * Margin;
    }

    /// <summary>Breaks the text at blanks such that lines are at most <paramref name="width"/> pixels wide, if words allow.</summary>
    public static IReadOnlyList<string> Wrap(string text, double size, double width)
    {
        List<string> lines = [];
        foreach (string word in text.ReplaceLineEndings(" ").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (lines.Count > 0 && Of($"{lines[^1]} {word}", size) <= width) { lines[^1] += " " + word; }
            else { lines.Add(word); }
        }
        return lines;
    }

    /// <summary>The text, or its beginning with "…" where it is wider than <paramref name="width"/> pixels.</summary>
    public static string Shorten(string text, double size, double width)
    {
        if (Of(text, size) <= width) { return text; }
        Rune[] runes = [.. text.EnumerateRunes()];
        int length = runes.Length;
        string shortened;
        do { shortened = string.Concat(runes.Take(--length)).TrimEnd() + "…"; }
        while (length > 1 && Of(shortened, size) > width);
        return shortened;
    }
}
