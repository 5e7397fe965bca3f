using DeepFM.Data.Encoders;

namespace DeepFM.Core.Tests.Data;

public class EncodingTests
{
    /// <summary>Trap T16: validation and test rows must not shape the encoding.</summary>
    // A text that is a whole key and longer ones that begin with it: by bytes, the shorter one first, however they come.
    [Fact]
    public void IdsOfEqualCounts_AreOrderedByBytes_AcrossTheLengthsThatAreKeptApart()
    {
        string[] texts = [.. Enumerable.Range(1, 20).Select(length => "abcdefghijklmnopqrstuvwxyz"[..length])];
        foreach (string[] order in new[] { texts, [.. texts.Reverse()], [.. texts.OrderBy(text => text.Length * 7 % 20)] })
        {
            using TempFolder folder = new();
            string file = folder.Write("a.csv", string.Concat(order.Select((text, i) => $"{i % 2},{text}\n")));
            using DataSplits data = Small.Load(Small.OfX(""" "kind": "categorical", "minCount": 1 """), file);
            Assert.Equal(texts, Enumerable.Range(1, 20).Select(id => data.Features.Describe(id).Value));
        }
    }

    // From the threshold on, itself included.
    [Fact]
    public void ALabelAtTheThreshold_IsPositive()
    {
        Schema schema = Schema.Parse("""
            { "name": "small", "source": { "format": "csv", "columns": ["y", "x"] }, "label": { "column": "y", "threshold": 3.5 },
              "fields": [ { "kind": "categorical", "column": "x" } ] }
            """);
        using TempFolder folder = new();
        using DataSplits data = Small.Load(schema, folder.Write("a.csv", "3.5,a\n3.4999,a\n4,a\n-4,a\n3.50,a\n"));
        Assert.Equal([1f, 0, 1, 0, 1], data.Train.Labels.ToArray());
    }

    // 2^63 and beyond, where whole numbers of 64 bits end.
    [Theory]
    [InlineData("9223372036854775807", 9223372036854775807d), InlineData("9223372036854775808", 9223372036854775808d)]
    [InlineData("9999999999999999999", 1e19), InlineData("-9999999999999999999", -1e19), InlineData("999999999999999999", 1e18)]
    public void LongWholeNumbers_AreRead(string text, double expected)
    {
        using TempFolder folder = new();
        using DataSplits data = Small.Load(Small.OfX(""" "kind": "value", "standardize": false """), folder.Write("a.csv", $"1,{text}\n0,1\n"));
        Assert.Equal((float)expected, data.Train.Values(0)[0]);
    }

    [Fact]
    public void IsFittedOnTrainingRowsOnly()
    {
        using TempFolder folder = new();
        string train = folder.Write("train.csv", "1,1,a\n0,2,b\n1,3,a\n0,4,b\n"), test = folder.Write("test.csv", "1,1000000,z\n0,7,z\n");
        Schema schema = Small.Schema(""" "format": "csv", "columns": ["y", "n", "x"] """, """
            { "kind": "categorical", "column": "x", "minCount": 1 }, { "kind": "value", "column": "n" },
            { "kind": "quantile", "column": "n", "name": "q", "buckets": 2 },
            { "kind": "logSquared", "column": "n", "name": "l", "minCount": 1 }
            """);
        using DataSplits alone = Small.Load(schema, train);
        using DataSplits with = DataLoader.Load(new() { Schema = schema, TrainFiles = [train], ValidFiles = [test], TestFiles = [test] });

        alone.Features.Save(folder["alone.json"]);
        with.Features.Save(folder["with.json"]);
        Assert.Equal(File.ReadAllText(folder["alone.json"]), File.ReadAllText(folder["with.json"]));
        Assert.Equal("1: x=(unseen) n=894424.9 q=> 2 l=(unseen)", Rows.Describe(with.Test!, with.Features)[0]);
    }

    [Fact]
    public void ASplitIsFittedOnItsTrainingRowsOnly()
    {
        using TempFolder folder = new();
        string file = folder.Write("a.csv", string.Concat(Enumerable.Range(0, 300).Select(i => $"{i % 2},v{i}\n")));
        using DataSplits data = DataLoader.Load(new()
        {
            Schema = Small.OfX("\"kind\": \"categorical\", \"minCount\": 1"),
            TrainFiles = [file],
            Split = Split.Parse("random:0.5,0.5"),
        });
        Assert.Equal(data.Train.RowCount, data.Features.TrainingRowCount);
        Assert.Equal(data.Train.RowCount + 1, data.Features.FeatureCount);
        Assert.All(Rows.Describe(data.Test!, data.Features), row => Assert.EndsWith("x=(unseen)", row, StringComparison.Ordinal));
    }

