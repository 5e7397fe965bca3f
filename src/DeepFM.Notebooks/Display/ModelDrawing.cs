using System.Globalization;
using System.Net;
using System.Text;
using DeepFM.Models;

namespace DeepFM.Notebooks.Display;

/// <summary>A model's structure as a picture in the manner of the paper's figures: fields below, the probability above.</summary>
/// <remarks>
/// Connections as in Guo et al. 2017, footnote 1: black ones have weights to be learned, red ones have weight 1, and blue
/// dashed ones are embeddings to be learned.
/// </remarks>
static class ModelDrawing
{
    const double BoxWidth = 168, BoxHeight = 46, GapX = 28, GapY = 46, Margin = 20, Head = 34, Legend = 30, Around = 12, Beside = 50;
    const double BoxReach = BoxHeight / 2 / (BoxHeight + GapY);         // of a level, from its middle
    const int MostFields = 6;
    const double KeysWidth = 376;
    const string Learned = "#202020", Weight1 = "#c62828", Embedded = "#1565c0";

    static readonly (string Color, bool Dashed, string Text, double Room)[] keys =
    [
        (Learned, false, "weight to learn", 135), (Weight1, false, "weight 1", 105), (Embedded, true, "embedding to learn", 136),
    ];

    /// <summary>The picture, an SVG document.</summary>
    /// <param name="definition">What to draw.</param>
    /// <param name="title">Above it.</param>
    /// <param name="fieldNames">Names of the fields; with none they are numbered.</param>
    public static string ToSvg(ModelDefinition definition, string title, IReadOnlyList<string> fieldNames)
    {
        Dictionary<Node, int> levels = [];
        foreach (Node node in definition.Nodes)
        {
            levels[node] = 1 + node.Sources.Select(source => levels[source]).DefaultIfEmpty(0).Max();
        }
        Dictionary<Node, double> centers = Centers(definition, levels, out double width);
        int top = levels.Values.DefaultIfEmpty(0).Max();
        string[] fields = Fields(definition.FieldCount, fieldNames);
        width = Math.Max(Math.Max(width, fields.Length * 92.0), KeysWidth) + 2 * Margin;
        double shift = (width - centers.Values.DefaultIfEmpty(0).Min() - centers.Values.DefaultIfEmpty(0).Max()) / 2;
        foreach (Node node in centers.Keys.ToArray()) { centers[node] += shift; }
        double height = Head + (top + 3) * (BoxHeight + GapY) + Legend;

        // Levels: 0 the fields, 1 … top the nodes, then the sum, then the probability.
        double Y(int level) => height - Legend - Margin - BoxHeight - level * (BoxHeight + GapY);
        double middle = width / 2;
        StringBuilder back = new(), front = new();
        double[] fieldX = [.. fields.Select((_, at) => middle + (at - (fields.Length - 1) / 2.0) * 92)];
        for (int at = 0; at < fields.Length; at++) { Box(front, fieldX[at], Y(0), 80, fields[at], "", "#eceff1", "#78909c"); }

        foreach (Node node in definition.Nodes)
        {
            (string head, string detail, string fill, string stroke) = Describe(node);
            Box(front, centers[node], Y(levels[node]), BoxWidth, head, detail, fill, stroke);
            if (node is LinearNode or EmbedNode)
            {
                string color = node is EmbedNode ? Embedded : Learned;
                foreach (double x in fieldX)
                {
                    Arrow(back, x, Y(0), centers[node], Y(levels[node]) + BoxHeight, color, node is EmbedNode);
                }
            }
            foreach (Node source in node.Sources)
            {
                Connect(source, centers[node], levels[node], node is DenseNode or OutputNode ? Learned : Weight1);
            }
        }
        foreach (Node term in definition.Terms) { Connect(term, middle, top + 1, Weight1); }
        Box(front, middle, Y(top + 1), 92, "+", "the logit", "#fff8e1", "#f9a825");
        Arrow(back, middle, Y(top + 1), middle, Y(top + 2) + BoxHeight, Weight1, dashed: false);
        Box(front, middle, Y(top + 2), 120, "σ", "probability of a click", "#fff8e1", "#f9a825");

        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:0}\" height=\"{height:0}\" "
            + $"viewBox=\"0 0 {width:0} {height:0}\" font-family=\"Helvetica, Arial, sans-serif\" role=\"img\">");
        svg.Append($"<title>{Escape(title)}</title><defs>");
        foreach (string color in new[] { Learned, Weight1, Embedded })
        {
            svg.Append($"<marker id=\"a{color[1..]}\" viewBox=\"0 0 8 8\" "
                + "refX=\"7\" refY=\"4\" markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\">"
                + $"<path d=\"M0 0 L8 4 L0 8 z\" fill=\"{color}\"/></marker>");
        }
        svg.Append(CultureInfo.InvariantCulture, $"</defs><rect width=\"{width:0}\" height=\"{height:0}\" rx=\"6\" fill=\"#ffffff\"/>");
        Text(svg, middle, 22, 15, title, bold: true);
        svg.Append(back).Append(front);
        Keys(svg, height - 14, width);
        return svg.Append("</svg>").ToString();

        // Straight, or where boxes stand in its way, up through the free column that is nearest to its source.
        void Connect(Node source, double x, int level, string color)
        {
            int from = levels[source];
            double x1 = centers[source];
            double[] between = [.. definition.Nodes.Where(node => levels[node] > from && levels[node] < level).Select(node => centers[node])];
            bool blocked = definition.Nodes.Any(node => levels[node] > from && levels[node] < level
                && new[] { -BoxReach, BoxReach }.Any(reach =>
                    Math.Abs(centers[node] - (x1 + (x - x1) * (levels[node] + reach - from) / (level - from))) < BoxWidth / 2));
            if (!blocked) { Arrow(back, x1, Y(from), x, Y(level) + BoxHeight, color, dashed: false); }
            else
            {
                double column = Enumerable.Range(0, (int)width).SelectMany(step => new[] { x1 - step, x1 + step })
                    .First(at => between.All(center => Math.Abs(center - at) >= BoxWidth / 2 + Around));
                Bend(back, x1 + Aside(column - x1), Y(from), column, Y(from + 1) + BoxHeight + Around, color);
                Bend(back, column, Y(from + 1) + BoxHeight + Around, column, Y(level - 1) - Around, color);
                Arrow(back, column, Y(level - 1) - Around, x + Aside(column - x), Y(level) + BoxHeight, color, dashed: false);
            }
        }

        static double Aside(double distance) => Math.Sign(distance) * Math.Min(Math.Abs(distance), Beside);
    }

    // A column for each term, as wide as its widest level; what several terms share stands between them.
    static Dictionary<Node, double> Centers(ModelDefinition definition, Dictionary<Node, int> levels, out double width)
    {
        Dictionary<Node, HashSet<int>> columnsOf = definition.Nodes.ToDictionary(node => node, _ => new HashSet<int>());
        for (int column = 0; column < definition.Terms.Count; column++) { Reach(definition.Terms[column], column); }
        double[] starts = new double[definition.Terms.Count + 1];
        for (int column = 0; column < definition.Terms.Count; column++)
        {
            int most = definition.Nodes.Where(node => columnsOf[node].SetEquals([column])).GroupBy(node => levels[node])
                .Select(level => level.Count()).DefaultIfEmpty(1).Max();
            starts[column + 1] = starts[column] + most * (BoxWidth + GapX);
        }
        width = starts[^1];

        Dictionary<Node, double> centers = [];
        foreach (var group in definition.Nodes.GroupBy(node => (levels[node], string.Join(',', columnsOf[node].Order()))))
        {
            int[] columns = [.. columnsOf[group.First()].Order()];
            double center = columns.Average(column => (starts[column] + starts[column + 1]) / 2);
            Node[] members = [.. group];
            if (members is [OuterProductNode outer]) { center = centers[outer.Input]; }  // above its input, clear of other arrows
            for (int at = 0; at < members.Length; at++)
            {
                centers[members[at]] = center + (at - (members.Length - 1) / 2.0) * (BoxWidth + GapX);
            }
        }
        return centers;

        void Reach(Node node, int column)
        {
            if (!columnsOf[node].Add(column)) { return; }
            foreach (Node source in node.Sources) { Reach(source, column); }
        }
    }

    static (string Head, string Detail, string Fill, string Stroke) Describe(Node node) => node switch
    {
        BiasNode => ("w₀", "bias", "#f3e5f5", "#7b1fa2"),
        LinearNode => ("⟨w, x⟩", "order 1, addition", "#e8f5e9", "#2e7d32"),
        EmbedNode embed => ("embeddings", $"{Counted.Of(embed.FieldCount, "field")} × K = {embed.Size}", "#e3f2fd", Embedded),
        PairSumNode => ("Σ ⟨eᵢ, eⱼ⟩", "order 2, inner products", "#e8f5e9", "#2e7d32"),
        InnerProductsNode products => ("⟨eᵢ, eⱼ⟩ each", $"{products.Width} inner products", "#fce4ec", "#ad1457"),
        FieldSumNode sum => ("Σ eᵢ", $"sum of fields, {sum.Width}", "#fce4ec", "#ad1457"),
        OuterProductNode outer => ("outer product", Counted.Of(outer.Width, "number"), "#fce4ec", "#ad1457"),
        JoinNode join => ("side by side", Counted.Of(join.Width, "number"), "#eceff1", "#546e7a"),
        DenseNode dense => ($"hidden layer, {dense.Width}",
            dense.Activation.ToString().ToLowerInvariant() + (dense.BatchNorm ? ", batch norm" : "")
            + (dense.DropRate > 0 ? FormattableString.Invariant($", drop {dense.DropRate:0.##}") : ""), "#fff3e0", "#e65100"),
        OutputNode => ("y deep", "output unit", "#fff3e0", "#e65100"),
        _ => (node.GetType().Name, $"{node.Width}", "#eceff1", "#546e7a"),
    };

    static string[] Fields(int count, IReadOnlyList<string> names)
    {
        string Name(int at) => at < names.Count ? (names[at].Length > 11 ? names[at][..10] + "…" : names[at]) : $"field {at + 1}";
        return count <= MostFields
            ? [.. Enumerable.Range(0, count).Select(Name)]
            : [.. Enumerable.Range(0, MostFields - 2).Select(Name), "…", Name(count - 1)];
    }

    static void Box(StringBuilder svg, double x, double y, double width, string head, string detail, string fill, string stroke)
    {
        svg.Append(CultureInfo.InvariantCulture,
            $"<rect x=\"{x - width / 2:0.#}\" y=\"{y:0.#}\" width=\"{width:0.#}\" height=\"{BoxHeight}\" "
            + $"rx=\"7\" fill=\"{fill}\" stroke=\"{stroke}\"/>");
        Text(svg, x, y + (detail.Length > 0 ? 19 : 28), 13, head, bold: detail.Length > 0);
        if (detail.Length > 0) { Text(svg, x, y + 36, 11, detail, bold: false); }
    }

    static void Text(StringBuilder svg, double x, double y, int size, string text, bool bold) => svg.Append(CultureInfo.InvariantCulture,
        $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" font-size=\"{size}\" text-anchor=\"middle\" "
        + $"fill=\"#202020\"{(bold ? " font-weight=\"bold\"" : "")}>{Escape(text)}</text>");

    static void Arrow(StringBuilder svg, double x1, double y1, double x2, double y2, string color, bool dashed) =>
        svg.Append(CultureInfo.InvariantCulture,
        $"<line x1=\"{x1:0.#}\" y1=\"{y1:0.#}\" x2=\"{x2:0.#}\" y2=\"{y2 + 2:0.#}\" "
            + $"stroke=\"{color}\" stroke-width=\"1.2\"{(dashed ? " stroke-dasharray=\"5 3\"" : "")} "
            + $"marker-end=\"url(#a{color[1..]})\"/>");

    static void Bend(StringBuilder svg, double x1, double y1, double x2, double y2, string color) =>
        svg.Append(CultureInfo.InvariantCulture,
        $"<line x1=\"{x1:0.#}\" y1=\"{y1:0.#}\" x2=\"{x2:0.#}\" y2=\"{y2:0.#}\" stroke=\"{color}\" stroke-width=\"1.2\" "
            + $"stroke-linecap=\"round\"/>");

    static void Keys(StringBuilder svg, double y, double width)
    {
        double x = (width - KeysWidth) / 2;
        foreach ((string color, bool dashed, string text, double room) in keys)
        {
            Arrow(svg, x, y - 4, x + 30, y - 6, color, dashed);
            svg.Append(CultureInfo.InvariantCulture,
                $"<text x=\"{x + 38:0.#}\" y=\"{y:0.#}\" font-size=\"11\" fill=\"#202020\">{text}</text>");
            x += room;
        }
    }

    static string Escape(string text) => WebUtility.HtmlEncode(text);
}
