using System.Globalization;
using System.Net;
using System.Text;
using DeepFM.Data;
using DeepFM.Notebooks.Display;

namespace DeepFM.Notebooks;

/// <summary>The embedding layer as a picture, for one row: sparse ones and zeros below, dense vectors of one length above.</summary>
/// <remarks>Guo et al. 2017, figure 4: fields differ in length, their embeddings do not; e_i = V_i·x_i, eq. (3).</remarks>
public sealed class EmbeddingPicture
{
    const int MostCells = 8;
    const double Cell = 22, Gap = 34, Margin = 20, VectorY = 62, OneHotY = 190, Height = 262;
    readonly List<Part> parts;
    readonly int size;

    /// <summary>Takes some fields of a row.</summary>
    /// <param name="features">The encodings that made the row.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="row">0-based.</param>
    /// <param name="embeddingSize">K, in [1, 16], as far as it can be drawn.</param>
    /// <param name="fields">Names of fields with one id a row.</param>
    /// <exception cref="UserErrorException">There is no such field, or it has no single id.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row, or K is too large to be drawn.</exception>
    public EmbeddingPicture(FeatureMap features, EncodedData rows, int row, int embeddingSize, params IReadOnlyList<string> fields)
    {
        size = Require.InRange(embeddingSize, 1, 16);
        Require.InRange(row, 0, rows.RowCount - 1);
        string[] known = [.. features.Fields.Where(field => field.Shape == FieldShape.OneId).Select(field => field.Name)];
        List<Part> found = [];
        foreach (string name in fields)
        {
            int at = features.Fields.ToList().FindIndex(field => field.Name == name && field.Shape == FieldShape.OneId);
            if (at < 0) { throw UnknownName.Error("field with one id a row", name, known); }
            EncodedField field = features.Fields[at];
            int id = rows.Ids(row)[at];
            found.Add(new(name, features.Describe(id).Value, field.IdCount, id - field.FirstId));
        }
        parts = found;
    }

    sealed record Part(string Name, string Value, int Count, int Hot);

    /// <summary>The picture and a line for viewers without pictures.</summary>
    internal View ToView() => View.Picture(ToSvg(), $"Embedding layer, K = {size}: "
        + string.Join("; ", parts.Select(part => $"{part.Name} = {part.Value}, number {part.Hot + 1} of {part.Count}")));

    /// <summary>The picture, an SVG document.</summary>
    internal string ToSvg()
    {
        double[] widths = [.. parts.Select(part => Math.Max(Math.Max(size, Cells(part).Count) * Cell, 7.2 * Label(part).Length))];
        double width = 2 * Margin + widths.Sum() + Gap * Math.Max(0, parts.Count - 1);
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:0}\" height=\"{Height}\" ")
            .Append(CultureInfo.InvariantCulture, $"viewBox=\"0 0 {width:0} {Height}\" ")
            .Append("font-family=\"Helvetica, Arial, sans-serif\" role=\"img\">")
            .Append(CultureInfo.InvariantCulture, $"<rect width=\"{width:0}\" height=\"{Height}\" rx=\"6\" fill=\"#ffffff\"/>");
        Text(svg, width / 2, 24, 14, $"Embedding layer: K = {size} numbers for each field", bold: true);
        double left = Margin;
        for (int at = 0; at < parts.Count; at++)
        {
            Draw(svg, parts[at], left + widths[at] / 2);
            left += widths[at] + Gap;
        }
        return svg.Append("</svg>").ToString();
    }

    void Draw(StringBuilder svg, Part part, double center)
    {
        List<int?> cells = Cells(part);
        double vectorLeft = center - size * Cell / 2, oneHotLeft = center - cells.Count * Cell / 2;
        double hotX = oneHotLeft + (Enumerable.Range(0, cells.Count).First(at => cells[at] == part.Hot) + 0.5) * Cell;
        for (int k = 0; k < size; k++)
        {
            double x = vectorLeft + k * Cell;
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{hotX:0.#}\" y1=\"{OneHotY}\" ")
                .Append(CultureInfo.InvariantCulture, $"x2=\"{x + Cell / 2:0.#}\" y2=\"{VectorY + Cell}\" ")
                .Append("stroke=\"#1565c0\" stroke-dasharray=\"5 3\"/>");
            Box(svg, x, VectorY, "#e3f2fd", "#1565c0", "");
        }
        for (int at = 0; at < cells.Count; at++)
        {
            double x = oneHotLeft + at * Cell;
            if (cells[at] is not { } place) { Text(svg, x + Cell / 2, OneHotY + 15, 13, "…", bold: false); }
            else { Box(svg, x, OneHotY, place == part.Hot ? "#fff8e1" : "#eceff1", "#78909c", place == part.Hot ? "1" : "0"); }
        }
        Text(svg, center, OneHotY + 42, 12, Label(part), bold: false);
        Text(svg, center, OneHotY + 60, 11, Counted.Of(part.Count, "id"), bold: false);
    }

    static string Label(Part part) => $"{part.Name} = {part.Value}";

    // The places that are drawn; null for a gap.
    static List<int?> Cells(Part part)
    {
        if (part.Count <= MostCells) { return [.. Enumerable.Range(0, part.Count).Select(place => (int?)place)]; }
        int[] shown = [.. new[] { 0, 1, part.Hot - 1, part.Hot, part.Hot + 1, part.Count - 1 }
            .Where(place => place >= 0 && place < part.Count).Distinct().Order()];
        List<int?> cells = [];
        for (int at = 0; at < shown.Length; at++)
        {
            if (at > 0 && shown[at] > shown[at - 1] + 1) { cells.Add(null); }
            cells.Add(shown[at]);
        }
        return cells;
    }

    static void Box(StringBuilder svg, double x, double y, string fill, string stroke, string text)
    {
        svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x:0.#}\" y=\"{y:0.#}\" width=\"{Cell}\" height=\"{Cell}\" ")
            .Append($"fill=\"{fill}\" stroke=\"{stroke}\"/>");
        if (text.Length > 0) { Text(svg, x + Cell / 2, y + 15, 12, text, bold: text == "1"); }
    }

    static void Text(StringBuilder svg, double x, double y, int size, string text, bool bold) => svg
        .Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" font-size=\"{size}\" text-anchor=\"middle\" ")
        .Append($"fill=\"#202020\"{(bold ? " font-weight=\"bold\"" : "")}>")
        .Append(WebUtility.HtmlEncode(text)).Append("</text>");
}