    /// <summary>Trap T17: ⌊ln(3)²⌋ = 1 must not share an id with the raw value 1.</summary>
    [Fact]
    public void LogSquared_KeepsSmallValuesApartFromBuckets()
    {
        double[] numbers = [-3, -1, 0, 1, 2, 3, 5, 8, 100];
        long[] keys = [.. numbers.Select(LogSquaredRule.KeyOf)];
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.Equal([-3, -1, 0, 1, 2, 3 + 1, 3 + 2, 3 + 4, 3 + 21], keys);
        Assert.Equal(LogSquaredRule.KeyOf(3), LogSquaredRule.KeyOf(4));             // both ⌊ln(x)²⌋ = 1
        Assert.Equal(LogSquaredRule.KeyOf(-1), LogSquaredRule.KeyOf(-0.5));         // ⌊x⌋
        Assert.Equal(3, LogSquaredRule.KeyOf(2.0001));                              // the bucket 0 is not the raw value 0
    }

    [Fact]
    public void LogSquared_NamesItsIds() => Assert.Equal(
        ["1: x=-1", "0: x=2", "1: x=ln(x)² in [1, 2)", "0: x=ln(x)² in [1, 2)", "1: x=(missing)", "0: x=ln(x)² in [21, 22)"],
        Small.Encode(Small.OfX("\"kind\": \"logSquared\", \"minCount\": 1"), "1,-1\n0,2\n1,3\n0,4\n1,\n0,100\n"));

    /// <summary>Trap T18: 16,777,216 and 16,777,217 are one number in float32.</summary>
    [Fact]
    public void LargeIntegerIdsDoNotGoThroughFloat() => Assert.Equal(
        ["1: x=16777216", "0: x=16777217", "1: x=9007199254740993"],
        Small.Encode(Small.OfX("\"kind\": \"categorical\", \"minCount\": 1"), "1,16777216\n0,16777217\n1,9007199254740993\n"));

    /// <summary>Trap T19: the order of ids is a function of the data.</summary>
    [Fact]
    public void IdsAreOrderedByCountAndThenByBytes()
    {
        using TempFolder folder = new();
        using DataSplits data = Small.Load(Small.OfX("\"kind\": \"categorical\", \"minCount\": 1"),
            folder.Write("a.csv", "1,b\n0,a\n1,c\n0,c\n1,é\n0,Z\n1,\n"));
        Assert.Equal(["(unseen)", "(missing)", "c", "Z", "a", "b", "é"],
            Enumerable.Range(0, data.Features.FeatureCount).Select(id => data.Features.Describe(id).Value));
    }

    /// <summary>Trap T20: the row of unseen values is trained by the rare ones.</summary>
    [Fact]
    public void UnseenValuesShareTheIdOfRareOnes()
    {
        using TempFolder folder = new();
        using DataSplits data = DataLoader.Load(new()
        {
            Schema = Small.OfX("\"kind\": \"categorical\""),
            TrainFiles = [folder.Write("train.csv", "1,a\n0,a\n1,b\n0,c\n1,\n0,\n")],
            TestFiles = [folder.Write("test.csv", "1,a\n0,never\n1,b\n0,\n")],
        });
        Assert.Equal(["1: x=a", "0: x=(unseen)", "1: x=(unseen)", "0: x=(missing)"], Rows.Describe(data.Test!, data.Features));
        Assert.Equal(2, data.Features.TrainingCount(0));
        Assert.Empty(data.Features.UntrainedIds);
    }

    /// <summary>Trap T20: where no value is rare, the id of unseen ones is named, so that its row can be zeroed.</summary>
    [Fact]
    public void IdsThatNothingTrainsAreNamed()
    {
        using TempFolder folder = new();
        using DataSplits data = Small.Load(Small.Schema(""" "format": "csv", "columns": ["y", "x", "n"] """,
            """
            { "kind": "categorical", "column": "x", "minCount": 1 }, { "kind": "quantile", "column": "n" },
            { "kind": "multiValued", "name": "b", "column": "x", "separator": "+", "minCount": 1 }
            """),
            folder.Write("a.csv", "1,a,1\n0,b,2\n"));
        Assert.Equal([new("x", "(unseen)"), new("n", "(missing)"), new("b", "(unseen)")],
            data.Features.UntrainedIds.Select(data.Features.Describe));
    }

    [Fact]
    public void MissingValuesThatTrainingNeverHadShareTheIdOfUnseenOnes() => Assert.Equal(
        ["1: x=(unseen)"], Small.Encode(Small.OfX("\"kind\": \"categorical\""), "1,a\n0,a\n", "1,\n"));

