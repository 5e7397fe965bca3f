using DeepFM.Data.Schemas;

namespace DeepFM.Core.Tests.Data;

public class SchemaTests
{
    const string Source = """ "format": "csv", "columns": ["y", "age", "job"] """;

    [Fact]
    public void ReadsCommentsTrailingCommasAndRangesOfColumns()
    {
        Schema schema = Schema.Parse("""
            {
              // a comment
              "name": "criteo",
              "source": { "format": "criteo" },
              "label": { "column": "label", "positive": ["1"], "negative": ["0"], },
              "fields": [ { "kind": "logSquared", "columns": "I1..I13" }, { "kind": "categorical", "columns": ["C1", "C9..C11"] }, ],
            }
            """);

        Assert.Equal(17, schema.Fields.Count);
        Assert.Equal(["I1", "I13", "C1", "C11"],
            [schema.Fields[0].Name, schema.Fields[12].Name, schema.Fields[13].Name, schema.Fields[16].Name]);
        Assert.Equal(FieldSpec.DefaultMinCount, Assert.IsType<CategoricalSpec>(schema.Fields[13]).MinCount);
        Assert.DoesNotContain("comment", schema.Json, StringComparison.Ordinal);
        Assert.Equal(schema.Json, Schema.Parse(schema.Json).Json);
    }

    [Theory]
    [InlineData("criteo"), InlineData("frappe"), InlineData("adult"), InlineData("movielens"), InlineData("movielens-latest")]
    [InlineData("avazu"), InlineData("app-store"), InlineData("libsvm")]
    public void EverySchemaOfTheRepositoryReads(string name) => Assert.Equal(name, RealData.Schema(name).Name);

    // The pairs of a libFM line are features, unless its places are named; the entries of other cells are one value of their field.
    [Theory]
    [InlineData(""" "format": "libsvm" """, "", true), InlineData(""" "format": "libfm" """, ", \"pairsWithin\": false", false)]
    [InlineData(""" "format": "libfm", "columns": ["features"] """, "", false), InlineData(""" "format": "libffm", "columns": ["features"] """, "", false)]
    [InlineData(""" "format": "csv", "columns": ["y", "features"] """, ", \"separator\": \"|\"", false)]
    [InlineData(""" "format": "csv", "columns": ["y", "features"] """, ", \"separator\": \"|\", \"pairsWithin\": true", true)]
    public void PairsWithin_IsTheDefaultOfPlainLibFmFiles(string source, string more, bool expected)
    {
        Schema schema = Schema.Parse($$"""
            { "name": "small", "source": { {{source}} }, "label": { "column": "{{(source.Contains("csv", StringComparison.Ordinal) ? "y" : "label")}}", "threshold": 1 },
              "fields": [ { "kind": "multiValued", "column": "features"{{more}} } ] }
            """);
        Assert.Equal(expected, Assert.IsType<MultiValuedSpec>(Assert.Single(schema.Fields)).PairsWithin);
    }

    [Theory]
    [InlineData("C08..C11", "C08 C09 C10 C11")]
    [InlineData("x098..x101", "x098 x099 x100 x101")]
    [InlineData("C98..C101", "C98 C99 C100 C101")]
    [InlineData("0..2", "0 1 2")]
    [InlineData("09..10", "09 10")]
    public void ARangeOfColumnsKeepsItsZeros(string range, string columns) => Assert.Equal(columns.Split(' '),
        Small.Schema($$""" "format": "csv", "columns": ["y", "{{range}}"] """, $$"""{ "kind": "categorical", "columns": "{{range}}" }""")
            .Fields.Select(field => field.Name));

    /// <summary>A pair's value is the feature's value, so pairs are added up; other entries make a mean.</summary>
    [Theory]
    [InlineData(""" "format": "libsvm" """, "features", "", false)]
    [InlineData(""" "format": "libfm", "columns": ["a"] """, "a", "", false)]
    [InlineData(""" "format": "libffm", "columns": ["a"] """, "a", "", false)]
    [InlineData(""" "format": "libffm", "columns": ["a"] """, "a", ", \"pooling\": \"mean\"", true)]
    [InlineData(""" "format": "csv", "columns": ["label", "a"] """, "a", ", \"separator\": \"|\"", true)]
    public void PairsAreSummed_WhereTheSchemaDoesNotSayOtherwise(string source, string column, string more, bool mean)
    {
        Schema schema = Schema.Parse($$"""
            { "name": "s", "source": { {{source}} }, "label": { "column": "label", "positive": "1", "negative": "0" },
              "fields": [ { "kind": "multiValued", "column": "{{column}}"{{more}} } ] }
            """);
        Assert.Equal(mean, Assert.IsType<MultiValuedSpec>(schema.Fields[0]).Mean);
    }

