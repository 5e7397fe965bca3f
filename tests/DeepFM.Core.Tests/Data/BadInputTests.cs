using System.Text;

namespace DeepFM.Core.Tests.Data;

/// <summary>Every message names the file, the line, what was found and what is allowed.</summary>
public class BadInputTests
{
    static readonly Schema Numbers = Small.OfX("\"kind\": \"value\"");
    static readonly Schema Texts = Small.OfX("\"kind\": \"categorical\"");

    [Fact]
    public void MissingFile()
    {
        UserErrorException wrong = Assert.Throws<UserErrorException>(() => Small.Load(Texts, "no/such.csv"));
        Assert.Equal("no/such.csv: there is no such file.", wrong.Message);
    }

    [Fact]
    public void Folder()
    {
        using TempFolder folder = new();
        UserErrorException wrong = Assert.Throws<UserErrorException>(() => Small.Load(Texts, folder[""]));
        Assert.EndsWith(": this is a folder; name the files in it.", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""), InlineData("\n\n"), InlineData("# only a comment\n")]
    public void FileWithoutRows(string text) => Assert.Equal(
        "train.txt: the file has no rows. Check that it was copied or downloaded whole.",
        Small.Message(Small.OfX("\"kind\": \"value\"", """ "format": "csv", "columns": ["y", "x"], "comment": "#" """), text));

