using System.Text.Json.Nodes;
using System.Xml.Linq;
using CsCheck;
using DeepFM.Research.Reporting;
using DeepFM.Research.Reporting.Drawing;
using Plotly.NET;
using Figure = DeepFM.Research.Reporting.Figure;

namespace DeepFM.Research.Tests.Reporting;

public sealed class FigureTests
{
    static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <summary>Figures that are hard to draw.</summary>
    public static TheoryData<string> Hard => [.. HardFigures.Keys];

    static readonly Dictionary<string, Figure> HardFigures = new()
    {
        ["no series"] = Of([]),
        ["no points"] = Of([new("a", SeriesKind.Line, [], [])]),
        ["all gaps"] = Of([new("a", SeriesKind.Line, [1, 2], [null, double.NaN])]),
        ["one point"] = Of([new("a", SeriesKind.Line, [3], [0.5])]),
        ["one point at 0"] = Of([new("a", SeriesKind.Marks, [0], [0])]),
        ["all equal"] = Of([new("a", SeriesKind.Line, [1, 2, 3], [0.7, 0.7, 0.7])]),
        ["infinite"] = Of([new("a", SeriesKind.Line, [1, 2, 3], [1, double.PositiveInfinity, 2])]),
        ["tiny"] = Of([new("a", SeriesKind.Line, [1e-9, 2e-9], [1e-12, 3e-12])]),
        ["huge"] = Of([new("a", SeriesKind.Line, [1, 2], [1e15, 3e15])]),
        ["nearly equal"] = Of([new("a", SeriesKind.Line, [1, 2], [0.5, 0.5 + 1e-15])]),
        ["negative bars"] = Of([new("a", SeriesKind.Bars, [0, 1], [-1, 2]), new("b", SeriesKind.StackedBars, [0, 1], [-1, null])]),
        ["equal negative bars"] = Of([new("a", SeriesKind.Bars, [0, 1], [-1, -1])]),
        ["logarithmic with 0"] = Of([new("a", SeriesKind.Bars, [0, 1, 2], [0, 5, -3]) { Deviations = [1, 7, null] }], logarithmic: true),
        ["logarithmic, one value"] = Of([new("a", SeriesKind.Line, [0], [5])], logarithmic: true),
        ["long names"] = new("long", new string('t', 300), [new(new string('p', 200), new("x", [new string('c', 200), "<&>\"'"]),
            new(new string('y', 200)),
            [new(new string('n', 300), SeriesKind.Bars, [0, 1], [1, 2]), new("<b>&amp;\u0001", SeriesKind.Line, [0], [1])])]),
        ["no categories"] = new("none", "t", [new("p", new("x", []), new("y"), [])]),
        ["many panels"] = new("many", "t", [.. Enumerable.Range(0, 7).Select(at => new Panel($"{at}", new("x"), new("y"),
            [new("a", SeriesKind.Line, [0, 1], [at, 1])]))]),
    };

    static Figure Of(IReadOnlyList<Series> series, bool logarithmic = false) =>
        new("figure", "A figure", [new("panel", new("x"), new("y", Logarithmic: logarithmic), series)]);

    [Theory, MemberData(nameof(Hard))]
    public void HardFigures_AreDrawnWithinThePicture(string name)
    {
        foreach (int width in new[] { 240, 350, 960 })
        {
            XElement svg = XElement.Parse(FigureSvg.ToSvg(HardFigures[name], width));
            double height = double.Parse(svg.Attribute("height")!.Value), full = double.Parse(svg.Attribute("width")!.Value);
            Assert.InRange(height, 1, 10_000);
            string[] attributes = [.. svg.DescendantsAndSelf().Attributes().Select(attribute => attribute.Value)];
            Assert.DoesNotContain(attributes, value => value.Contains("NaN", StringComparison.Ordinal));
            Assert.DoesNotContain(attributes, value => value.Contains("Infinity", StringComparison.Ordinal));
            foreach (XElement line in svg.Descendants(Svg + "line"))
            {
                Assert.InRange(double.Parse(line.Attribute("x2")!.Value), -1, full);
                Assert.InRange(double.Parse(line.Attribute("y2")!.Value), -1, height);
            }
        }
        string json = GenericChart.toJson(FigurePlotly.ToChart(HardFigures[name]));
        Assert.NotNull(JsonNode.Parse(json));       // NaN is no JSON
    }