    [Fact]
    public void NamesTheNearestColumn() => AssertMessage(
        """{ "kind": "categorical", "column": "jop" }""",
        "schema: the field 'jop' names the column 'jop', which is not there; did you mean 'job'? Columns: y, age, job.");

    [Fact]
    public void NamesTheNearestProperty_SoThatNoOptionIsIgnored() => AssertMessage(
        """{ "kind": "categorical", "column": "job", "minCout": 3 }""",
        "schema, fields[0]: unknown property 'minCout'; did you mean 'minCount'? Allowed here: kind, column, name, minCount, missing.");

    [Fact]
    public void NamesAMisspeltProperty_BeforeWhatItLeavesOut() => Assert.Equal(
        "schema, source: unknown property 'headr'; did you mean 'header'? Allowed here: format, header, separator, quote, trim, "
        + "missing, encoding, columns, comment, skipLines.",
        Assert.Throws<UserErrorException>(() => Small.Schema(""" "format": "csv", "headr": true """, "")).Message);

    [Fact]
    public void RefusesAnOptionOfAnotherKind() => AssertMessage(
        """{ "kind": "quantile", "column": "age", "minCount": 3 }""",
        "schema, fields[0]: unknown property 'minCount'. Allowed here: kind, column, name, buckets, missing.");

    [Theory]
    [InlineData("""{ "kind": "categorial", "column": "job" }""",
        "schema, fields[0]: 'kind' is 'categorial'; did you mean 'categorical'? Allowed: categorical, logSquared, quantile, value, "
            + "multiValued, time.")]
    [InlineData("""{ "column": "job" }""", "schema, fields[0]: the property 'kind' is missing.")]
    [InlineData("""{ "kind": "categorical" }""", "schema, fields[0]: give either 'column', or 'columns' for several fields alike.")]
    [InlineData("""{ "kind": "categorical", "column": "job", "minCount": 0 }""",
        "schema, fields[0]: 'minCount' is 0, but must be a whole number in [1, 2147483647].")]
    [InlineData("""{ "kind": "quantile", "column": "age", "buckets": "ten" }""",
        "schema, fields[0]: 'buckets' is \"ten\", but must be a whole number in [2, 100000].")]
    [InlineData("""{ "kind": "value", "column": "age", "standardize": 1 }""",
        "schema, fields[0]: 'standardize' is 1, but must be true or false.")]
    [InlineData("""{ "kind": "value", "column": "age", "transform": "log" }""",
        "schema, fields[0]: 'transform' is 'log'; did you mean 'log1p'? Allowed: none, log1p.")]
    [InlineData("""{ "kind": "categorical", "columns": ["age", "job", "age"] }""",
        "schema: the field 'age' is there twice; each name must be given once.")]
    [InlineData("""{ "kind": "categorical", "columns": "I3..I1" }""",
        "schema, fields[0]: 'columns' has 'I3..I1', but a range of columns is written like I1..I13 or C01..C26.")]
    [InlineData("""{ "kind": "categorical", "columns": "C01..C5" }""",
        "schema, fields[0]: 'columns' has 'C01..C5', but a range of columns is written like I1..I13 or C01..C26.")]
    [InlineData("""{ "kind": "categorical", "columns": "C1..C05" }""",
        "schema, fields[0]: 'columns' has 'C1..C05', but a range of columns is written like I1..I13 or C01..C26.")]
    [InlineData("""{ "kind": "multiValued", "column": "job" }""", "schema, fields[0]: the property 'separator' is missing.")]
    [InlineData("""{ "kind": "multiValued", "column": "job", "separator": "ab" }""",
        "schema, fields[0]: 'separator' is 'ab', but must be one ASCII character other than a line end.")]
    [InlineData("""{ "kind": "multiValued" }""",
        "schema, fields[0]: give either 'column', a cell with several entries, 'columns' for several such fields alike, or 'flagColumns', "
            + "columns of 0 and 1.")]
    [InlineData("""{ "kind": "multiValued", "name": "a", "flagColumns": [] }""", "schema, fields[0]: 'flagColumns' names no column.")]
    [InlineData("""{ "kind": "multiValued", "column": "job", "list": true, "separator": "," }""",
        "schema, fields[0]: unknown property 'separator'. Allowed here: kind, flagColumns, column, name, list, weightSeparator, "
            + "padding, pooling, pairsWithin, minCount, missing.")]
    [InlineData("""{ "kind": "multiValued", "columns": ["job"], "name": "a", "separator": "|" }""",
        "schema, fields[0]: unknown property 'name'. Allowed here: kind, flagColumns, column, columns, list, separator, weightSeparator, "
            + "padding, pooling, pairsWithin, minCount, missing.")]
    [InlineData("""{ "kind": "time", "part": "hour" }""",
        "schema, fields[0]: a time field needs the schema's 'timestamp' (its column and format).")]
    [InlineData("""{ "kind": "categorical", "column": "y" }""",
        "schema: the field 'y' reads the label's column 'y': the model would be told the answer. Remove the field.")]
    [InlineData("", "schema: 'fields' names no field, but a model needs at least one.")]
    public void SaysWhatIsWrongWithAField(string field, string message) => AssertMessage(field, message);

