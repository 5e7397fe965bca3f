using CsCheck;
using DeepFM.Research.Reporting;
using DeepFM.Research.Statistics;
using DeepFM.Training;
using Microsoft.Data.Analysis;

namespace DeepFM.Research.Tests.Reporting;

public sealed class ResultTableTextTests
{
    static readonly ResultTable Small = new("small", "A | B",
        [
            new("model", "Model"),
            new("auc", "AUC", "0.000") { Better = Better.Higher },
            new("rows", "Rows"),
            new("paper_auc", "AUC, V1", "0.0000") { Published = true },
        ],
        [
            ["LR & DNN", new Spread(0.81249, 0.0004), 1_234_567, 0.8673],
            ["PNN*", new Spread(1.0 / 3, null), null, 0.8672],
            ["a|b <x> \"q\", z", null, 12, "not defined"],
        ])
    {
        Notes = ["Mean ± deviation."],
    };

    [Fact]
    public void Markdown_AlignsNumbers_SetsTheBestInBold_AndEscapes() => Assert.Equal("""
        **A \| B**

        | Model | AUC | Rows | AUC, V1 (published) |
        |---|---:|---:|---:|
        | LR & DNN | **0.812 ± 0.000** | 1,234,567 | 0.8673 |
        | PNN\* | 0.333 | – | 0.8672 |
        | a\|b \<x\> "q", z | – | 12 | not defined |

        Mean ± deviation.

        """, ResultTableText.ToMarkdown(Small), ignoreLineEndingDifferences: true);

    [Fact]
    public void Text_StandsOnTheDecimalPoint() => Assert.Equal("""
                                                      AUC, V1
        Model                     AUC       Rows  (published)
        ──────────────  ─────────────  ─────────  ───────────
        LR & DNN        0.812 ± 0.000  1,234,567       0.8673
        PNN*            0.333                  –       0.8672
        a|b <x> "q", z              –         12  not defined

        """, ResultTableText.ToText(Small), ignoreLineEndingDifferences: true);

    [Fact]
    public void Csv_HasAllDigits_AndTwoColumnsForASpread() => Assert.Equal("""
        model,auc_mean,auc_deviation,rows,paper_auc
        LR & DNN,0.81249,0.0004,1234567,0.8673
        PNN*,0.3333333333333333,,,0.8672
        "a|b <x> ""q"", z",,,12,not defined

        """, ResultTableText.ToCsv(Small), ignoreLineEndingDifferences: true);

    [Fact]
    public void Csv_OfAnyTexts_IsReadBack() =>
        Gen.String[Gen.OneOf(Gen.Const('a'), Gen.Const(','), Gen.Const('"'), Gen.Const('\n'), Gen.Const('\r'), Gen.Const(' ')), 0, 12]
        .Array[1, 5].Array[0, 4].Sample(rows =>
        {
            int width = rows.Select(row => row.Length).DefaultIfEmpty(1).Min();
            ResultTable table = new("t", "", [.. Enumerable.Range(0, width).Select(at => new ResultColumn($"c{at}", ""))],
                [.. rows.Select(row => (IReadOnlyList<object?>)[.. row.Take(width)])]);
            string[][] read = CsvReading.Read(ResultTableText.ToCsv(table));
            Assert.Equal(rows.Select(row => row.Take(width)), read.Skip(1).Select(row => row.AsEnumerable()));
        });

    [Fact]
    public void Csv_OfAnyNumbers_IsReadBackExactly() => Gen.Double.Array[1, 20].Sample(values =>
    {
        ResultTable table = new("t", "", [new("x", "")], [.. values.Select(value => (IReadOnlyList<object?>)[value])]);
        double[] read = [.. CsvReading.Read(ResultTableText.ToCsv(table)).Skip(1).Select(row => double.Parse(row[0]))];
        Assert.Equal(values, read);
    });

    [Fact]
    public void DataFrame_HasTypedColumns()
    {
        DataFrame frame = ResultTableText.ToDataFrame(Small);

        Assert.Equal(["model", "auc_mean", "auc_deviation", "rows", "paper_auc"], frame.Columns.Select(column => column.Name));
        Assert.Equal([typeof(string), typeof(double), typeof(double), typeof(long), typeof(string)],
            frame.Columns.Select(column => column.DataType));
        Assert.Equal(3, frame.Rows.Count);
        Assert.Equal(0.81249, frame["auc_mean"][0]);
        Assert.Null(frame["auc_deviation"][1]);
        Assert.Equal(1_234_567L, frame["rows"][0]);
    }

    [Fact]
    public void ATableWithoutRows_HasItsHeadings()
    {
        ResultTable empty = Small with { Rows = [] };
        Assert.Equal("model,auc,rows,paper_auc\n", ResultTableText.ToCsv(empty));
        Assert.Contains("| Model | AUC |", ResultTableText.ToMarkdown(empty), StringComparison.Ordinal);
        Assert.Equal(3, ResultTableText.ToText(empty).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(0, ResultTableText.ToDataFrame(empty).Rows.Count);
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    [InlineData(123456.7, "123,457")]
    [InlineData(0.000012345, "1.2345E-05")]
    [InlineData(0.5, "0.5")]
    public void NumbersWithoutAFormat_AreReadable(double value, string text) => Assert.Contains($"| {text} |",
        ResultTableText.ToMarkdown(new("t", "", [new("x", "x")], [[value]])), StringComparison.Ordinal);

    [Fact]
    public void TheBestIsTheLowest_WhereLowerIsBetter_AndNaNIsNeverIt()
    {
        ResultTable table = new("t", "", [new("x", "x", "0.0") { Better = Better.Lower }], [[2.0], [1.0], [double.NaN], [null], [1.0]]);
        Assert.Equal(2, ResultTableText.ToMarkdown(table).Split("**1.0**").Length - 1);
        Assert.DoesNotContain("**NaN**", ResultTableText.ToMarkdown(table), StringComparison.Ordinal);
    }

    [Fact]
    public void FaultsNameTheTable_TheRow_AndTheColumn()
    {
        Assert.Equal("Table small: row 1 has 1 cells, but there are 4 columns.",
            Assert.Throws<ArgumentException>(() => ResultTableText.ToCsv(Small with { Rows = [Small.Rows[0], ["x"]] })).Message);
        Assert.Equal("Table small has more than one column a.",
            Assert.Throws<ArgumentException>(() => ResultTableText.ToText(
                Small with { Columns = [new("a", ""), new("a", "")], Rows = [] })).Message);
        Assert.StartsWith("The table's name \"../small\" is not the name of a file",
            Assert.Throws<ArgumentException>(() => ResultTableText.ToMarkdown(Small with { Name = "../small" })).Message,
            StringComparison.Ordinal);
    }
}