    [Theory]
    [InlineData(2, new[] { "≤ 2", "≤ 2", "> 2", "> 2" })]
    [InlineData(4, new[] { "≤ 1", "(1, 2]", "(2, 3]", "> 3" })]
    [InlineData(100, new[] { "≤ 1", "(1, 2]", "(2, 3]", "> 3" })]
    public void QuantilesHoldEqualShares(int buckets, string[] expected) => Assert.Equal(
        expected.Select((name, i) => $"{i % 2}: x={name}"),
        Small.Encode(Small.OfX($"\"kind\": \"quantile\", \"buckets\": {buckets}"), "0,1\n1,2\n0,3\n1,4\n"));

    [Fact]
    public void Quantiles_KeepEqualNumbersTogether_AndTakeNumbersOutsideTraining() => Assert.Equal(
        ["1: x=≤ 0", "0: x=> 0", "1: x=> 0", "0: x=(missing)"],
        Small.Encode(Small.OfX("\"kind\": \"quantile\", \"buckets\": 3"), "1,0\n0,0\n1,0\n0,0\n1,5\n0,6\n", "1,-9\n0,0.1\n1,1e9\n0,\n"));

    [Fact]
    public void Quantiles_EveryRangeIsTrained() => Gen.Select(Gen.Int[-20, 20].Array[1, 60], Gen.Int[2, 12]).Sample((numbers, buckets) =>
    {
        using TempFolder folder = new();
        using DataSplits data = Small.Load(Small.OfX($"\"kind\": \"quantile\", \"buckets\": {buckets}"),
            folder.Write("a.csv", string.Concat(numbers.Select(number => $"1,{number}\n"))));
        Assert.True(data.Features.FeatureCount <= buckets + 1);
        Assert.Equal([0], data.Features.UntrainedIds);
    }, iter: 50);

    /// <summary>Trap T22: numbers are standardized on training rows.</summary>
    [Fact]
    public void Values_AreStandardizedOnTrainingRows_AndMissingIsTheMean() => Assert.Equal(
        ["1: x=0", "0: x=1", "1: x=0", "0: x=1.5"],
        Small.Encode(Small.OfX("\"kind\": \"value\""), "1,2\n0,6\n1,\n", "1,4\n0,6\n1,\n0,7\n"));

    /// <summary>Trap T23: nothing is divided by 0.</summary>
    [Fact]
    public void Values_OfAConstantColumnAreZero() => Assert.Equal(
        ["1: x=0", "0: x=0"], Small.Encode(Small.OfX("\"kind\": \"value\""), "1,5\n0,5\n", "1,5\n0,1e9\n"));

    [Fact]
    public void Values_OfAColumnThatIsNeverThereAreZero() => Assert.Equal(
        ["1: x=0"], Small.Encode(Small.OfX("\"kind\": \"value\""), "1,\n0,\n", "1,5\n"));

    [Fact]
    public void Values_CanBeLogarithmsOrAsTheyAre()
    {
        Assert.Equal(["1: x=2.303", "0: x=-2.303"], Small.Encode(
            Small.OfX("\"kind\": \"value\", \"transform\": \"log1p\", \"standardize\": false"), "1,9\n0,-9\n"));
        Assert.Equal(["1: x=9", "0: x=-9"], Small.Encode(Small.OfX("\"kind\": \"value\", \"standardize\": false"), "1,9\n0,-9\n"));
    }

    [Fact]
    public void Values_ThatFloatCannotHoldAreRefused() => Assert.Equal(
        "train.txt, line 1, column 'x': '1e300' is too large for float32. Use \"transform\": \"log1p\" or buckets in the schema.",
        Small.Message(Small.OfX("\"kind\": \"value\", \"standardize\": false"), "1,1e300\n"));

    [Fact]
    public void Moments_DoNotLoseSmallDeviationsOfLargeNumbers()
    {
        Moments all = Enumerable.Range(0, 1000).Aggregate(default(Moments), (sum, i) => sum.With(1e9 + i % 2));
        Assert.Equal(0.5, all.Deviation, tolerance: 1e-6);
    }

    [Theory]
    [InlineData("mean", "", "a|b||a ", "{a:0.333 b:0.333 a:0.333}")]
    [InlineData("sum", "", "a|b", "{a:1 b:1}")]
    [InlineData("mean", ":", "a:1|b:3", "{a:0.25 b:0.75}")]
    [InlineData("sum", ":", "a:-1|b:3", "{a:-1 b:3}")]
    [InlineData("mean", ":", "a:0|b:0", "{a:0 b:0}")]
    [InlineData("mean", "", "", "{}")]
    [InlineData("mean", "", "zz|a", "{(unseen):0.5 a:0.5}")]
    public void BagsArePooled(string pooling, string weight, string cell, string expected)
    {
        string weights = weight.Length > 0 ? $", \"weightSeparator\": \"{weight}\"" : "";
        Schema schema = Small.OfX($"\"kind\": \"multiValued\", \"separator\": \"|\", \"pooling\": \"{pooling}\", \"minCount\": 1{weights}");
        string train = weight.Length > 0 ? "1,a:1|b:1\n" : "1,a|b\n";
        Assert.Equal([$"0: x={expected}"], Small.Encode(schema, train, $"0,{cell}\n"));
    }