    [Fact]
    public void Svg_HasAMarkAtEachPoint_AndABarForEachValue()
    {
        XElement sweep = XElement.Parse(FigureSvg.ToSvg(SampleReport.Figure8()));
        XElement bars = XElement.Parse(FigureSvg.ToSvg(SampleReport.Figure6()));

        string deepFm = "#D55E00";  // circles, in both panels and once in the legend, and once faint
        int circles = sweep.Descendants(Svg + "circle").Count(circle => circle.Attribute("stroke")!.Value == deepFm);
        Assert.Equal(6 + 6 + 6 + 1, circles);
        XElement clipped = bars.Descendants(Svg + "g").Single(group => group.Attribute("clip-path") is not null);
        Assert.Equal(7 + 1 + 7 + 1 + 7 + 1, clipped.Elements(Svg + "rect").Count());
    }

    [Fact]
    public void Svg_ReferencesOnlyWhatItDefines_AndLoadsNothing()
    {
        foreach (Figure figure in new[] { SampleReport.Figure6(), SampleReport.Figure7(), SampleReport.Figure8() })
        {
            string text = FigureSvg.ToSvg(figure);
            XElement svg = XElement.Parse(text);
            HashSet<string> ids = [.. svg.Descendants().Attributes("id").Select(id => id.Value)];
            Assert.All(ids, id => Assert.StartsWith(figure.Name, id, StringComparison.Ordinal));
            string[] used = [.. svg.Descendants().Attributes().Select(attribute => attribute.Value)
                .Where(value => value.StartsWith("url(#", StringComparison.Ordinal)).Select(value => value[5..^1])];
            Assert.NotEmpty(used);
            Assert.Subset(ids, used.ToHashSet());
            Assert.Equal(1, text.Split("http").Length - 1);     // the name of SVG's namespace
        }
    }

    [Fact]
    public void StackedBars_StandOnTheSeriesBefore_AndAreAsHighAsTheirValues()
    {
        Figure figure = Of(
        [
            new("a", SeriesKind.Bars, [0], [2]), new("b", SeriesKind.StackedBars, [0], [1]), new("c", SeriesKind.Bars, [0], [3]),
        ]);
        XElement[] bars = [.. XElement.Parse(FigureSvg.ToSvg(figure)).Descendants(Svg + "g")
            .Single(group => group.Attribute("clip-path") is not null).Elements(Svg + "rect")];

        double At(int bar, string name) => double.Parse(bars[bar].Attribute(name)!.Value);
        Assert.Equal(At(0, "height"), 2 * At(1, "height"), tolerance: 0.02);
        Assert.Equal(At(0, "y"), At(1, "y") + At(1, "height"), tolerance: 0.02);
        Assert.Equal(At(0, "x"), At(1, "x"), tolerance: 0.02);
        Assert.Equal(At(1, "y"), At(2, "y"), tolerance: 0.02);
        Assert.True(At(2, "x") >= At(0, "x") + At(0, "width"));
    }

    [Fact]
    public void OneNameHasOneColour_InAllPanelsAndInBothDrawings()
    {
        JsonNode chart = JsonNode.Parse(GenericChart.toJson(FigurePlotly.ToChart(SampleReport.Figure8())))!;
        ILookup<string, string> colors = chart["data"]!.AsArray().Where(trace => trace!["y"]!.AsArray().Count > 1)
            .ToLookup(trace => trace!["legendgroup"]!.GetValue<string>(), trace => trace!["line"]!["color"]!.GetValue<string>());
        string svg = FigureSvg.ToSvg(SampleReport.Figure8());

        Assert.Equal(7, colors.Count);
        Assert.All(colors, name => Assert.Equal(3, name.Count()));
        Assert.All(colors, name => Assert.Single(name.Distinct()));
        Assert.All(colors, name => Assert.Contains(name.First(), svg, StringComparison.Ordinal));
        Assert.Equal(7, colors.SelectMany(name => name).Distinct().Count());
    }

