using DeepFM.Core.Tests.Data;
using DeepFM.Layers;
using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Core.Tests;

/// <summary>Memory and disks that are too small are seen before the work, not by its end.</summary>
public sealed class RoomTests : IDisposable
{
    const long Gigabyte = 1 << 30;

    readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Memory_IsWhatTheSystemHasLeft()
    {
        System("MemTotal:  9000 kB\nMemAvailable:  2000 kB\nSwapTotal: 10 kB\nSwapFree:  48 kB\n", "");
        Assert.Equal(2048 * 1024, AvailableMemory.Of(folder[""]));
    }

    [Fact]
    public void Memory_IsUnknown_WhereTheSystemDoesNotTell() => Assert.Null(AvailableMemory.Of(folder[""]));

    /// <summary>The group's own limit, and that of any group above it; pages of files are given back.</summary>
    [Theory]
    [InlineData("max", "1000000", "5000000", 4_000_000 + 300_000)]
    [InlineData("900000", "800000", "5000000", 100_000 + 300_000)]
    [InlineData("max", "1000000", "max", 1 << 30)]
    public void Memory_OfAControlGroup_Version2(string own, string used, string above, long expected)
    {
        System("MemAvailable: 1048576 kB\n", "0::/user/job\n");
        Group("sys/fs/cgroup/user/job", ("memory.max", own), ("memory.current", used), ("memory.stat", "anon 5\ninactive_file 200000\nactive_file 100000\n"));
        Group("sys/fs/cgroup/user", ("memory.max", above), ("memory.current", "1000000"), ("memory.stat", "inactive_file 200000\nactive_file 100000\n"));
        Assert.Equal(expected, AvailableMemory.Of(folder[""]));
    }

    [Fact]
    public void Memory_OfAControlGroup_Version2_WithSwap()
    {
        System("MemAvailable: 1048576 kB\nSwapFree: 1024 kB\n", "0::/job\n");
        Group("sys/fs/cgroup/job", ("memory.max", "5000"), ("memory.current", "1000"), ("memory.swap.max", "700"), ("memory.swap.current", "500"));
        Assert.Equal(4_000 + 200, AvailableMemory.Of(folder[""]));
    }

    /// <summary>In a container the group's path is often not that of the files there, which are the container's own.</summary>
    [Theory]
    [InlineData("sys/fs/cgroup/memory/docker/abc"), InlineData("sys/fs/cgroup/memory")]
    public void Memory_OfAControlGroup_Version1(string where)
    {
        System("MemAvailable: 1048576 kB\n", "9:name=systemd:/\n4:memory:/docker/abc\n0::/\n");
        Group(where, ("memory.limit_in_bytes", "9000"), ("memory.usage_in_bytes", "7000"),
            ("memory.stat", "inactive_file 1\ntotal_inactive_file 30\ntotal_active_file 4\n"));
        Assert.Equal(2_034, AvailableMemory.Of(folder[""]));
    }

    [Fact]
    public void EncodedRows_ThatMemoryDoesNotHold_AreRefused_AndTheWayOutIsNamed()
    {
        // 600 rows of five numbers: label, three ids, a value. The test file, half as long as the other, is not read before.
        DataRequest request = Request() with { Memory = () => 600 * 20 - 1 };
        Assert.Equal("600 encoded rows need about 0.0 MB of memory, but 0.0 MB are free. Give --encoded DIR, which keeps them in files, or "
            + "take fewer rows.", Message(() => DataLoader.Load(request).Dispose()));

        using DataSplits fits = DataLoader.Load(request with { Memory = () => 600 * 20 });
        Assert.Equal(600, fits.Train.RowCount + fits.Valid!.RowCount + fits.Test!.RowCount);
        using DataSplits unknown = DataLoader.Load(request with { Memory = () => null });
        using DataSplits files = DataLoader.Load(request with { Memory = () => 0, EncodedFolder = folder["encoded"] });
    }

    [Fact]
    public void EncodedRows_OfBags_CountTheirEntries()
    {
        string file = folder.Write("bags.csv", string.Concat(Enumerable.Range(0, 100).Select(row => $"{row % 2},a b c\n")));
        DataRequest request = new()
        {
            Schema = Small.OfX("""  "kind": "multiValued", "separator": " ", "minCount": 1 """),
            TrainFiles = [file],
            Memory = () => 100 * (4 + 4 + 12 + 3 * 8) - 1,
        };
        Assert.StartsWith("100 encoded rows need about ", Message(() => DataLoader.Load(request).Dispose()), StringComparison.Ordinal);
        using DataSplits fits = DataLoader.Load(request with { Memory = () => 100 * (4 + 4 + 12 + 3 * 8) });
    }

