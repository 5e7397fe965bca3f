namespace DeepFM.Core.Tests.Data;

/// <summary>The advice of a message leads to the way out: by the option's own name.</summary>
public class AdviceTests
{
    const string Header = """ "format": "csv", "header": true """;
    const string Trim = "Set \"trim\": true in the schema's source, which drops the blanks around cells.";

    [Theory]
    [InlineData("y, x \n1,a\n", ": it is there as ' x '. " + Trim + " Columns: y, ' x '.")]
    [InlineData("y;x\n1;a\n", ". Its cells seem to be separated by ';': set \"separator\": \";\" in the schema's source. Columns: y;x.")]
    [InlineData("y\tx\n1\ta\n", ". Its cells seem to be separated by tabs: set \"separator\": \"\\t\" in the schema's source. Columns: y\\tx.")]
    [InlineData("Y,X\n1,a\n", ": it is there as 'Y'. Capital and small letters differ: write it so in the schema. Columns: Y, X.")]
    [InlineData("1,a\n0,b\n", ". No column of the schema is there. Is the first line a header? If not, give \"columns\" in place of \"header\": true. "
        + "If so, is the schema's separator the file's? Columns: 1, a.")]
    public void HeaderWithoutAnyColumn(string text, string message) => Assert.Contains("names the column '",
        Checked(Small.OfX("\"kind\": \"categorical\"", Header), text, $", which is not there{message}"), StringComparison.Ordinal);

    [Fact]
    public void HeaderInQuotes_OfAFormatWithout() => Checked(
        Small.OfX("\"kind\": \"categorical\"", """ "format": "tsv", "header": true """), "y\t\"x\"\n1\ta\n",
        "'x', which is not there: it is there as '\"x\"'. Set \"quote\": \"\\\"\" in the schema's source.");

    [Fact]
    public void NamesOfAHeader_AreShownWithoutControlCharacters_AndCut()
    {
        string message = Checked(Small.OfX("\"kind\": \"categorical\"", Header), $"y,\u001b[2J,{new string('k', 100_000)}\n1,a,b\n", @"Columns: y, \x1b[2J, kkk");
        Assert.InRange(message.Length, 400, 700);
    }

    /// <summary>Names that nobody reads may be empty or there twice, as programs write them for an index.</summary>
    [Theory]
    [InlineData(",,y,x,z,z\n0,0,1,a,,\n1,1,0,b,,\n")]
    public void DuplicateNames_HurtOnlyWhenRead(string text)
    {
        Assert.Equal(2, Small.Encode(Small.OfX("\"kind\": \"categorical\"", Header), text).Length);
        Assert.Equal("train.txt: the column 'z', which the field 'z' reads, is there twice in the header. Rename one of the two.",
            Small.Message(Small.Schema(Header, """{ "kind": "categorical", "column": "z" }"""), text));
    }

    [Fact]
    public void DuplicateNames_OfAJoinedTable_HurtOnlyWhenRead()
    {
        Schema Joined(string field) => Small.Schema(Header, $$"""{ "kind": "categorical", "column": "{{field}}", "minCount": 1 }""",
            """ "joins": [ { "file": "users.csv", "on": "user", "source": { "format": "csv", "header": true } } ], """);
        using TempFolder folder = new();
        string file = folder.Write("a.csv", "y,user,size\n1,u,1\n0,v,2\n");
        folder.Write("users.csv", "user,age,note,note,size\nu,20,,,8\nv,30,,,9\n");

        using DataSplits data = Small.Load(Joined("age"), file);
        Assert.Equal(["20", "30"], Enumerable.Range(0, 2).Select(row => data.Features.Describe(data.Train.Ids(row)[0]).Value));
        Assert.EndsWith("is there twice: in the file and in a joined table. Rename it in one of them.",
            Assert.Throws<UserErrorException>(() => Small.Load(Joined("size"), file)).Message, StringComparison.Ordinal);
    }

    /// <summary>A header that the schema does not know of: also where labels are not read, and every row would be scored.</summary>
    [Fact]
    public void HeaderWhereTheSchemaNamesTheColumns()
    {
        Schema schema = Small.OfX("\"kind\": \"categorical\"");
        const string message = "train.txt, line 1: this is a header, but the schema names the columns itself: set \"skipLines\": 1 in the "
            + "schema's source or, for csv and tsv, \"header\": true in place of \"columns\".";
        Assert.Equal(message, Small.Message(schema, "y,x\n1,a\n"));
        Assert.Equal(message, Small.Message(schema, "\"Y\",\"X\"\n1,a\n"));
        Assert.Contains(" If this line is a header, set \"skipLines\": 1 ", Small.Message(schema, "label,text\n1,a\n"), StringComparison.Ordinal);

        using TempFolder folder = new();
        using DataSplits data = Small.Load(schema, folder.Write("a.csv", "1,a\n0,a\n"));
        string file = folder.Write("b.csv", "y,x\n1,a\n");
        Assert.EndsWith(message["train.txt".Length..], Assert.Throws<UserErrorException>(() => data.Features.Read([file], readLabels: false).Count()).Message,
            StringComparison.Ordinal);
        Assert.Equal(2, Small.Encode(schema, "1,x\n0,y\n").Length);       // a value may be a column's name
    }

