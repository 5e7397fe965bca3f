namespace DeepFM.Core.Tests.Data;

/// <summary>Lines of pairs: libFM, libSVM and libFFM.</summary>
public class PairFileTests
{
    static string Pairs(string source, string fields) => $$"""
        { "name": "s", "source": { {{source}} }, "label": { "positive": ["1", "+1"], "negative": ["0", "-1"] }, "fields": [ {{fields}} ] }
        """;

    const string AllPairs = """{ "kind": "multiValued", "column": "features", "minCount": 1 }""";

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

    /// <summary>What SVMlight allows in a line: tabs, a query, comments, blank lines, negative values.</summary>
    [Fact]
    public void ReadsLibSvmAsSvmLightDoes() => Assert.Equal(
        ["1: features={1:1 10:-2}", "0: features={1:100 a#2:1}", "1: features={}", "0: features={3:0.5}"],
        Small.Encode(Schema.Parse(Pairs(""" "format": "libsvm" """, AllPairs)),
            "# made by nobody: 1:1\n1\tqid:3 1:1\t\t10:-2 # a comment: 3:1\n \t \n  # another\n"
                + "0 1:100 a#2:1\t#2:1\n+1 qid:4\n-1 3:5e-1\t\n"));

    [Theory]
    [InlineData(""" "format": "libsvm" """, AllPairs, "1: query=7 features={3:2}", "0: query=(missing) features={}")]
    [InlineData(""" "format": "libfm", "columns": ["x"] """, """{ "kind": "value", "column": "x", "standardize": false }""",
        "1: query=7 x=2", null)]
    public void TheQueryOfALineIsAColumn(string source, string field, string row, string? rowWithoutQuery)
    {
        Schema schema = Schema.Parse(Pairs(source,
            $$"""{ "kind": "categorical", "column": "qid", "name": "query", "minCount": 1 }, {{field}}"""));
        Assert.Equal([row], Small.Encode(schema, "1 qid:7 3:2\n"));
        if (rowWithoutQuery is not null) { Assert.Equal([row, rowWithoutQuery], Small.Encode(schema, "1 qid:7 3:2\n0\n")); }
    }

    [Fact]
    public void ReadsSeveralLibFfmFieldsAsBagsAlike() => Assert.Equal(["1: a={1:1 2:3} b={1:-1}", "0: a={} b={1:1}"], Small.Encode(
        Schema.Parse(Pairs(""" "format": "libffm", "columns": ["a", "b"] """,
            """{ "kind": "multiValued", "columns": ["a", "b"], "minCount": 1 }""")),
        "1 0:1:1 1:1:-1 0:2:3 # 0:9:1\n0\t1:1:1\n"));

    [Fact]
    public void ReadsLibFfmByFieldIndexInAnyOrder()
    {
        Schema schema = Schema.Parse("""
            { "name": "s", "source": { "format": "libffm", "columns": ["user", "price", "tags"] },
              "label": { "positive": "1", "negative": "0" },
              "fields": [ { "kind": "categorical", "column": "user", "minCount": 1 },
                          { "kind": "value", "column": "price", "standardize": false },
                          { "kind": "multiValued", "column": "tags", "minCount": 1, "pooling": "mean" } ] }
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
    public void JoinsTablesToRowsOfPairs()
    {
        using TempFolder folder = new();
        folder.Write("users.csv", "7,20,a|b\n8,,c\n");
        Schema schema = Schema.Parse("""
            { "name": "s", "source": { "format": "libffm", "columns": ["user", "x"] }, "label": { "positive": "1", "negative": "0" },
              "joins": [ { "file": "users.csv", "on": "user", "source": { "format": "csv", "columns": ["user", "age", "tags"] } } ],
              "fields": [ { "kind": "categorical", "column": "user", "minCount": 1 },
                          { "kind": "value", "column": "age", "standardize": false },
                          { "kind": "multiValued", "column": "tags", "separator": "|", "minCount": 1, "pooling": "sum" } ] }
            """);
        using DataSplits data = Small.Load(schema, folder.Write("a.ffm", "1 0:7:1\n0 1:3:1 0:8:1\n1 0:9:1\n0 1:7:1\n"));
        Assert.Equal(
            ["1: user=7 age=20 tags={a:1 b:1}", "0: user=8 age=0 tags={c:1}", "1: user=9 age=0 tags={}", "0: user=(missing) age=0 tags={}"],
            Rows.Describe(data.Train, data.Features));
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

    /// <summary>A map of the old format says nothing of pooling where the schema did not: its pairs made a mean, and still do.</summary>
    [Fact]
    public void AMapOfTheOldFormatPoolsAsItDid()
    {
        using TempFolder folder = new();
        string file = folder.Write("a.svm", "1 3:1 4:3\n0 3:1\n");
        using DataSplits data = Small.Load(Schema.Parse(Pairs(""" "format": "libsvm" """, AllPairs)), file);
        data.Features.Save(folder["new.json"]);
        string written = File.ReadAllText(folder["new.json"]);
        folder.Write("old.json", written.Replace("deepfm-features-2", "deepfm-features-1", StringComparison.Ordinal));

        Assert.Equal(("1: features={3:1 4:3}", true), Read("new.json"));
        Assert.Equal(("1: features={3:0.25 4:0.75}", false), Read("old.json"));

        (string Row, bool PairsWithin) Read(string name)
        {
            FeatureMap features = FeatureMap.Load(folder[name]);
            using EncodedData rows = Assert.Single(features.Read([file]));
            return (Rows.Describe(rows, features)[0], features.Fields[0].PairsWithin);
        }
    }
}
