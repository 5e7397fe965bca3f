namespace DeepFM.Core.Tests.Data;

/// <summary>Trap T31: how data is split is chosen and stated.</summary>
public class SplitTests
{
    static readonly Schema Timed = Small.Schema(""" "format": "csv", "columns": ["y", "x", "t"] """,
        """{ "kind": "categorical", "column": "x", "minCount": 1 }""", """ "timestamp": { "column": "t" }, """);

    [Theory]
    [InlineData("random:0.8,0.1,0.1", "random 80/10/10 %, seed 7")]
    [InlineData("time:0.9,0.1", "by time 90/10 %, oldest first")]
    [InlineData("random:0.333,0.667", "random 33.3/66.7 %, seed 7")]
    [InlineData("random:0.800001,0.199999", "random 80.0001/19.9999 %, seed 7")]
    public void IsStatedInWords(string split, string words) => Assert.Equal(words, Split.Parse(split).Describe(seed: 7));

    [Theory]
    [InlineData("random"), InlineData("random:1"), InlineData("random:0.5,0.6"), InlineData("random:0.5,0.5,0"), InlineData("date:0.5,0.5")]
    [InlineData("random:0.5;0.5"), InlineData("random:0.25,0.25,0.25,0.25"), InlineData("random:NaN,0.5"), InlineData("time:1.5,-0.5")]
    public void RefusesWhatItDoesNotUnderstand(string split) => Assert.Equal(
        $"The split '{split}' is not understood. Allowed: 'random:0.8,0.1,0.1' or 'time:0.8,0.1,0.1', with shares of training, validation "
            + "and test between 0 and 1 that add up to 1; with two shares, training and test, or training and validation when test files "
            + "are given.",
        Assert.Throws<UserErrorException>(() => Split.Parse(split)).Message);

    [Fact]
    public void Random_MeetsItsSharesUpToChance_AndDependsOnTheSeed()
    {
        using TempFolder folder = new();
        const int n = 20_000;
        DataRequest request = new()
        {
            Schema = Timed,
            TrainFiles = [folder.Write("a.csv", string.Concat(Enumerable.Range(0, n).Select(i => $"{i % 2},a,{i}\n")))],
            Split = Split.Parse("random:0.8,0.15,0.05"),
        };
        using DataSplits one = DataLoader.Load(request), again = DataLoader.Load(request),
            other = DataLoader.Load(request with { Seed = 2 });

        int[] rows = [one.Train.RowCount, one.Valid!.RowCount, one.Test!.RowCount];
        Assert.Equal(n, rows.Sum());
        double[] shares = [0.8, 0.15, 0.05];
        for (int part = 0; part < 3; part++)
        {
            double deviation = Math.Sqrt(n * shares[part] * (1 - shares[part]));
            Assert.InRange(rows[part], n * shares[part] - 5 * deviation, n * shares[part] + 5 * deviation);
        }
        Assert.Equal(one.Train.Labels, again.Train.Labels);
        Assert.NotEqual(one.Train.RowCount, other.Train.RowCount);
    }

    // A published split must come out the same with every later version of the kit: SplitMix64 of the seed, then of the row's number.
    [Fact]
    public void Random_IsTheSameOnEveryMachineAndVersion()
    {
        using TempFolder folder = new();
        string file = folder.Write("a.csv", string.Concat(Enumerable.Range(0, 40).Select(i => $"{i % 2},{i},{i}\n")));
        using DataSplits data = DataLoader.Load(new() { Schema = Timed, TrainFiles = [file], Split = Split.Parse("random:0.5,0.2,0.3"), Seed = 7 });
        string Part(EncodedData rows) => string.Join(' ', Rows.Describe(rows, data.Features).Select(row => row["0: x=".Length..]));
        Assert.Equal("1 4 6 8 11 13 14 17 22 26 28 30 33 34 35 38 39", Part(data.Train));
        Assert.Equal((10, 13), (data.Valid!.RowCount, data.Test!.RowCount));
    }