    [Fact]
    public void TheLegendHasEachNameOnce_AndOneLineForWhatWasPublished()
    {
        JsonNode chart = JsonNode.Parse(GenericChart.toJson(FigurePlotly.ToChart(SampleReport.Figure8())))!;
        string[] listed = [.. chart["data"]!.AsArray().Where(trace => trace!["showlegend"]!.GetValue<bool>())
            .Select(trace => trace!["name"]!.GetValue<string>())];
        Assert.Equal(["FNN", "IPNN", "OPNN", "PNN*", "LR &amp; DNN", "FM &amp; DNN", "DeepFM", "faint marks (reading)"], listed);
    }

    [Theory]
    [InlineData("DeepFM", "DeepFM")]
    [InlineData("LR & DNN (published)", "LR & DNN")]
    [InlineData("PNN* (reading)", "PNN*")]
    [InlineData("FNN, read off the paper", "FNN")]
    [InlineData("FNN, published", "FNN")]
    [InlineData("training (paper, CPU)", "training (paper, CPU)")]
    [InlineData("published", "published")]
    public void PublishedNames_HaveTheLookOfTheMeasured(string name, string baseName) =>
        Assert.Equal(baseName, FigurePalette.BaseName(name));

    [Fact]
    public void HoverTexts_HaveNamePlaceValueAndUnit()
    {
        JsonNode chart = JsonNode.Parse(GenericChart.toJson(FigurePlotly.ToChart(SampleReport.Figure6())))!;
        string hover = chart["data"]![0]!["hovertext"]![4]!.GetValue<string>();
        Assert.Equal("<b>here, CPU</b><br>model: LR &amp; DNN<br>time of LR, times: 6.3 ± 0.2", hover);
    }

    [Fact]
    public void Csv_HasOneLineAPoint_AndGapsAreEmpty()
    {
        string[][] rows = CsvReading.Read(FigureText.ToCsv(SampleReport.Figure8()));
        Assert.Equal(["panel", "series", "published", "x", "category", "y", "deviation"], rows[0]);
        Assert.Equal(21 * 6, rows.Length - 1);
        Assert.Single(rows, row => row[0] == "AUC" && row[1] == "OPNN" && row[3] == "0.7" && row[5] == "");
        Assert.Equal("relu", CsvReading.Read(FigureText.ToCsv(SampleReport.Figure7()))[1][4]);
    }

    [Fact]
    public void AnyValues_KeepTheirOrderOnTheAxis() => Gen.Double[-1e6, 1e6].Array[2, 12].Sample(values =>
    {
        double[] places = [.. values.Select((_, at) => (double)at)];
        Figure figure = Of([new("DeepFM", SeriesKind.Line, places, [.. values.Select(value => (double?)value)])]);
        double[] heights = [.. XElement.Parse(FigureSvg.ToSvg(figure)).Descendants(Svg + "circle")
            .Select(mark => double.Parse(mark.Attribute("cy")!.Value))];
        Assert.Equal(values.Length, heights.Length);
        for (int i = 1; i < values.Length; i++) { Assert.True((values[i] - values[0]) * (heights[i] - heights[0]) <= 0); }
    });

    [Fact]
    public void FaultsNameTheFigureAndTheSeries()
    {
        Assert.Equal("Figure figure, series a: 2 places, but 1 values.",
            Assert.Throws<ArgumentException>(() => FigureSvg.ToSvg(Of([new("a", SeriesKind.Line, [1, 2], [1])]))).Message);
        Assert.Equal("Figure figure, series a: 1 deviations, but 2 values.", Assert.Throws<ArgumentException>(
            () => FigureSvg.ToSvg(Of([new("a", SeriesKind.Line, [1, 2], [1, 2]) { Deviations = [0.1] }]))).Message);
        Figure outside = new("figure", "", [new("", new("", ["only"]), new(""), [new("a", SeriesKind.Bars, [1], [1])])]);
        Assert.Equal("Figure figure, series a: the place 1 is no index of the 1 categories.",
            Assert.Throws<ArgumentException>(() => FigurePlotly.ToChart(outside)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => FigureSvg.ToSvg(SampleReport.Figure6(), width: 0));
    }
}
