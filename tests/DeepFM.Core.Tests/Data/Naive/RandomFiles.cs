using System.Globalization;
using System.Text;

namespace DeepFM.Core.Tests.Data.Naive;

/// <summary>Files of one random schema, with what the naive reader makes of them.</summary>
/// <remarks>The first field tells a row's number, so that rows are known again wherever a split puts them.</remarks>
sealed class RandomFiles
{
    RandomFiles(string schema, IReadOnlyList<NaiveField> fields, Func<string, List<Dictionary<string, string>>> read)
    {
        (Schema, Fields, Read) = (DeepFM.Data.Schema.Parse(schema), fields, read);
    }

    public const string Number = "n", Time = "t";

    public Schema Schema { get; }

    public IReadOnlyList<NaiveField> Fields { get; }

    /// <summary>The rows of a file by the naive reader, joined tables included.</summary>
    public Func<string, List<Dictionary<string, string>>> Read { get; }

    /// <summary>The text of the file with so many rows, whose numbers begin at a given one.</summary>
    public required Func<int, int, string> Write { get; init; }

    /// <summary>The table joined to the rows; null for none.</summary>
    public string? Table { get; private init; }

    public Encoding Encoding { get; private init; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    public string LabelColumn { get; private init; } = "label";

    public static RandomFiles Csv(Random random, bool needsTimes)
    {
        bool isTsv = random.Next(4) == 0;
        CsvStyle style = new(isTsv ? '\t' : ",;"[random.Next(2)], isTsv ? null : "\"'"[random.Next(2)],
            Trim: random.Next(2) == 0, Header: random.Next(2) == 0,
            Comment: random.Next(2) == 0 ? isTsv ? "//" : "#" : null, SkipLines: random.Next(3) == 0 ? random.Next(4) : 0);
        string[] missing = random.Next(2) == 0 ? ["?", "NULL", "-1"] : [], own = random.Next(2) == 0 ? [] : ["a", "NULL"];
        bool latin1 = random.Next(4) == 0, hasWeights = random.Next(2) == 0, mean = random.Next(2) == 0;
        string[] columns = ["y", Number, Time, "word", "user", "x", "tags", "items", "f1", "f2"];
        random.Shuffle(columns);
        TextDraw draw = new(random, style, missing, latin1 ? "éß" : "é€𝄞");
        string[] users = [.. draw.Words(20).Where(user => user.Length > 0).Distinct()], words = draw.Words(30);
        CsvStyle tableStyle = new('|', '"', Trim: false, Header: random.Next(2) == 0, Comment: null, SkipLines: 0);
        TextDraw tableDraw = new(random, tableStyle, [], "é€");
        string table = tableDraw.Csv(["user", "town", "age"], users.Where(_ => random.Next(5) > 0)
            .Select(user => new[] { user, Or($"town {random.Next(8)}"), Or($"{random.Next(90)}") }));

        List<NaiveField> fields =
        [
            new NaiveValue(Number, missing, isPair: false),
            new NaiveCategorical("word", random.Next(1, 4), missing, isPair: false),
            new NaiveCategorical("word", random.Next(1, 4), own, isPair: false, own: true),
            new NaiveCategorical("user", random.Next(1, 4), missing, isPair: false),
            new NaiveValue("x", missing, isPair: false),
            new NaiveBag("tags", '|', hasWeights ? ':' : null, mean, random.Next(1, 3), missing, isPair: false, ["0", "17"]),
            new NaiveList("items", missing),
            new NaiveFlags(["f1", "f2"], missing),
            new NaiveHour(Time, missing),
            new NaiveCategorical("town", random.Next(1, 3), ["town 1"], isPair: false),
            new NaiveCategorical("town", random.Next(1, 3), ["town 2", "town 3"], isPair: false, own: true),
            new NaiveValue("age", ["town 1"], isPair: false),
        ];
        string schema = $$"""
            { "name": "random", "source": { "format": "{{(isTsv ? "tsv" : "csv")}}", {{SourceOf(style, columns)}}
                {{(missing.Length > 0 ? $" \"missing\": {NaiveRows.Json(missing)}," : "")}} "encoding": "{{(latin1 ? "latin1" : "utf-8")}}" },
              "label": { "column": "y", "positive": "1", "negative": "-1" }, "timestamp": { "column": "{{Time}}" },
              "joins": [ { "file": "users.csv", "on": "user", "source": { "format": "csv", {{SourceOf(tableStyle, ["user", "town", "age"])}}
                "missing": "town 1" } } ],
              "fields": [ {{Json(fields)}} ] }
            """;
        Dictionary<string, Dictionary<string, string>> people = NaiveReader.Csv(table, tableStyle, ["user", "town", "age"])
            .ToDictionary(row => row["user"]);
        return new(schema, fields, text => [.. NaiveReader.Csv(text, style, columns).Select(Joined)])
        {
            Write = (first, count) => draw.Csv(columns, Enumerable.Range(first, count).Select(Row)),
            Table = table,
            Encoding = latin1 ? Encoding.Latin1 : new UTF8Encoding(encoderShouldEmitUTF8Identifier: random.Next(4) == 0),
            LabelColumn = "y",
        };

        Dictionary<string, string> Joined(Dictionary<string, string> row)
        {
            Dictionary<string, string>? person = people.GetValueOrDefault(row["user"]);
            return new(row) { ["town"] = person?["town"] ?? "", ["age"] = person?["age"] ?? "" };
        }

        string[] Row(int number) => [.. columns.Select(column => column switch
        {
            "y" => random.Next(2) == 0 ? "-1" : "1",
            Number => $"{number}",
            Time => needsTimes ? Hours() : draw.OrMissing(Hours()),
            "word" => draw.OrMissing(words[random.Next(words.Length)]),
            "user" => draw.OrMissing(users[random.Next(users.Length)]),
            "x" => draw.OrMissing(draw.Number()),
            "tags" => draw.OrMissing(string.Join('|', Enumerable.Range(0, random.Next(5)).Select(_ => draw.Entry(hasWeights, !mean)))),
            "items" => draw.OrMissing(NaiveRows.Json(random.GetItems(words, random.Next(4)))),
            _ => draw.OrMissing($"{random.Next(2)}"),
        })];

        string Or(string text) => random.Next(5) == 0 ? "" : text;

        string Hours() => $"{1_500_000_000 + 3600L * random.Next(40)}";
    }

    public static RandomFiles LibFm(Random random)
    {
        string[]? columns = random.Next(2) == 0 ? [Number, "word", "x"] : null;
        bool mean = random.Next(2) == 0;
        TextDraw draw = new(random);
        List<NaiveField> fields = columns is null
            ? [new NaiveBag("features", ' ', ':', mean: false, random.Next(1, 3), [], isPair: true, ["3", "1000000007"])]
            : [new NaiveValue(Number, [], isPair: true), new NaiveCategorical("word", random.Next(1, 4), [], isPair: true),
                new NaiveBag("x", ' ', ':', mean, random.Next(1, 3), [], isPair: true, [])];
        fields.Add(new NaiveCategorical("qid", random.Next(1, 4), [], isPair: false));
        string named = columns is null ? "" : $", \"columns\": [{string.Join(", ", columns.Select(column => $"\"{column}\""))}]";
        return new($$"""
            { "name": "random", "source": { "format": "{{(random.Next(2) == 0 ? "libfm" : "libsvm")}}"{{named}} },
              "label": { "positive": "1", "negative": ["0", "-1"] }, "fields": [ {{Json(fields)}} ] }
            """, fields, text => NaiveReader.LibFm(text, columns))
        {
            Write = (first, count) => draw.Pairs(Enumerable.Range(first, count).Select(Tokens), " \t"),
        };

        IEnumerable<string> Tokens(int number) => random.Next(3) == 0 ? Features(number) : Features(number).Prepend($"qid:{number / 7}");

        IEnumerable<string> Features(int number) => columns is null
            ? [$"n:{number}", .. Enumerable.Range(0, random.Next(12)).Select(_ => draw.Entry(hasWeight: true, negative: true))]
            : [$"0:{number}", $"{draw.Id()}:1", draw.Entry(hasWeight: true, negative: !mean)];
    }

    public static RandomFiles LibFfm(Random random)
    {
        string[] columns = [Number, "word", "x", "tags", "more"];
        bool[] means = [random.Next(2) == 0, random.Next(2) == 0];
        TextDraw draw = new(random);
        NaiveField[] fields =
        [
            new NaiveValue(Number, [], isPair: true), new NaiveCategorical("word", random.Next(1, 4), [], isPair: true),
            new NaiveValue("x", [], isPair: true), new NaiveBag("tags", ' ', ':', means[0], random.Next(1, 3), [], isPair: true, ["0"]),
            new NaiveBag("more", ' ', ':', means[1], random.Next(1, 3), [], isPair: true, []),
        ];
        return new($$"""
            { "name": "random", "source": { "format": "libffm", "columns": ["n", "word", "x", "tags", "more"] },
              "label": { "positive": "1", "negative": ["0", "-1"] }, "fields": [ {{Json(fields)}} ] }
            """, fields, text => NaiveReader.LibFfm(text, columns))
        {
            Write = (first, count) => draw.Pairs(Enumerable.Range(first, count).Select(Tokens), " \t"),
        };

        IEnumerable<string> Tokens(int number)
        {
            List<string> tokens = [$"0:0:{number}"];
            if (random.Next(4) > 0) { tokens.Add($"1:{draw.Id()}:1"); }
            if (random.Next(4) > 0) { tokens.Add($"2:0:{draw.Number()}"); }
            for (int bag = 0; bag < 2; bag++)
            {
                for (int i = random.Next(5); i > 0; i--) { tokens.Add($"{3 + bag}:{draw.Entry(hasWeight: true, negative: !means[bag])}"); }
            }
            string[] inAnyOrder = [.. tokens];
            random.Shuffle(inAnyOrder);
            return inAnyOrder;
        }
    }

    static string Json(IEnumerable<NaiveField> fields) => string.Join(", ", fields.Select(field => field.Json));

    static string SourceOf(CsvStyle style, string[] columns)
    {
        string names = style.Header ? "\"header\": true" : $"\"columns\": [{string.Join(", ", columns.Select(column => $"\"{column}\""))}]";
        string quote = style.Quote == '"' ? "\\\"" : $"{style.Quote}", separator = style.Separator == '\t' ? "\\t" : $"{style.Separator}";
        return string.Create(CultureInfo.InvariantCulture, $"""
            {names}, "separator": "{separator}", "quote": "{quote}", "trim": {(style.Trim ? "true" : "false")},
            {(style.Comment is null ? "" : $"\"comment\": \"{style.Comment}\", ")} "skipLines": {style.SkipLines},
            """);
    }
}