    [Fact]
    public void Time_TrainsOnTheOldest_AndKeepsEqualTimesTogether()
    {
        using TempFolder folder = new();
        string file = folder.Write("a.csv", "1,e,50\n0,a,10\n1,b,20\n0,c,20\n1,d,40\n0,f,60\n1,g,60\n0,h,70\n");
        using DataSplits data = DataLoader.Load(new() { Schema = Timed, TrainFiles = [file], Split = Split.Parse("time:0.25,0.25,0.5") });

        Assert.Equal(["0: x=a", "1: x=b", "0: x=c"], Rows.Describe(data.Train, data.Features));
        Assert.Equal(1, data.Valid!.RowCount);          // 40: half of all rows are then older than the test
        Assert.Equal(4, data.Test!.RowCount);
    }

    // 0.1 + 0.2 is a little more than 0.3 in binary: three of ten rows are three tenths of them all the same.
    [Theory, InlineData("0.1,0.2,0.7", 1, 2, 7), InlineData("0.7,0.1,0.2", 7, 1, 2), InlineData("0.6,0.3,0.1", 6, 3, 1)]
    public void Time_SharesThatComeOutEven_AreMetExactly(string shares, int train, int valid, int test)
    {
        using TempFolder folder = new();
        string file = folder.Write("a.csv", string.Concat(Enumerable.Range(0, 10).Select(i => $"{i % 2},a,{i}\n")));
        using DataSplits data = DataLoader.Load(new() { Schema = Timed, TrainFiles = [file], Split = Split.Parse($"time:{shares}") });
        Assert.Equal((train, valid, test), (data.Train.RowCount, data.Valid!.RowCount, data.Test!.RowCount));
    }

    [Fact]
    public void Time_SaysThatAPartIsEmpty_WhenAllRowsHaveOneTime()
    {
        using TempFolder folder = new();
        string file = folder.Write("a.csv", "1,a,10\n0,b,10\n");
        string message = Assert.Throws<UserErrorException>(() => DataLoader.Load(
            new() { Schema = Timed, TrainFiles = [file], Split = Split.Parse("time:0.5,0.5") })).Message;
        Assert.Equal($"The part 'test' of {file} has no rows. Give it a larger share of the split, or more data.", message);
    }

    [Fact]
    public void Time_NeedsATimestamp()
    {
        using TempFolder folder = new();
        string file = folder.Write("a.csv", "1,a\n"), missing = folder.Write("b.csv", "1,a,5\n0,b,\n");
        Split split = Split.Parse("time:0.5,0.5");
        Assert.Equal("The schema 'small' has no 'timestamp' (its column and format), which a split by time needs.",
            Assert.Throws<UserErrorException>(() => DataLoader.Load(
                new() { Schema = Small.OfX("\"kind\": \"categorical\""), TrainFiles = [file], Split = split })).Message);
        Assert.EndsWith("b.csv, line 2, column 't': '' is no time: a split by time needs one in every row.",
            Assert.Throws<UserErrorException>(
                () => DataLoader.Load(new() { Schema = Timed, TrainFiles = [missing], Split = split })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void TwoSharesFillThePartThatNoFileGives()
    {
        using TempFolder folder = new();
        string file = folder.Write("a.csv", string.Concat(Enumerable.Range(0, 50).Select(i => $"{i % 2},a,{i}\n")));
        DataRequest request = new() { Schema = Timed, TrainFiles = [file], Split = Split.Parse("time:0.8,0.2") };
        using DataSplits test = DataLoader.Load(request), valid = DataLoader.Load(request with { TestFiles = [file] });

        Assert.Equal((40, null, 10), (test.Train.RowCount, test.Valid?.RowCount, test.Test?.RowCount));
        Assert.Equal((40, 10, 50), (valid.Train.RowCount, valid.Valid?.RowCount, valid.Test?.RowCount));
        Assert.Equal("by time 80/20 %, oldest first (training, test)", test.SplitDescription);
        Assert.Equal("by time 80/20 %, oldest first (training, validation); test as given", valid.SplitDescription);
        Assert.Throws<UserErrorException>(() => DataLoader.Load(request with { TestFiles = [file], ValidFiles = [file] }));
        Assert.Throws<UserErrorException>(
            () => DataLoader.Load(request with { Split = Split.Parse("time:0.8,0.1,0.1"), ValidFiles = [file] }));
    }
}