    [Fact]
    public void EncodedRows_ThatTheDiskDoesNotHold_AreRefused()
    {
        DataRequest request = Request() with { EncodedFolder = folder["encoded"], Disk = where => where == folder["encoded"] ? 600 * 20 - 1 : 0 };
        Assert.Equal($"{folder["encoded"]}: 600 encoded rows need about 0.0 MB, but 0.0 MB are free there. Choose another disk, or take fewer rows.",
            Message(() => DataLoader.Load(request).Dispose()));
        using DataSplits fits = DataLoader.Load(request with { Disk = _ => 600 * 20 });
    }

    /// <summary>The states of the optimizer lie beside each parameter, and the best epoch's parameters are kept apart.</summary>
    [Theory]
    [InlineData("deepfm", OptimizerKind.Adam, true, 16 * 4)]
    [InlineData("deepfm", OptimizerKind.Adagrad, true, 16 * 3)]
    [InlineData("deepfm", OptimizerKind.Sgd, false, 16)]
    [InlineData("fm", OptimizerKind.Adam, false, 16 * 3)]
    public void Tables_ThatMemoryDoesNotHold_AreRefused(string model, OptimizerKind optimizer, bool validated, int floatsOfId)
    {
        using DataSplits data = DataLoader.Load(Request());
        long tables = 4L * floatsOfId * data.Features.FeatureCount;
        RunSettings settings = RunSettings.Default(model).With(["embeddingSize=10", "hiddenWidths=4", "epochs=2"]);
        Trainer With(long memory) => new(settings.CreateModel(), settings.Training with { Optimizer = optimizer }, seed: 1, threads: 1) { Memory = () => memory };
        EncodedData? valid = validated ? data.Valid : null;
        int batchSize = settings.Training.ForRows(data.Train.RowCount).BatchSize;
        long bytes = tables + (long)Network.SlabBytesOf(settings.CreateModel().Build(data.Train.FieldCount), batchSize, threads: 1);
        string message = Message(() => With(bytes - 1).Train(data.Train, valid, [], TestContext.Current.CancellationToken).Dispose());
        Assert.StartsWith($"The tables of {data.Features.FeatureCount} ids need about 0.0 MB of memory, but 0.0 MB are free. Lower embeddingSize, ", message,
            StringComparison.Ordinal);
        With(bytes).Train(data.Train, valid, [], TestContext.Current.CancellationToken).Dispose();

        using Engine engine = new(settings.CreateModel().Build(data.Train.FieldCount), data.Train.Fields, settings.Training with { Optimizer = optimizer }, 1, 1);
        Assert.InRange(Engine.TableBytesOf(engine.Definition, data.Features.FeatureCount, optimizer, keepsBest: false), engine.TableBytes - 200, engine.TableBytes);
    }

    /// <summary>Of every batch the numbers between the layers are there, and each thread has some of its own.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void Batches_ThatMemoryDoesNotHold_AreRefused(string model, bool batchNorm)
    {
        using DataSplits data = DataLoader.Load(Request());
        RunSettings settings = RunSettings.Default(model)
            .With(["embeddingSize=5", "hiddenWidths=37,11", "batchSize=301", "epochs=1", $"batchNorm={(batchNorm ? "true" : "false")}"]);
        ModelDefinition definition = (settings.CreateModel().Pretraining?.Model ?? settings.CreateModel()).Build(data.Train.FieldCount);
        foreach (int threads in new[] { 1, 3, 7 })
        {
            using Engine engine = new(definition, data.Train.Fields, settings.Training, 1, threads);
            long bytes = engine.SlabBytes;
            if (bytes == 0) { continue; }
            Assert.StartsWith($"Batches of 301 rows on {Counted.Of(threads, "thread")} need about ",
                Message(() => Train(bytes - 1, threads).Dispose()), StringComparison.Ordinal);
            Assert.StartsWith("The tables of ", Message(() => Train(bytes, threads).Dispose()), StringComparison.Ordinal);
        }
        using TrainedModel fits = Train((long)Trainer.BytesOf(settings, data, 1), 1);

        TrainedModel Train(long memory, int threads) =>
            new Trainer(settings.CreateModel(), settings.Training, seed: 1, threads) { Memory = () => memory }
                .Train(data.Train, null, [], TestContext.Current.CancellationToken);
    }

    public static TheoryData<string, bool> Models =>
        [.. ModelCatalog.Names.SelectMany(name => new (string, bool)[] { (name, false), (name, true) })];