    [Fact]
    public void EmptyGzip()
    {
        using TempFolder folder = new();
        UserErrorException wrong = Assert.Throws<UserErrorException>(() => Small.Load(Texts, folder.WriteGzip("a.gz", "")));
        Assert.EndsWith("a.gz: the file has no rows. Check that it was copied or downloaded whole.", wrong.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void GzipCutOffAtAnyByte()
    {
        using TempFolder folder = new();
        byte[] whole = TempFolder.Gzip(string.Concat(Enumerable.Range(0, 50).Select(i => $"{i % 2},{i * 7919}\n")));
        for (int length = 2; length < whole.Length; length++)
        {
            string file = folder.Write("cut.gz", whole[..length]);
            UserErrorException wrong = Assert.Throws<UserErrorException>(() => { using DataSplits data = Small.Load(Texts, file); });
            Assert.Matches(@"cut\.gz: the gzip file is cut off or damaged near byte \d+ of \d+\. Copy or download it again\.$",
                wrong.Message);
        }
    }

    [Theory]
    [InlineData("1,a\n0,b,c\n",
        "train.txt, line 2: the line has 3 columns, but 2 are expected (y, x). Correct the line, or the format in the schema's source.")]
    [InlineData("1,a\n\n1\n",
        "train.txt, line 3: the line has 1 column, but 2 are expected (y, x). Correct the line, or the format in the schema's source.")]
    public void WrongColumnCount(string text, string message) => Assert.Equal(message, Small.Message(Texts, text));

    [Fact]
    public void WrongColumnCount_NamesSomeOfManyColumns() => Assert.Equal(
        "train.txt, line 1: the line has 2 columns, but 40 are expected (label, I1, I2, I3, …, C26). Correct the line, or the format in "
            + "the schema's source.",
        Small.Message(Schema.Parse("""
            { "name": "c", "source": { "format": "criteo" }, "label": { "column": "label", "positive": "1", "negative": "0" },
              "fields": [ { "kind": "categorical", "columns": "C1..C26" } ] }
            """),
            "1\t2\n"));

    [Theory]
    [InlineData("value"), InlineData("quantile"), InlineData("logSquared")]
    public void TextInANumericField(string kind) => Assert.Equal(
        "train.txt, line 3, column 'x': 'abc' is not a number. Allowed: numbers such as 12, -0.5 or 1e3, and nothing where the value is "
            + "missing. "
        + "Correct the line, or make the field categorical in the schema.",
        Small.Message(Small.OfX($"\"kind\": \"{kind}\""), "1,1\n0,2\n1,abc\n"));

    [Theory]
    [InlineData("1 2"), InlineData("0x1F"), InlineData("one")]
    public void NumbersThatAreNone(string text) =>
        Assert.Contains($"'{text}' is not a number.", Small.Message(Numbers, $"1,{text}\n"), StringComparison.Ordinal);

    [Fact]
    public void RatingThatIsNoNumber()
    {
        Schema schema = Schema.Parse("""
            { "name": "r", "source": { "format": "csv", "columns": ["y", "x"] }, "label": { "column": "y", "threshold": 3.5 },
              "fields": [ { "kind": "categorical", "column": "x" } ] }
            """);
        Assert.Equal("train.txt, line 1, column 'y': 'good' is not a label. Allowed: numbers; from 3.5 on they are positive.",
            Small.Message(schema, "good,a\n"));
    }

    [Fact]
    public void HeaderWithoutTheColumn()
    {
        Schema schema = Small.OfX("\"kind\": \"categorical\", \"name\": \"city\"", """ "format": "csv", "header": true """);
        Assert.Equal("train.txt: the field 'city' names the column 'x', which is not there. Columns: y, town.",
            Small.Message(schema, "y,town\n1,a\n"));
    }

    [Fact]
    public void TextThatIsNotUtf8()
    {
        using TempFolder folder = new();
        string file = folder.Write("a.csv", Encoding.Latin1.GetBytes("1,a\n0,é\n"));
        UserErrorException wrong = Assert.Throws<UserErrorException>(() => Small.Load(Texts, file));
        Assert.EndsWith("a.csv, line 2: the text is not UTF-8. Convert the file, or set \"encoding\": \"latin1\" in the schema's source if "
                + "that is what it is.",
            wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1,a\n1,\"a\n0,b\n",
        "train.txt, line 2: a \" that opens a cell is not closed. Close it, or set \"quote\": \"\" in the schema.")]
    [InlineData("1,\"a\n0,b\"\"\n1,c\n",
        "train.txt, line 1: a \" that opens a cell is not closed. Close it, or set \"quote\": \"\" in the schema.")]
    [InlineData("1,\"a\n\n\"\n2,\"b\"c\n",
        "train.txt, line 4: 'c' follows a closing \", where ',' or the line end is allowed. Double the quotes "
        + "inside a cell, or set \"quote\": \"\" in the schema.")]
    [InlineData("1,\"a\"b\n", "train.txt, line 1: 'b' follows a closing \", where ',' or the line end is allowed. Double the quotes inside "
        + "a cell, or set \"quote\": \"\" in the schema.")]
    public void BrokenQuotes(string text, string message) => Assert.Equal(message, Small.Message(Texts, text));

    [Theory]
    [InlineData("1 0:u:1 0:i:2\n", "train.txt, line 1, column 'x': 'u:1 i:2' is not one pair id:value, as this field needs. "
        + "For several pairs make it 'multiValued'.")]
    [InlineData("1 0:u:2\n", "train.txt, line 1, column 'x': 'u:2' is not one id with the value 1, as a categorical field needs. "
        + "For other values make the field 'multiValued' or 'value' in the schema.")]
    [InlineData("1 0:u\n", "train.txt, line 1: '0:u' is not written field:id:value, with a field index from 0. "
        + "Lines of id:value are libfm: set \"format\": \"libfm\" in the schema's source.")]
    [InlineData("1 0:u:1:1\n", "train.txt, line 1: '0:u:1:1' is not written field:id:value, with a field index from 0.")]
    [InlineData("0 0:u:1\n0:v:1\n", "train.txt, line 2: the line begins with '0:v:1', where a label is expected. Give every line a label, "
        + "or none.")]
    [InlineData("1 u:1:1\n", "train.txt, line 1: 'u:1:1' is not written field:id:value, with a field index from 0.")]
    public void PairsThatDoNotFitTheField(string text, string message) => Assert.Equal(message, Small.Message(
        Schema.Parse("""
            { "name": "p", "source": { "format": "libffm", "columns": ["x"] }, "label": { "positive": "1", "negative": "0" },
              "fields": [ { "kind": "categorical", "column": "x" } ] }
            """),
        text));

    [Fact]
    public void FieldIndexThatTheSchemaDoesNotName()
    {
        Schema schema = Schema.Parse("""
            { "name": "p", "source": { "format": "libffm", "columns": ["a", "b"] }, "label": { "positive": "1", "negative": "0" },
              "fields": [ { "kind": "categorical", "column": "a" } ] }
            """);
        Assert.Equal("train.txt, line 1: '2:7:1' has the field index 2, but the schema's 'columns' names only 0 to 1.",
            Small.Message(schema, "1 2:7:1\n"));
    }

    [Theory]
    [InlineData("a:x", "a:x"), InlineData("a:1|b:-1", "b:-1"), InlineData("a", "a")]
    public void WeightThatIsNone(string cell, string entry) => Assert.Equal(
        $"train.txt, line 1, column 'x': '{cell}' has the entry '{entry}'. Each entry of 'x' is written id:weight, with a number from 0 on "
            + "as weight; with \"pooling\": \"sum\" in the schema, also below 0.",
        Small.Message(Small.OfX(""" "kind": "multiValued", "separator": "|", "weightSeparator": ":" """), $"1,{cell}\n"));

    [Theory]
    [InlineData("", "1 0:3:1\n", "line 1, column 'features': '0:3:1' has the entry '0:3:1'. Lines of field:id:value are libffm: set "
        + "\"format\": \"libffm\" in the schema's source, with its 'columns'.")]
    [InlineData("", "1 3:1\n4:1 5:1\n", "line 2: the line begins with '4:1', where a label is expected. Give every line a label, or none.")]
    [InlineData("", "1 3:x\n",
        "line 1, column 'features': '3:x' has the entry '3:x'. Each entry of 'features' is written id:weight, with a "
        + "number as weight.")]
    [InlineData(""", "columns": ["features", "b"]""", "1 0:3:1 1:4:1\n", "line 1, column 'features': '0:3:1' is no pair id:value. Lines of "
        + "field:id:value are libffm: set \"format\": \"libffm\" in the schema's source, with its 'columns'.")]
    [InlineData(""", "columns": ["features", "b"]""", "1 qid:1 3:1 # 4:1\n",
        "line 1: the line has 1 pair, but the schema's 'columns' names 2. "
        + "Correct the line, or leave 'columns' out for lines of any number of pairs.")]
    public void LibFmLinesThatAreNone(string columns, string text, string message) => Assert.Equal("train.txt, " + message, Small.Message(
        Schema.Parse($$"""
            { "name": "p", "source": { "format": "libfm"{{columns}} }, "label": { "positive": "1", "negative": "0" },
              "fields": [ { "kind": "{{(columns == "" ? "multiValued" : "categorical")}}", "column": "features" } ] }
            """),
        text));

    [Theory]
    [InlineData("['a', 'b']"), InlineData("[1, 2]"), InlineData("[]"), InlineData(" [\"\"a\"\"] ")]
    [InlineData("('a', 'b')"), InlineData("{'a'}")]
    public void ListsThatTheSchemaDoesNotSayAreSome(string cell) => Assert.Equal($"train.txt, line 1, column 'x': "
        + $"'{cell.Replace("\"\"", "\"", StringComparison.Ordinal)}' looks like a list of Python or JSON. Say \"list\": true in the "
        + "field 'x' of the schema to read it as one, or \"list\": false if brackets and quotes belong to the ids.",
        Small.Message(Small.OfX(""" "kind": "multiValued", "separator": "," """), $"1,\"{cell}\"\n"));

