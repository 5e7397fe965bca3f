using System.IO.Compression;
using System.Text;
using DeepFM.Data.Reading;

namespace DeepFM.Core.Tests.Data;

public class ReadingTests
{
    static readonly Schema Texts = Small.OfX("\"kind\": \"categorical\", \"minCount\": 1");

    [Theory]
    [InlineData("1,a\n0,b\n", "plain")]
    [InlineData("1,a\n0,b", "no end of line at the end")]
    [InlineData("1,a\r\n0,b\r\n", "CRLF")]
    [InlineData("\uFEFF1,a\n0,b\n", "byte order mark")]
    [InlineData("\n1,a\n\n\n0,b\n\n", "empty lines")]
    [InlineData("1,\"a\"\n\"0\",b\n", "quotes")]
    public void TheSameRowsReadTheSame(string text, string _) => Assert.Equal(["1: x=a", "0: x=b"], Small.Encode(Texts, text));

    [Fact]
    public void GzipAndPlainReadTheSame_AndSoDoSeveralFilesAndOne()
    {
        using TempFolder folder = new();
        string first = "1,a\n0,b\n1,a\n", second = "0,c\n1,b\n";
        using DataSplits one = Small.Load(Texts, folder.Write("one.csv", first + second));
        using DataSplits two = Small.Load(Texts, folder.Write("1.csv", first), folder.WriteGzip("2.csv.gz", second));
        using DataSplits joined = Small.Load(Texts, folder.Write("joined.gz", [.. TempFolder.Gzip(first), .. TempFolder.Gzip(second)]));

        Assert.Equal(Rows.Dump(one.Train), Rows.Dump(two.Train));
        Assert.Equal(Rows.Dump(one.Train), Rows.Dump(joined.Train));
    }

    /// <summary>Sizes around the buffers of the decompressor, where a member's end meets a buffer's.</summary>
    [Fact]
    public void GzipOfAnySizeIsWhole() =>
        Gen.Select(Gen.Int[0, 20_000], Gen.Int[0, 1_000_000], Gen.Int[1, 5_000]).Sample((length, seed, piece) =>
    {
        byte[] text = new byte[length];
        new Random(seed).NextBytes(text);
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.NoCompression, leaveOpen: true)) { gzip.Write(text); }
        compressed.Position = 0;

