using DeepFM.Data;
using DeepFM.Research.Generation;

namespace DeepFM.Research.Tests.Generation;

/// <summary>The files: same bytes however they are made, readable by the schema, whole or not there.</summary>
public sealed class AppStoreFileTests : IDisposable
{
    static readonly AppStoreOptions small = new() { TrainRows = 5_003, TestRows = 701, UserCount = 211, AppCount = 101 };
    readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Bytes_DoNotDependOnThreadsOrBlocks()
    {
        AppStore store = new(small);
        long length = store.WriteTrain(folder["usual.csv"], threads: 1);
        byte[] expected = File.ReadAllBytes(folder["usual.csv"]);
        Assert.Equal(expected.Length, length);

        foreach ((int threads, int rowsOfBlock) in new[] { (1, 1), (2, 7), (8, 100), (3, 5_003), (2, 65_536) })
        {
            store.Write(folder["other.csv"], 0, small.TrainRows, threads, rowsOfBlock, null, default);
            Assert.Equal(expected, File.ReadAllBytes(folder["other.csv"]));
        }
    }

    [Fact]
    public void ARow_IsTheSameWhicheverRowsWereMadeBefore()
    {
        AppStore store = new(small);
        store.WriteTrain(folder["train.csv"]);
        store.WriteTest(folder["test.csv"]);
        string[] lines = [.. File.ReadLines(folder["train.csv"]).Skip(1), .. File.ReadLines(folder["test.csv"]).Skip(1)];
        Assert.Equal(small.TrainRows + small.TestRows, lines.Length);

        Impression scratch = new();
        byte[] text = new byte[512];
        foreach (int row in new[] { 5_703, 0, 5_002, 17, 5_003, 4_999, 17 })
        {
            int length = new AppStore(small).WriteRow(scratch, row, text);
            Assert.Equal(lines[row] + "\n", System.Text.Encoding.UTF8.GetString(text, 0, length));
        }
    }

    [Fact]
    public void EveryPartOfTheOptions_ChangesTheRows()
    {
        AppStoreOptions[] all = [small, small with { Seed = 2 }, small with { UserCount = 212 }, small with { AppCount = 102 }];
        string[] texts = [.. all.Select(options =>
        {
            new AppStore(options).WriteTest(folder["rows.csv"]);
            return File.ReadAllText(folder["rows.csv"]);
        })];
        Assert.Equal(all.Length, texts.Distinct().Count());
    }

    [Fact]
    public void Schema_ReadsTheFiles_AndTheDayIsForSplitsAlone()
    {
        AppStore store = new(small);
        store.WriteTrain(folder["train.csv"]);
        store.WriteTest(folder["test.csv"]);

        using DataSplits rows = DataLoader.Load(new()
        {
            Schema = AppStore.Schema,
            TrainFiles = [folder["train.csv"]],
            TestFiles = [folder["test.csv"]],
            Split = Split.Parse("time:0.85,0.15"),
        });

        // Day 7 is the last seventh of the training rows, to a row.
        Assert.InRange(rows.Valid!.RowCount, small.TrainRows / 7, small.TrainRows / 7 + 1);
        Assert.Equal((small.TrainRows, small.TestRows), (rows.Train.RowCount + rows.Valid.RowCount, rows.Test!.RowCount));
        Assert.Equal(AppStore.Columns.Except(["click", "day"]).Order(), AppStore.Schema.Fields.Select(field => field.Name).Order());
        Assert.Equal(20, rows.Features.Fields.Count);
        Assert.Equal(File.ReadLines(folder["test.csv"]).Count(line => line.StartsWith("1,", StringComparison.Ordinal)),
            rows.Test.Labels.ToArray().Sum(label => (double)label));
    }

    [Fact]
    public void Cancelled_LeavesWhatStood()
    {
        File.WriteAllText(folder["train.csv"], "before");
        using CancellationTokenSource source = new();
        CancelAtOnce progress = new(source);

        Assert.Throws<OperationCanceledException>(() => new AppStore(small).WriteTrain(folder["train.csv"], 2, progress, source.Token));

        Assert.Equal(["train.csv"], folder.Names);
        Assert.Equal("before", File.ReadAllText(folder["train.csv"]));
        Assert.Equal(("train.csv", 2_048, small.TrainRows), (progress.Last.File, progress.Last.Rows, progress.Last.RowCount));
    }

    [Fact]
    public void Options_SayWhatIsAllowed()
    {
        (Action Make, string Message)[] wrong =
        [
            (() => _ = new AppStoreOptions { TrainRows = 6 }, "TrainRows must be in [7, 1000000000000]."),
            (() => _ = new AppStoreOptions { TestRows = 0 }, "TestRows must be in [1, 1073741824]."),
            (() => _ = new AppStoreOptions { UserCount = 99 }, "UserCount must be in [100, 1000000000]."),
            (() => _ = new AppStoreOptions { AppCount = 1_000_001 }, "AppCount must be in [100, 1000000]."),
        ];
        Assert.All(wrong, item =>
            Assert.StartsWith(item.Message, Assert.Throws<ArgumentOutOfRangeException>(item.Make).Message, StringComparison.Ordinal));
    }

    sealed class CancelAtOnce(CancellationTokenSource source) : IProgress<WriteProgress>
    {
        public WriteProgress Last { get; private set; }

        public void Report(WriteProgress value)
        {
            Last = value;
            source.Cancel();
        }
    }
}