    [Theory]
    [InlineData("a, b", "it does not stand in brackets"), InlineData("[", "it does not stand in brackets")]
    [InlineData("['a'", "it does not stand in brackets"), InlineData("['a' 'b)", "it does not stand in brackets")]
    [InlineData("['a, 2]", "a ' is not closed"), InlineData("['a\\']", "a ' is not closed")]
    [InlineData("[1,,2]", "an element is missing between two commas"), InlineData("[,1]", "an element is missing between two commas")]
    [InlineData("['a''b']", "a comma is missing between two elements")]
    [InlineData("[[1], 2]", "its element '[1]' has a bracket or a quote")]
    [InlineData("[1 2 ... 9]", "it says ... for elements that were left out")]
    [InlineData("['\\q']", "its element '\\q' has a \\ that begins no escape sequence")]
    [InlineData("['\\ud83d']", "its element '\\ud83d' has a \\ that begins no escape sequence")]
    [InlineData("['\\U00110000']", "its element '\\U00110000' has a \\ that begins no escape sequence")]
    public void ListsThatAreNone(string cell, string problem) => Assert.Equal(
        $"train.txt, line 2, column 'x': '{cell}' is no list, as the field 'x' takes: {problem}. Allowed: lists such as ['a', 'b'], [1, 2] and [].",
        Small.Message(Small.OfX(""" "kind": "multiValued", "list": true """), $"1,[]\n1,\"{cell}\"\n"));

    [Fact]
    public void FlagThatIsNone() =>
        Assert.Equal("train.txt, line 1, column 'b': '2' is not a flag of the field 'genres'. Allowed: 1, 0, and nothing.",
        Small.Message(Small.Schema(""" "format": "csv", "columns": ["y", "a", "b"] """,
            """{ "kind": "multiValued", "name": "genres", "flagColumns": ["a", "b"] }"""), "1,1,2\n"));

    [Fact]
    public void TimeThatIsNone()
    {
        Schema unix = Small.Schema(""" "format": "csv", "columns": ["y", "t"] """, """{ "kind": "time", "part": "hour" }""",
            """ "timestamp": { "column": "t" }, """);
        Assert.Equal("train.txt, line 1, column 't': 'noon' is not a time in unixSeconds. Times are numbers since the beginning of 1970. "
                + "For dates give the schema's timestamp a \"format\" of .NET, such as \"yyyy-MM-dd HH:mm:ss\".",
            Small.Message(unix, "1,noon\n"));
        Schema date = Small.Schema(""" "format": "csv", "columns": ["y", "t"] """, """{ "kind": "time", "part": "hour" }""",
            """ "timestamp": { "column": "t", "format": "yyMMddHH" }, """);
        Assert.Equal("train.txt, line 1, column 't': '14102199' is not a time in the format 'yyMMddHH', which the schema's timestamp "
                + "gives. It reads times such as 24123123.",
            Small.Message(date, "1,14102199\n"));
    }