    [Fact]
    public void LinesOfAnotherSeparator() => Assert.Equal(
        "train.txt, line 1: the line has 1 column, but 2 are expected (y, x). Its cells seem to be separated by '|': set \"separator\": \"|\" "
            + "in the schema's source.",
        Small.Message(Small.OfX("\"kind\": \"categorical\""), "1|a\n"));

    [Theory]
    [InlineData("1\n 0", Trim)]
    [InlineData("1\n0 ", Trim)]
    [InlineData("1\n2", "List it in the schema's label as \"positive\" or \"negative\", or give \"threshold\", the number from which on a label is positive.")]
    [InlineData("1\n0.37", "List it in the schema's label as \"positive\" or \"negative\", or give \"threshold\", the number from which on a label is positive.")]
    [InlineData("1\n0.0", "If it means 0, list it in the schema's label: \"negative\": [\"0\", \"0.0\"].")]
    [InlineData("1\n1.0", "If it means 1, list it in the schema's label: \"positive\": [\"1\", \"1.0\"].")]
    [InlineData("1\nTrue", "Say in the schema's label what it means: \"positive\": \"True\", \"negative\": \"False\".")]
    [InlineData("1\nNO", "Say in the schema's label what it means: \"positive\": \"YES\", \"negative\": \"NO\".")]
    [InlineData("1\nmaybe", "Correct the line, or list it in the schema's label as \"positive\" or \"negative\".")]
    [InlineData("no", "If this line is a header, set \"skipLines\": 1 in the schema's source or, for csv and tsv, \"header\": true in place of \"columns\".")]
    public void Labels(string labels, string advice)
    {
        string[] lines = labels.Split('\n');
        Assert.Equal($"train.txt, line {lines.Length}, column 'y': '{lines[^1]}' is not a label. Allowed: 1 (positive), 0 (negative). {advice}",
            Small.Message(Small.OfX("\"kind\": \"categorical\""), string.Concat(lines.Select(label => $"{label},a\n"))));
    }

    [Theory]
    [InlineData("", "is empty, but a row needs a label. Leave such rows out; predict does without labels.")]
    [InlineData("3,5", "is not a label. Allowed: numbers; from 3.5 on they are positive. It has a comma. Numbers take a decimal point and nothing "
        + "between thousands: 3.5. Convert the column.")]
    public void LabelsByThreshold(string label, string message) => Assert.Equal($"train.txt, line 1, column 'y': '{label}' {message}",
        Small.Message(Schema.Parse("""
            { "name": "r", "source": { "format": "csv", "columns": ["y", "x"] }, "label": { "column": "y", "threshold": 3.5 },
              "fields": [ { "kind": "categorical", "column": "x" } ] }
            """),
            $"\"{label}\",a\n"));

    [Theory]
    [InlineData("NaN", "is not a number. If it means that the value is missing, say so in the schema: \"missing\": [\"NaN\"].")]
    [InlineData("NA", "is not a number. If it means that the value is missing, say so in the schema: \"missing\": [\"NA\"].")]
    [InlineData("null", "is not a number. If it means that the value is missing, say so in the schema: \"missing\": [\"null\"].")]
    [InlineData("None", "is not a number. If it means that the value is missing, say so in the schema: \"missing\": [\"None\"].")]
    [InlineData("\\N", "is not a number. If it means that the value is missing, say so in the schema: \"missing\": [\"\\\\N\"].")]
    [InlineData("inf", "is not a finite number. If it means that the value is missing, say so in the schema: \"missing\": [\"inf\"].")]
    [InlineData("-Infinity", "is not a finite number. If it means that the value is missing, say so in the schema: \"missing\": [\"-Infinity\"].")]
    [InlineData("1e400", "is too large: numbers go up to 1.797e308.")]
    [InlineData("20,7", "has a comma. Numbers take a decimal point and nothing between thousands: 20.7. Convert the column.")]
    [InlineData("1.234,5", "has a comma. Numbers take a decimal point and nothing between thousands: 1234.5. Convert the column.")]
    [InlineData("1,234,567.5", "has a comma. Numbers take a decimal point and nothing between thousands: 1234567.5. Convert the column.")]
    [InlineData("1,234", "has a comma. Numbers take a decimal point and nothing between thousands: 1.234 or 1234. Convert the column.")]
    [InlineData("12%", "has the sign %. Numbers are written without: convert the column, or make the field categorical in the schema.")]
    [InlineData("€5", "has the sign €. Numbers are written without: convert the column, or make the field categorical in the schema.")]
    [InlineData("cheap", "is not a number. Allowed: numbers such as 12, -0.5 or 1e3, and nothing where the value is missing. Correct the line, or make "
        + "the field categorical in the schema.")]
    public void Numbers(string cell, string message) => Assert.Equal($"train.txt, line 2, column 'x': '{cell}' {message}",
        Small.Message(Small.OfX("\"kind\": \"value\""), $"1,0\n0,\"{cell}\"\n"));

