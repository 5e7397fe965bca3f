using System.Text.RegularExpressions;

namespace DeepFM.Research.Reporting.Drawing;

/// <summary>The mark at a point. The same shapes are drawn by Plotly and in the static pictures.</summary>
enum Symbol { Circle, Square, Diamond, TriangleUp, TriangleDown, Cross, Pentagon, Hexagon }

/// <summary>How a name looks wherever it is drawn.</summary>
/// <param name="Color">As #rrggbb; readable on white and on near-black.</param>
/// <param name="Symbol">Tells lines apart where colours do not.</param>
/// <param name="Dashed">Whether lines are dashed.</param>
sealed record SeriesStyle(string Color, Symbol Symbol, bool Dashed = false);

/// <summary>The same name has the same look in all figures of a report.</summary>
/// <remarks>
/// The models' looks are fixed. The hues are near those of Okabe and Ito's palette, which colour-blind people tell apart;
/// its yellow is left out, as it cannot be read on white. Other names get a look in the order in which they come.
/// </remarks>
sealed partial class FigurePalette
{
    static readonly Dictionary<string, SeriesStyle> Models = new(StringComparer.Ordinal)
    {
        ["LR"] = new("#7F7F7F", Symbol.Square),
        ["FM"] = new("#A6761D", Symbol.Diamond),
        ["FNN"] = new("#0072B2", Symbol.Square),
        ["IPNN"] = new("#009E73", Symbol.TriangleUp),
        ["OPNN"] = new("#46A9DC", Symbol.TriangleDown),
        ["PNN*"] = new("#CC79A7", Symbol.Diamond),
        ["LR & DNN"] = new("#E0A100", Symbol.Cross),
        ["FM & DNN"] = new("#7B5FC7", Symbol.Pentagon),
        ["DeepFM"] = new("#D55E00", Symbol.Circle),
        ["DNN"] = new("#7F7F7F", Symbol.Hexagon, Dashed: true),
        ["DeepFM-IP"] = new("#009E73", Symbol.Circle, Dashed: true),
        ["DeepFM-OP"] = new("#46A9DC", Symbol.Circle, Dashed: true),
        ["DeepFM-*P"] = new("#CC79A7", Symbol.Circle, Dashed: true),
    };

    static readonly SeriesStyle[] Others =
    [
        new("#0072B2", Symbol.Circle), new("#E0A100", Symbol.Square), new("#009E73", Symbol.Diamond),
        new("#CC79A7", Symbol.TriangleUp), new("#46A9DC", Symbol.TriangleDown), new("#D55E00", Symbol.Cross),
        new("#7B5FC7", Symbol.Pentagon), new("#A6761D", Symbol.Hexagon), new("#7F7F7F", Symbol.Circle),
    ];

    readonly Dictionary<string, SeriesStyle> styles = new(StringComparer.Ordinal);

    /// <summary>Gives every name of these figures its look.</summary>
    public FigurePalette(IEnumerable<Figure> figures)
    {
        int others = 0;
        foreach (Series series in figures.SelectMany(figure => figure.Panels).SelectMany(panel => panel.Series))
        {
            string name = BaseName(series.Name);
            if (styles.ContainsKey(name)) { continue; }
            if (!Models.TryGetValue(name, out SeriesStyle? style))
            {
                style = Others[others % Others.Length] with { Dashed = others >= Others.Length };
                others++;
            }
            styles.Add(name, style);
        }
    }

    /// <summary>The look of a series.</summary>
    public SeriesStyle Of(Series series) => styles[BaseName(series.Name)];

    /// <summary>
    /// The name without "(published)", "(reading)" or ", read off the paper" at its end: these have the look of the measured one.
    /// </summary>
    public static string BaseName(string name) => Suffix().Replace(name, "");

    [GeneratedRegex(@"(,\s*|\s*\()(published|readings?|read off[^,()]*)\)?$", RegexOptions.IgnoreCase)]
    private static partial Regex Suffix();
}
