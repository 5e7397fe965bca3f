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
    [InlineData("1,\"a\nb\"\n", "a\nb")]
    [InlineData("1,\"a\r\n\r\nb\"\r\n", "a\r\n\r\nb")]
    [InlineData("1,\"\n\"\"\n\"", "\n\"\n")]
    [InlineData("1,\"a\rb\"", "a\rb")]
    [InlineData("\"1\",5\" x 7\"\n", "5\" x 7\"")]
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
    public void MissingTextsAreOfAField_AndNeverOfTheLabelOrAKey()
    {
        using TempFolder folder = new();
        folder.Write("countries.csv", "NA,Africa\n-1,nowhere\nDE,NA\n");
        Schema schema = Schema.Parse("""
            { "name": "s", "source": { "format": "csv", "columns": ["y", "country", "x", "t"], "missing": ["-1", "NA"] },
              "label": { "column": "y", "positive": "1", "negative": "-1" }, "timestamp": { "column": "t", "missing": "0" },
              "joins": [ { "file": "countries.csv", "on": "country",
                "source": { "format": "csv", "columns": ["country", "continent"], "missing": "NA" } } ],
              "fields": [ { "kind": "categorical", "column": "country", "missing": [], "minCount": 1 },
                          { "kind": "categorical", "column": "country", "name": "known", "missing": ["DE", "FR"], "minCount": 1 },
                          { "kind": "categorical", "columns": ["continent"], "minCount": 1 },
                          { "kind": "categorical", "column": "continent", "name": "all", "missing": "Africa", "minCount": 1 },
                          { "kind": "value", "column": "x", "standardize": false },
                          { "kind": "value", "column": "x", "name": "raw", "standardize": false, "missing": [] },
                          { "kind": "time", "part": "hour", "minCount": 1 } ] }
            """);
        using DataSplits data = Small.Load(schema, folder.Write("a.csv", "-1,NA,-1,3600\n1,-1,2,0\n1,DE,-1,7200\n"));
        Assert.Equal(
            [
                "0: country=NA known=NA continent=Africa all=(missing) x=0 raw=-1 hour=1:00",
                "1: country=-1 known=-1 continent=nowhere all=nowhere x=2 raw=2 hour=(missing)",
                "1: country=DE known=(missing) continent=(missing) all=NA x=0 raw=-1 hour=2:00",
            ],
            Rows.Describe(data.Train, data.Features));
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
    public void ReportsProgressUpToTheWholeFile()
    {
        using TempFolder folder = new();
        string file = folder.Write("a.csv", "1,a\n0,b\n");
        List<DataProgress> seen = [];
        using DataSplits data = DataLoader.Load(new() { Schema = Texts, TrainFiles = [file] }, new Now(seen));
        Assert.Equal([new("fit", 8, 8), new("number ids", 1, 1), new("encode", 8, 8)], seen);
    }

    /// <summary>A link is as short as its target's name; what counts is the file.</summary>
    [Fact]
    public void ReportsProgressOfALinkedFile_ByTheFilesLength()
    {
        using TempFolder folder = new();
        folder.Write("a.csv", string.Concat(Enumerable.Repeat("1,a\n0,b\n", 500)));
        File.CreateSymbolicLink(folder["link.csv"], folder["a.csv"]);
        List<DataProgress> seen = [];
        using DataSplits data = DataLoader.Load(new() { Schema = Texts, TrainFiles = [folder["link.csv"]], Memory = () => 1000 * 8 }, new Now(seen));
        Assert.Equal([new("fit", 4000, 4000), new("number ids", 1, 1), new("encode", 4000, 4000)], seen);
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
