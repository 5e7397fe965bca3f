using System.Text;

namespace DeepFM.Core.Tests.Data;

/// <summary>A file that is read several times must be the same one, with the same bytes, until the last row is encoded.</summary>
public sealed class ChangedInputTests : IDisposable
{
    const int RowCount = 400;

    static readonly Dictionary<string, (Action<string> Change, string What)> Changes = new()
    {
        ["replaced"] = (path =>
        {
            File.WriteAllText(path + ".new", Text(RowCount, clicksAt: 1));
            Stamp(path + ".new");
            File.Move(path + ".new", path, overwrite: true);
        }, OperatingSystem.IsLinux() ? "another file was put in its place" : ""),
        ["grown"] = (path => File.AppendAllText(path, "1,c\n"), "it grew from "),
        ["cut"] = (path =>
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            file.SetLength(file.Length / 2);
        }, "it was cut from "),
        ["relabelled"] = (path =>
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            file.Write(Encoding.UTF8.GetBytes(Text(RowCount, clicksAt: 1)));
        }, "it was written to"),
        ["removed"] = (File.Delete, "it was removed"),
    };

    readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, string, double> ChangesAtAnyTime
    {
        get
        {
            TheoryData<string, string, double> all = [];
            foreach (string change in Changes.Keys)
            {
                foreach (string stage in new[] { "times", "fit", "encode" })
                {
                    all.Add(change, stage, 0.3);
                    all.Add(change, stage, 1);
                }
            }
            return all;
        }
    }

    [Theory, MemberData(nameof(ChangesAtAnyTime))]
    public void Load_RefusesAFileThatChanges(string change, string stage, double share)
    {
        string file = Write("rows.csv", Text(RowCount, clicksAt: 0));
        Assert.StartsWith($"{file} changed while it was read: {Changes[change].What}", Refused(Request(file), file, change, stage, share),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("grown"), InlineData("replaced"), InlineData("removed")]
    public void Load_RefusesAValidationFileThatChanges_WhileItIsRead(string change)
    {
        string file = Write("rows.csv", Text(RowCount, clicksAt: 0)), valid = Write("valid.csv", Text(RowCount / 2, clicksAt: 0));
        DataRequest request = Request(file) with { Split = null, ValidFiles = [valid] };
        Assert.StartsWith($"{valid} changed while it was read: {Changes[change].What}",
            Refused(request, valid, change, "encode", 0.9, new FileInfo(valid).Length), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("grown"), InlineData("removed")]
    public void Load_RefusesACompressedFileThatChanges(string change)
    {
        string file = folder.WriteGzip("rows.csv.gz", Text(RowCount, clicksAt: 0));
        Assert.StartsWith($"{file} changed while it was read: {Changes[change].What}", Refused(Request(file), file, change, "fit", 1),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Load_RefusesATableThatChanges_OnceItWasRead()
    {
        string file = Write("rows.csv", Text(RowCount, clicksAt: 0)), table = Write("places.csv", "x,size\na,1\nb,2\n");
        Schema schema = Small.Schema(""" "format": "csv", "columns": ["y", "x", "t"] """, """{ "column": "size", "kind": "categorical" }""",
            """ "joins": [{ "file": "places.csv", "on": "x", "source": { "format": "csv", "header": true } }], """);
        Assert.StartsWith($"{table} changed while it was read: it grew from ",
            Refused(Request(file) with { Schema = schema, Split = null }, table, "grown", "encode", 0.5), StringComparison.Ordinal);
    }

    /// <summary>A file that grows is most often cut in the middle of a row.</summary>
    [Fact]
    public void Load_NamesTheChange_NotTheFaultThatComesOfIt()
    {
        string file = Write("rows.csv", Text(RowCount, clicksAt: 0));
        string message = Message(() => DataLoader.Load(Request(file) with { Split = null }, At("fit", 1, () => File.AppendAllText(file, "7,"))).Dispose());
        Assert.StartsWith($"{file} changed while it was read: it grew from ", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("grown"), InlineData("cut"), InlineData("relabelled"), InlineData("removed")]
    public void DescribeAndRead_RefuseAFileThatChanges(string change)
    {
        string file = Write("rows.csv", Text(RowCount, clicksAt: 0));
        Assert.StartsWith($"{file} changed while it was read: {Changes[change].What}",
            Message(() => DataLoader.Describe(Schema, [file], progress: At("fit", 0.5, () => Changes[change].Change(file)))), StringComparison.Ordinal);

        file = Write("rows.csv", Text(RowCount, clicksAt: 0));
        using DataSplits data = Small.Load(Schema, file);
        Assert.StartsWith($"{file} changed while it was read: {Changes[change].What}", Message(() =>
        {
            foreach (EncodedData piece in data.Features.Read([file], progress: At("encode", 0.5, () => Changes[change].Change(file))))
            {
                piece.Dispose();
            }
        }), StringComparison.Ordinal);
    }

    /// <summary>Whatever a file system says of times: the digest belongs to the rows that are trained on.</summary>
    [Fact]
    public void Digest_IsOfTheBytesThatWereEncoded()
    {
        string file = Write("rows.csv", Text(RowCount, clicksAt: 0));
        string before = DataDigest.Compute(Request(file));
        using DataSplits data = DataLoader.Load(Request(file), At("fit", 1, () =>
        {
            Changes["relabelled"].Change(file);
            Stamp(file);
        }));
        Assert.NotEqual(before, data.Digest);
        Assert.Equal(DataDigest.Compute(Request(file)), data.Digest);
    }

    [Fact]
    public void Digest_IsThatOfTheFiles_CompressedOnesAndTablesToo()
    {
        Write("places.csv", "x,size\na,1\nb,2\n");
        Schema schema = Small.Schema(""" "format": "csv", "columns": ["y", "x", "t"] """, """{ "column": "size", "kind": "categorical" }""",
            """ "joins": [{ "file": "places.csv", "on": "x", "source": { "format": "csv", "header": true } }], """);
        DataRequest request = new()
        {
            Schema = schema,
            TrainFiles = [Write("a.csv", Text(RowCount, 0)), folder.WriteGzip("b.csv.gz", Text(RowCount, 1))],
            ValidFiles = [Write("v.csv", Text(9, 0))],
            TestFiles = [folder.WriteGzip("t.csv.gz", Text(11, 0))],
            BlockBytes = 100,
        };
        using DataSplits data = DataLoader.Load(request);
        Assert.Equal(DataDigest.Compute(request), data.Digest);
    }

    static string Refused(DataRequest request, string file, string change, string stage, double share, long? bytes = null) =>
        Message(() => DataLoader.Load(request, At(stage, share, () => Changes[change].Change(file), bytes)).Dispose());

    string Write(string name, string text)
    {
        string path = folder.Write(name, text);
        Stamp(path);
        return path;
    }

    // Long ago, so that the next write has another time whatever the clock's grain.
    static void Stamp(string path) => File.SetLastWriteTimeUtc(path, new(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));

    static string Text(int rows, int clicksAt) =>
        string.Concat(Enumerable.Range(0, rows).Select(row => $"{(row % 3 == clicksAt ? 1 : 0)},{(char)('a' + row % 2)},{1_600_000_000 + row}\n"));

    static Schema Schema => Small.Schema(""" "format": "csv", "columns": ["y", "x", "t"] """, """{ "column": "x", "kind": "categorical" }""",
        """ "timestamp": { "column": "t", "format": "unixSeconds" }, """);

    static DataRequest Request(string file) => new()
    {
        Schema = Schema,
        TrainFiles = [file],
        Split = Split.Parse("time:0.8,0.2"),
        BlockBytes = 200,
        Threads = 1,
    };

    static string Message(Action wrong) => Assert.Throws<UserErrorException>(wrong).Message;

    // Does something once, when a stage has come so far; of files of any length together, or of this one.
    static Once At(string stage, double share, Action action, long? bytes = null) =>
        new(now => now.Stage == stage && now.BytesRead >= share * now.TotalBytes && now.TotalBytes == (bytes ?? now.TotalBytes), action);

    sealed class Once(Func<DataProgress, bool> when, Action action) : IProgress<DataProgress>
    {
        bool isDone;

        public void Report(DataProgress value)
        {
            if (isDone || !when(value)) { return; }
            isDone = true;
            action();
        }
    }
}