    [Theory]
    [InlineData("\"format\": \"cvs\"",
        "schema, source: 'format' is 'cvs'; did you mean 'csv'? Allowed: criteo, csv, tsv, libfm, libsvm, libffm.")]
    [InlineData("\"format\": \"csv\"", "schema, source: without a header, 'columns' must name the columns in file order.")]
    [InlineData("\"format\": \"csv\", \"header\": true, \"columns\": [\"y\"]",
        "schema, source: the header names the columns, so 'columns' must not; leave one of the two out.")]
    [InlineData("\"format\": \"csv\", \"header\": true, \"quote\": \",\"",
        "schema, source: 'separator' and 'quote' are both ',', but must differ.")]
    [InlineData("\"format\": \"criteo\", \"trim\": true",
        "schema, source: unknown property 'trim'. Allowed here: format, comment, skipLines.")]
    [InlineData("\"format\": \"libffm\"", "schema, source: the property 'columns' is missing.")]
    [InlineData("\"format\": \"csv\", \"columns\": [\"y\", \"age\", \"y\"]",
        "schema: the column 'y' is there twice; each name must be given once.")]
    public void SaysWhatIsWrongWithTheSource(string source, string message) => Assert.Equal(message,
        Assert.Throws<UserErrorException>(() => Small.Schema(source, """{ "kind": "value", "column": "age" }""")).Message);

    [Theory]
    [InlineData("""{ "column": "y" }""")]
    [InlineData("""{ "column": "y", "positive": "1" }""")]
    [InlineData("""{ "column": "y", "positive": "1", "negative": "0", "threshold": 4 }""")]
    public void WantsOneWayToReadALabel(string label) => Assert.Equal(
        "schema, label: give either 'positive' and 'negative', the texts that mean 1 and 0, or 'threshold', the number from which on a "
            + "label is 1.",
        Assert.Throws<UserErrorException>(() => Schema.Parse(
            $$"""
            { "name": "s", "source": { {{Source}} }, "label": {{label}}, "fields": [ { "kind": "value", "column": "age" } ] }
            """)).Message);

    [Fact]
    public void SaysWhereTheTextIsNoJson()
    {
        string message = Assert.Throws<UserErrorException>(() => Schema.Parse("{\n  \"name\": nope }", "my.json")).Message;
        Assert.StartsWith("my.json, line 2, byte 12: this is not JSON.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void SaysThatTheFileIsMissing() => Assert.Equal(
        "no/such.json: there is no such schema file. Schemas of public data sets are in data/schemas.",
        Assert.Throws<UserErrorException>(() => Schema.Load("no/such.json")).Message);

    static void AssertMessage(string field, string message) =>
        Assert.Equal(message, Assert.Throws<UserErrorException>(() => Small.Schema(Source, field)).Message);
}