    [Fact]
    public void SideTableThatIsMissingOrHasAKeyTwice()
    {
        Schema schema = Small.Schema(""" "format": "csv", "columns": ["y", "user"] """, """{ "kind": "categorical", "column": "age" }""",
            """ "joins": [ { "file": "users.csv", "on": "user", "source": { "format": "csv", "columns": ["user", "age"] } } ], """);
        using TempFolder folder = new();
        string file = folder.Write("a.csv", "1,u\n");

        string missing = Assert.Throws<UserErrorException>(() => Small.Load(schema, file)).Message;
        Assert.EndsWith("users.csv: there is no such file, nor one with .gz. The schema joins it by 'user', and it is looked for "
            + "in the folder of the first data file; put it there.", missing, StringComparison.Ordinal);

        folder.Write("users.csv", "u,20\nv,30\nu,40\n");
        string twice = Assert.Throws<UserErrorException>(() => Small.Load(schema, file)).Message;
        Assert.EndsWith("users.csv, line 3: the key 'u' is there twice; each must be there once.", twice, StringComparison.Ordinal);
    }

    [Fact]
    public void NothingHalfWrittenIsLeft_WhenALaterFileIsBad()
    {
        using TempFolder folder = new(), encoded = new();
        DataRequest request = new()
        {
            Schema = Texts,
            TrainFiles = [folder.Write("train.csv", "1,a\n0,a\n")],
            TestFiles = [folder.Write("test.csv", "1,a\n7,a\n")],
            EncodedFolder = encoded[""],
        };
        Assert.Throws<UserErrorException>(() => DataLoader.Load(request));
        Assert.Equal(["train.safetensors"], encoded.Names);
    }

    /// <summary>A quote that is never closed does not take in the rest of a large file.</summary>
    [Fact]
    public void AQuoteThatIsNotClosedIsNamedBeforeTheEndOfALargeFile()
    {
        using TempFolder folder = new();
        string rows = string.Concat(Enumerable.Repeat("1,some more text to come to many bytes\n", 1_000_000));
        string file = folder.Write("a.csv", "1,a\n1,\"b\n" + rows);
        UserErrorException wrong = Assert.Throws<UserErrorException>(() => DataLoader.Load(new() { Schema = Texts, TrainFiles = [file] }));
        Assert.EndsWith("a.csv, line 2: a \" that opens a cell is not closed. Close it, or set \"quote\": \"\" in the schema.",
            wrong.Message, StringComparison.Ordinal);
    }

    /// <summary>Lines are counted right where cells hold line ends, whatever the block and the thread.</summary>
    [Fact]
    public void ABadLineAfterQuotedLineEndsIsNamed()
    {
        using TempFolder folder = new();
        string[] cells = ["a", "\"b\nc\"", "\"\"\"\r\n\"", "\"d\"", "5\" wide", "\"\n\n\n\"", ""];
        StringBuilder text = new("y,\"x\n1\"\n");
        for (int row = 0; row < 200; row++)
        {
            text.Append(row == 170 ? 7 : row % 2).Append(',').Append(cells[row % cells.Length]).Append('\n');
        }
        int line = 1 + text.ToString().Split("7,")[0].Count(character => character == '\n');
        Schema schema = Small.Schema(""" "format": "csv", "header": true """, """{ "kind": "categorical", "column": "x\n1" }""");
        string file = folder.Write("a.csv", text.ToString());
        for (int blockBytes = 1; blockBytes < 300; blockBytes += 7)
        {
            DataRequest request = new() { Schema = schema, TrainFiles = [file], BlockBytes = blockBytes, Threads = 3 };
            UserErrorException wrong = Assert.Throws<UserErrorException>(() => DataLoader.Load(request));
            Assert.Contains($"a.csv, line {line}, column 'y': '7' is not a label.", wrong.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Whatever the thread timing, the user is told of the first bad line.</summary>
    [Fact]
    public void TheFirstOfSeveralBadLinesIsNamed()
    {
        using TempFolder folder = new();
        string file = folder.Write("a.csv",
            string.Concat(Enumerable.Range(1, 500).Select(i => i is 211 or 320 or 499 ? "9,a\n" : "1,a\n")));
        for (int attempt = 0; attempt < 20; attempt++)
        {
            DataRequest request = new() { Schema = Texts, TrainFiles = [file], BlockBytes = 64, Threads = 4 };
            Assert.Contains(", line 211, ", Assert.Throws<UserErrorException>(() => DataLoader.Load(request)).Message,
                StringComparison.Ordinal);
        }
    }
}