    [Fact]
    public void FlagsAreABag() => Assert.Equal(["1: genres={a:0.5 c:0.5}", "0: genres={}", "1: genres={(unseen):1}"],
        Small.Encode(Small.Schema(""" "format": "csv", "columns": ["y", "a", "b", "c"] """,
            """{ "kind": "multiValued", "name": "genres", "flagColumns": ["a", "b", "c"] }"""),
            "1,1,0,1\n1,1,0,1\n1,0,1,0\n", "1,1,0,1\n0,0,,0\n1,0,1,0\n"));

    [Fact]
    public void PartsOfTimeAreUtc()
    {
        Schema schema = Small.Schema(""" "format": "csv", "columns": ["y", "t"] """, """
            { "kind": "time", "part": "hour", "minCount": 1 }, { "kind": "time", "part": "weekday", "minCount": 1 },
            { "kind": "time", "part": "isWeekend", "minCount": 1 }, { "kind": "time", "part": "day", "minCount": 1 },
            { "kind": "time", "part": "month", "minCount": 1 }, { "kind": "time", "part": "hourOfWeek", "minCount": 1 }
            """, """ "timestamp": { "column": "t" }, """);
        Assert.Equal(
            [
                "1: hour=15:00 weekday=Thursday isWeekend=working day day=4 month=12 hourOfWeek=Thursday 15:00",
                "0: hour=23:00 weekday=Sunday isWeekend=weekend day=28 month=2 hourOfWeek=Sunday 23:00",
                "1: hour=(missing) weekday=(missing) isWeekend=(missing) day=(missing) month=(missing) hourOfWeek=(missing)",
            ],
            Small.Encode(schema, "1,881250949\n0,1456703999\n1,\n"));
    }

    [Fact]
    public void DatesFollowTheGivenFormat() => Assert.Equal(["1: hour=9:00 weekday=Tuesday", "0: hour=23:00 weekday=Thursday"],
        Small.Encode(Small.Schema(""" "format": "csv", "columns": ["y", "t"] """,
            """{ "kind": "time", "part": "hour", "minCount": 1 }, { "kind": "time", "part": "weekday", "minCount": 1 }""",
            """ "timestamp": { "column": "t", "format": "yyMMddHH" }, """), "1,14102109\n0,14103023\n"));

    [Theory]
    [InlineData(""" "kind": "categorical" """, ""), InlineData(""" "kind": "categorical" """, "a-longer-text-")]
    [InlineData(""" "kind": "quantile", "buckets": 4 """, "")]
    public void TablesOfCounts_GrowWithDistinctValues_NotWithRows(string field, string before)
    {
        using TempFolder folder = new();
        long Bytes(int rows, int values)
        {
            string file = folder.Write("train.csv", string.Concat(Enumerable.Range(0, rows).Select(row => $"1,{before}{row % values}\n")));
            using DataSplits data = Small.Load(Small.OfX(field), file);
            return data.Features.CountTableBytes;
        }

        long expected = Bytes(rows: 2_000, values: 1_000);
        Assert.InRange(expected, 16 * 1_000, long.MaxValue);
        Assert.Equal(expected, Bytes(rows: 30_000, values: 1_000));
        Assert.InRange(Bytes(rows: 30_000, values: 10_000), 5 * expected, 20 * expected);
    }

    [Fact]
    public void DescribeCountsWhatAFieldHas()
    {
        using TempFolder folder = new();
        Schema schema = Small.OfX("\"kind\": \"categorical\"");
        DataDescription description = DataLoader.Describe(schema, [folder.Write("a.csv", "1,a\n0,a\n0,b\n0,\n")],
            [folder.Write("b.csv", "1,a\n1,z\n1,b\n1,a\n")]);

        Assert.Equal((4, 0.25, 2, 4),
            (description.RowCount, description.PositiveRate, description.FeatureCount, description.OtherRowCount));
        FieldDescription field = Assert.Single(description.Fields);
        Assert.Equal(("x", "categorical", 2, 2L), (field.Name, field.Kind, field.IdCount, field.DistinctCount));
        Assert.Equal((0.25, 0.25, 0.5), (field.MissingShare, field.RareShare, field.UnseenShare));
        Assert.Equal([new("(unseen)", 2), new("a", 2)], field.TopValues);
    }
}