        using GzipText read = new(compressed);
        List<byte> back = [];
        byte[] buffer = new byte[piece];
        for (int count = piece; count == piece;)
        {
            count = read.Read(buffer);
            back.AddRange(buffer.AsSpan(0, count));
        }
        Assert.Equal(text, back.ToArray());
    }, iter: 100);

    [Theory]
    [InlineData("1,\"a,b\"\n", "a,b")]
    [InlineData("1,\"say \"\"no\"\"\"\n", "say \"no\"")]
    [InlineData("1,\"\"\n", "(missing)")]
    [InlineData("1,a b \n", "a b ")]
    [InlineData("1,größe €\n", "größe €")]
    public void CellsOfCsv(string text, string value) => Assert.Equal([$"1: x={value}"], Small.Encode(Texts, text));

    [Fact]
    public void TrimsAndKnowsMissingTexts() => Assert.Equal(
        ["1: x=a", "0: x=(missing)", "1: x=(missing)", "0: x= q "],
        Small.Encode(Small.OfX("\"kind\": \"categorical\", \"minCount\": 1",
            """ "format": "csv", "columns": ["y", "x"], "trim": true, "missing": ["?", "NULL"] """),
            "1 , a\n0, ?\n 1 ,NULL \n0, \" q \" \n"));

    [Fact]
    public void SkipsCommentsAndFirstLines_AndFindsColumnsByTheHeader() => Assert.Equal(
        ["1: x=a", "0: x=b"],
        Small.Encode(Small.OfX("\"kind\": \"categorical\", \"minCount\": 1",
            """ "format": "csv", "header": true, "separator": ";", "comment": "#", "skipLines": 1 """),
            "made by nobody\n# a comment\nother;x;y\nq;a;1\n# another\nr;b;0\n"));

    [Fact]
    public void ReadsLatin1()
    {
        using TempFolder folder = new();
        string file = folder.Write("a.csv", Encoding.Latin1.GetBytes("1,Amélie\n0,Ö\n"));
        using DataSplits data = Small.Load(Small.OfX("\"kind\": \"categorical\", \"minCount\": 1",
            """ "format": "csv", "columns": ["y", "x"], "encoding": "latin1" """), file);
        Assert.Equal(["1: x=Amélie", "0: x=Ö"], Rows.Describe(data.Train, data.Features));
    }

    [Fact]
    public void ReadsLibFmAsOneBagOfWeightedIds()
    {
        Schema schema = Schema.Parse("""
            { "name": "s", "source": { "format": "libsvm" }, "label": { "positive": ["1", "+1"], "negative": "-1" },
              "fields": [ { "kind": "multiValued", "column": "features", "pooling": "sum", "minCount": 1 } ] }
            """);
        Assert.Equal(["1: features={3:1 70000:0.5}", "0: features={}", "1: features={3:-2}"],
            Small.Encode(schema, "+1 3:1 70000:0.5 \n-1\n1\t3:-2\n"));
    }

    [Fact]
    public void ReadsLibFfmByFieldIndexInAnyOrder()
    {
        Schema schema = Schema.Parse("""
            { "name": "s", "source": { "format": "libffm", "columns": ["user", "price", "tags"] },
              "label": { "positive": "1", "negative": "0" },
              "fields": [ { "kind": "categorical", "column": "user", "minCount": 1 },
                          { "kind": "value", "column": "price", "standardize": false },
                          { "kind": "multiValued", "column": "tags", "minCount": 1 } ] }
            """);
        Assert.Equal(["1: user=17 price=2.5 tags={5:0.25 6:0.5 7:0.25}", "0: user=(missing) price=0 tags={6:1}"],
            Small.Encode(schema, "1 2:5:1 1:99:2.5 2:6:2 0:17:1 2:7:1\n0 2:6:4\n"));
    }

    /// <summary>Pairs of two fields in turn, far more than a line's length of joined text could be copied into.</summary>
    [Fact]
    public void JoinsThePairsOfLibFfmFieldsThatTakeTurns()
    {
        Schema schema = Schema.Parse("""
            { "name": "s", "source": { "format": "libffm", "columns": ["a", "b"] }, "label": { "positive": "1", "negative": "0" },
              "fields": [ { "kind": "multiValued", "column": "a", "minCount": 1, "pooling": "sum" },
                          { "kind": "multiValued", "column": "b", "minCount": 1, "pooling": "sum" } ] }
            """);
        const int n = 2_000;
        string pairs = string.Join(' ', Enumerable.Range(0, n).Select(i => $"{i % 2}:{i}:1"));
        string Bag(int first) => string.Join(' ', Enumerable.Range(0, n / 2).Select(i => $"{2 * i + first}:1"));

        Assert.Equal([$"1: a={{{Bag(0)}}} b={{{Bag(1)}}}", "0: a={0:1} b={}"], Small.Encode(schema, $"1 {pairs}\n0 0:0:1\n"));
    }

    /// <summary>Rows are taken group by group: what one line joined must outlive the next ones, longer or not.</summary>
    [Fact]
    public void LinesWithRepeatedLibFfmFieldsKeepTheirOwnPairs()
    {
        Schema schema = Schema.Parse("""
            { "name": "s", "source": { "format": "libffm", "columns": ["a", "b"] }, "label": { "positive": "1", "negative": "0" },
              "fields": [ { "kind": "multiValued", "column": "a", "minCount": 1, "pooling": "sum" },
                          { "kind": "categorical", "column": "b", "minCount": 1 } ] }
            """);
        string Ids(int line, string before) => string.Join(' ', Enumerable.Range(0, 2 + line % 7).Select(i => $"{before}{line}x{i}:1"));

        Assert.Equal(Enumerable.Range(0, 600).Select(line => $"{line % 2}: a={{{Ids(line, "")}}} b=z{line}"),
            Small.Encode(schema, string.Concat(Enumerable.Range(0, 600).Select(line => $"{line % 2} {Ids(line, "0:")} 1:z{line}:1\n"))));
    }

    [Fact]
    public void ZerosOfBothSignsAreOneNumber()
    {
        Assert.True(NumberText.TryParse("-0.0"u8, out double zero));
        Assert.Equal(0, BitConverter.DoubleToInt64Bits(zero));
    }

    [Fact]
    public void JoinsTablesByKey_AndAnUnknownKeyAddsMissingCells()
    {
        using TempFolder folder = new();
        folder.WriteGzip("users.gz", "id|age|town\nu1|20|Rome\nu2||Oslo\n");
        Schema schema = Small.Schema(""" "format": "csv", "columns": ["y", "user"] """,
            """{ "kind": "value", "column": "age", "standardize": false }, { "kind": "categorical", "column": "town", "minCount": 1 }""",
            """
            "joins": [ { "file": "users", "on": "user", "key": "id", "source": { "format": "csv", "header": true, "separator": "|" } } ],
            """);
        using DataSplits data = Small.Load(schema, folder.Write("a.csv", "1,u2\n0,u1\n1,u9\n"));
        Assert.Equal(["1: age=0 town=Oslo", "0: age=20 town=Rome", "1: age=0 town=(missing)"], Rows.Describe(data.Train, data.Features));
    }

    [Theory]
    [InlineData(""" "format": "csv", "columns": ["y", "x"] """, "1,a\n0,b\n", "a\nb\n")]
    [InlineData(""" "format": "csv", "columns": ["y", "x"] """, "1,a\n0,b\n", "7,a\n,b\n")]
    [InlineData(""" "format": "csv", "header": true """, "y,x\n1,a\n0,b\n", "z,x\nq,a\nr,b\n")]
    public void ReadsRowsWithoutLabels(string source, string train, string unlabelled)
    {
        using TempFolder folder = new();
        using DataSplits data = Small.Load(Small.OfX("\"kind\": \"categorical\", \"minCount\": 1", source), folder.Write("train", train));
        string[] rows = [.. data.Features.Read([folder.Write("new", unlabelled)], readLabels: false)
            .SelectMany(chunk => { using (chunk) { return Rows.Describe(chunk, data.Features); } })];
        Assert.Equal(["0: x=a", "0: x=b"], rows);
    }

    [Fact]
    public void ReadsLibFmRowsWithoutLabels()
    {
        Schema schema = Schema.Parse("""
            { "name": "s", "source": { "format": "libfm", "columns": ["x"] }, "label": { "positive": "1", "negative": "-1" },
              "fields": [ { "kind": "categorical", "column": "x", "minCount": 1 } ] }
            """);
        using TempFolder folder = new();
        using DataSplits data = Small.Load(schema, folder.Write("train", "1 4:1\n-1 9:1\n"));
        Assert.Equal(Rows.DumpAll(data.Features.Read([folder.Write("a", "1 9:1\n-1 4:1\n")], readLabels: false)),
            Rows.DumpAll(data.Features.Read([folder.Write("b", "9:1\n4:1\n")], readLabels: false)));
    }

    [Fact]
    public void ReportsProgressUpToTheWholeFile()
    {
        using TempFolder folder = new();
        string file = folder.Write("a.csv", "1,a\n0,b\n");
        List<DataProgress> seen = [];
        using DataSplits data = DataLoader.Load(new() { Schema = Texts, TrainFiles = [file] }, new Now(seen));
        Assert.Equal([new("fit", 8, 8), new("encode", 8, 8)], seen);
    }

    [Fact]
    public void StopsWhenCancelled()
    {
        using TempFolder folder = new();
        Assert.ThrowsAny<OperationCanceledException>(() => DataLoader.Load(
            new() { Schema = Texts, TrainFiles = [folder.Write("a.csv", "1,a\n")] }, cancel: new CancellationToken(canceled: true)));
    }

    sealed class Now(List<DataProgress> seen) : IProgress<DataProgress>
    {
        public void Report(DataProgress value) => seen.Add(value);
    }
}
