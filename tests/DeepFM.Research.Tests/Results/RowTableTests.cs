using DeepFM.Data;
using DeepFM.Research.Reporting;
using DeepFM.Research.Results;

namespace DeepFM.Research.Tests.Results;

/// <summary>Encoded rows and predictions as tables: each cell says what the text file said.</summary>
public sealed class RowTableTests : IDisposable
{
    const string SchemaJson = """
        {
          "name": "rows", "source": { "format": "csv", "header": true }, "label": { "column": "click", "positive": "1", "negative": "0" },
          "fields": [
            { "kind": "multiValued", "column": "early", "separator": "|", "minCount": 1 },
            { "kind": "categorical", "column": "colour", "minCount": 2 },
            { "kind": "value", "column": "size", "standardize": false },
            { "kind": "multiValued", "column": "late", "separator": "|", "minCount": 1 }
          ]
        }
        """;
    readonly string folder = Directory.CreateTempSubdirectory("rows-").FullName;
    readonly DataSplits data;

    public RowTableTests()
    {
        string file = Path.Combine(folder, "rows.csv");
        File.WriteAllLines(file, ["click,early,colour,size,late", "1,a|b,red,2.5,x", "0,,red,-1,x|y", "0,b,green,0,", "1,a,red,4,y"]);
        data = DataLoader.Load(new() { Schema = Schema.Parse(SchemaJson), TrainFiles = [file], Threads = 1 },
            cancel: TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        data.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void ARow_ListsItsIdsInFieldOrder_WithWhatTheyStandFor()
    {
        ResultTable table = EncodedRows.Row(data.Features, data.Train, 1);
        Assert.Equal(["colour red 1", "size -1 -1", "late x 0.5", "late y 0.5"],
            table.Rows.Select(row => FormattableString.Invariant($"{row[0]} {row[1]} {row[3]}")));
        Assert.All(table.Rows, row => Assert.Equal((string)row[0]!, data.Features.Describe((int)row[2]!).Field));
        Assert.Equal(3L, table.Rows[0][4]);
        Assert.Equal($"x has D = {data.Features.FeatureCount} numbers; 4 of them are not 0. The label is 0.", Assert.Single(table.Notes));
        Assert.Throws<ArgumentOutOfRangeException>(() => EncodedRows.Row(data.Features, data.Train, 4));
    }

    [Fact]
    public void TheHead_HasACellForEachField()
    {
        ResultTable table = EncodedRows.Head(data.Features, data.Train, 3);
        Assert.Equal(["label", "early", "colour", "size", "late"], table.Columns.Select(column => column.Name));
        Assert.Equal((3, "(none)", "(none)"), (table.Rows.Count, table.Rows[1][1], table.Rows[2][4]));
        int green = data.Features.Fields[1].FirstId;
        Assert.Equal($"(unseen) → {green}", table.Rows[2][2]);             // seen once: rare
        Assert.Matches(@"^x → \d+, y → \d+$", (string)table.Rows[1][4]!);
        Assert.Equal(4, EncodedRows.Head(data.Features, data.Train, 100).Rows.Count);
    }

    [Fact]
    public void Ids_AreThoseOfOneField()
    {
        ResultTable table = EncodedRows.Ids(data.Features, "colour", 1);
        Assert.Equal(["(unseen)", 1L], Assert.Single(table.Rows).Skip(1));
        Assert.Equal("The first 1 of 2 ids.", Assert.Single(table.Notes));
        Assert.StartsWith("There is no field 'color'; did you mean 'colour'?",
            Assert.Throws<UserErrorException>(() => EncodedRows.Ids(data.Features, "color")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Highest_TakesTheHighestScores_WithTheirRows()
    {
        ResultTable table = Predictions.Highest(data.Features, data.Train, [0, 2, -1, 1], 2, "colour", "late");
        Assert.Equal(["red", "x, y", 1 / (1 + Math.Exp(-2)), 0f], table.Rows[0]);
        Assert.Equal(["red", "y", 1 / (1 + Math.Exp(-1)), 1f], table.Rows[1]);
        Assert.Throws<ArgumentException>(() => Predictions.Highest(data.Features, data.Train, [0, 2], 2, "colour"));
        Assert.Throws<UserErrorException>(() => Predictions.Highest(data.Features, data.Train, [0, 2, -1, 1], 2, "colours"));
    }

    [Fact]
    public void Reliability_ComparesGroupsOfRisingScores()
    {
        Panel panel = Assert.Single(Predictions.Reliability(data.Train, [0, 2, -1, 1], groups: 2).Panels);
        Series clicks = panel.Series[1];
        Assert.Equal([0.5, 0.5], clicks.Y.Select(rate => rate!.Value));     // rows 2 and 0, then 3 and 1
        Assert.Equal((0.5 + 1 / (1 + Math.E)) / 2, clicks.X[0], 1e-12);
        Assert.Equal((1 / (1 + Math.Exp(-1)) + 1 / (1 + Math.Exp(-2))) / 2, clicks.X[1], 1e-12);
        Assert.Equal(Math.Sqrt(0.125), clicks.Deviations![0]!.Value, 1e-12);
        Assert.Throws<ArgumentOutOfRangeException>(() => Predictions.Reliability(data.Train, [0, 2, -1, 1], groups: 5));
    }
}