    [Fact]
    public void NumbersOfPairs() => Assert.Equal("train.txt, line 1, column 'x': '7:nan' is not a number. Where the value is missing, leave the pair out.",
        Small.Message(Schema.Parse("""
            { "name": "p", "source": { "format": "libffm", "columns": ["x"] }, "label": { "positive": "1", "negative": "0" },
              "fields": [ { "kind": "value", "column": "x" } ] }
            """),
            "1 0:7:nan\n"));

    [Theory]
    [InlineData("-1", "is before 1970: unixSeconds has no such times. Leave such rows out, or leave the cell empty.")]
    [InlineData("1574557323000", "is past the year 9999. Such numbers are milliseconds: set \"format\": \"unixMilliseconds\" in the schema's timestamp.")]
    [InlineData("1574557323000000", "is past the year 9999. Such numbers are micro- or nanoseconds: divide the column to milliseconds, \"unixMilliseconds\".")]
    public void Times(string cell, string message) => Assert.Equal($"train.txt, line 1, column 't': '{cell}' {message}",
        Small.Message(Hours("unixSeconds"), $"1,{cell}\n"));

    [Theory]
    [InlineData("unixSeconds", "7199.999"), InlineData("unixMilliseconds", "7199999.9"), InlineData("unixSeconds", "7.1e3")]
    public void TimesInFloatingPoint_AreRead(string format, string cell) =>
        Assert.Contains("1:00", Small.Encode(Hours(format), $"1,{cell}\n0,{cell}\n")[0], StringComparison.Ordinal);

    [Theory]
    [InlineData("%Y-%m-%d %H:%M:%S", "has %, which formats of .NET have not. In those it is 'yyyy-MM-dd HH:mm:ss', such as yyyy-MM-dd HH:mm:ss.")]
    [InlineData("YYYY-MM-DD", "has a large Y or D, which stand for nothing in formats of .NET. Write y for the year, ")]
    [InlineData("unixseconds", "is not known. Allowed: unixSeconds, unixMilliseconds, or a date format of .NET such as yyyy-MM-dd HH:mm:ss.")]
    [InlineData("'no time'", "is not a date format of .NET such as yyyy-MM-dd HH:mm:ss. Allowed beside these: unixSeconds, unixMilliseconds.")]
    [InlineData("MM-dd HH:mm", "has no year, so times would be taken as of the current one. Add it: yyyy or yy.")]
    public void TimeFormats(string format, string message) => Assert.StartsWith($"schema, timestamp: the format '{format}' {message}",
        Assert.Throws<UserErrorException>(() => Hours(format)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("yyyy-MM-dd HH:mm:ss"), InlineData("yyMMddHH"), InlineData("HH:mm"), InlineData("yyyy-MM-dd'T'HH:mm:ss.fffK"), InlineData("s")]
    [InlineData("d/M/yyyy H:m"), InlineData("ddd, dd MMM yyyy HH:mm:ss 'GMT'"), InlineData("o")]
    public void TimeFormatsOfDotNet_AreTaken(string format) => Assert.Equal(format, Hours(format).Timestamp!.Format);

    static Schema Hours(string format) => Small.Schema(""" "format": "csv", "columns": ["y", "t"] """, """{ "kind": "time", "part": "hour" }""",
        $$""" "timestamp": { "column": "t", "format": "{{format}}" }, """);

    static string Checked(Schema schema, string text, string message)
    {
        string actual = Small.Message(schema, text);
        Assert.Contains(message, actual, StringComparison.Ordinal);
        return actual;
    }
}