    [Fact]
    public void Values_ThatMemoryDoesNotHold_AreRefused_WhileTheyAreCounted()
    {
        string file = folder.Write("ids.csv", string.Concat(Enumerable.Range(0, 200_000).Select(row => $"{row % 2},id{row},a\n")));
        DataRequest request = new()
        {
            Schema = Small.Schema(""" "format": "csv", "columns": ["y", "x", "z"] """,
                """{ "kind": "categorical", "columns": ["z", "x"] }"""),
            TrainFiles = [file],
            BlockBytes = 1 << 16,
            Memory = () => 2_000_000,
        };
        Assert.Equal("More distinct values, most of them of field 'x', need about 2.1 MB of memory, but 2.0 MB are free. Leave that field "
            + "out of the schema, or take fewer rows.", Message(() => DataLoader.Load(request).Dispose()));
        using DataSplits fits = DataLoader.Load(request with { Memory = () => 1 << 30 });
    }

    [Fact]
    public void ASavedModel_ThatMemoryDoesNotHold_IsRefused()
    {
        using DataSplits data = DataLoader.Load(Request());
        RunSettings settings = RunSettings.Default("fm").With(["embeddingSize=10", "epochs=1"]);
        TrainingRun.Execute(settings, data, 1, 1, folder["run"], RunOutputs.Model, cancel: TestContext.Current.CancellationToken);
        long bytes = 4L * 16 * data.Features.FeatureCount;
        Assert.StartsWith($"The tables of {data.Features.FeatureCount} ids need about 0.0 MB of memory, ",
            Message(() => SavedModel.Load(folder["run/model"], 1, bytes - 1).Dispose()), StringComparison.Ordinal);
        SavedModel.Load(folder["run/model"], 1, bytes).Dispose();
        SavedModel.Load(folder["run/model"], 1, memory: null).Dispose();
    }

    [Fact]
    public void AModel_ThatTheDiskDoesNotHold_IsRefused_BeforeTraining()
    {
        using DataSplits data = DataLoader.Load(Request());
        RunSettings settings = RunSettings.Default("lr");
        data.Features.Save(folder["features.json"]);
        long file = new FileInfo(folder["features.json"]).Length;
        Assert.InRange(data.Features.FileBytes, 0.3 * file, file);
        long bytes = 4 * (data.Features.FeatureCount + 1) + (long)data.Features.FileBytes;
        Assert.Equal($"{folder["run"]}: the results need about 0.0 MB, but 0.0 MB are free there. Choose another disk, or lower embeddingSize.",
            Message(() => TrainingRun.RequireRoom(settings, data, folder["run"], RunOutputs.Model, bytes - 1)));
        TrainingRun.RequireRoom(settings, data, folder["run"], RunOutputs.Model, bytes);
        TrainingRun.RequireRoom(settings, data, folder["run"], RunOutputs.Report, 0);
        Assert.Throws<UserErrorException>(() => TrainingRun.RequireRoom(settings, data, folder["run"], RunOutputs.Scores, 4 * data.Test!.RowCount - 1));
    }

    [Fact]
    public void Sizes_AreSaidInWords()
    {
        Assert.Equal(("0.5 MB", "999.9 MB", "1.1 GB"), (ByteSize.Of(500_000), ByteSize.Of(999_900_000), ByteSize.Of(Gigabyte)));
        Assert.True(FreeDisk.Of(folder["not/there/yet"]) > 0);
    }

    DataRequest Request()
    {
        string train = folder.Write("train.csv", Rows(400)), test = folder.Write("test.csv", Rows(200));
        return new()
        {
            Schema = Small.Schema(""" "format": "csv", "columns": ["y", "x", "z", "v"] """,
                """{ "kind": "categorical", "columns": ["x", "z"], "minCount": 1 }, { "kind": "value", "column": "v" }"""),
            TrainFiles = [train],
            TestFiles = [test],
            Split = Split.Parse("random:0.8,0.2"),
        };
    }

    static string Rows(int count) => string.Concat(Enumerable.Range(0, count).Select(row => $"{row % 2},{(char)('a' + row % 3)},{(char)('a' + row % 5)},7\n"));

    void System(string memory, string groups)
    {
        Group("proc", ("meminfo", memory));
        Group("proc/self", ("cgroup", groups));
    }

    void Group(string path, params (string Name, string Text)[] files)
    {
        Directory.CreateDirectory(folder[path]);
        foreach ((string name, string text) in files) { folder.Write($"{path}/{name}", text); }
    }

    static string Message(Action wrong) => Assert.Throws<UserErrorException>(wrong).Message;
}
