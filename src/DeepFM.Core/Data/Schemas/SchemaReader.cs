using System.Text.Json;
using DeepFM.Data.Reading;

namespace DeepFM.Data.Schemas;

/// <summary>Reads a schema from JSON, strictly: what is unknown or does not fit is an error.</summary>
static class SchemaReader
{
    static readonly string[] Formats = ["criteo", "csv", "tsv", "libfm", "libsvm", "libffm"];

    public static Schema Read(string text, string file)
    {
        using JsonDocument document = JsonText.Parse(text, file,
            options: new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        StrictObject root = StrictObject.Of(document, file, "a schema");
        string name = root.Text("name");
        _ = root.OptionalText("description");
        SourceSpec source = ReadSource(root.Object("source"));
        JoinSpec[] joins = [.. root.Objects("joins").Select(ReadJoin)];
        LabelSpec label = ReadLabel(root.Object("label"), source);
        TimestampSpec? timestamp = root.OptionalObject("timestamp") is { } time ? ReadTimestamp(time) : null;
        FieldSpec[] fields = [.. root.Objects("fields").SelectMany(field => FieldReader.Read(field, source, joins, timestamp))];
        root.RefuseOthers();

        Schema schema = new(name, source, joins, label, timestamp, fields, JsonSerializer.Serialize(document.RootElement));
        SchemaCheck.Check(schema, file);
        return schema;
    }

    static SourceSpec ReadSource(StrictObject json)
    {
        string format = json.Has("format") ? json.Choice("format", "", Formats) : throw json.Missing("format");
        SourceSpec source = format switch
        {
            "libfm" or "libsvm" => new() { Format = SourceFormat.LibFm, Columns = json.OptionalColumns("columns") },
            "libffm" => new()
            {
                Format = SourceFormat.LibFfm,
                Columns = json.OptionalColumns("columns") ?? throw json.Missing("columns"),
            },
            "criteo" => Criteo(),
            _ => Delimited(json, format),
        };
        source = source with
        {
            Comment = json.OptionalText("comment"),
            SkipLines = json.Integer("skipLines", 0, 0, 1_000_000),
        };
        if (source.Comment == "")
        {
            throw new UserErrorException($"{json.Where}: 'comment' is empty, but must be a text such as '#'.");
        }
        json.RefuseOthers();        // first: a misspelt property is the cause of what it leaves out
        if (source.Format == SourceFormat.Delimited) { Check(json, source); }
        return source;
    }

    static SourceSpec Criteo() => new()
    {
        Format = SourceFormat.Delimited,
        Separator = (byte)'\t',
        Columns = ["label", .. Enumerable.Range(1, 13).Select(i => $"I{i}"), .. Enumerable.Range(1, 26).Select(i => $"C{i}")],
    };

    static SourceSpec Delimited(StrictObject json, string format) => new()
    {
        Format = SourceFormat.Delimited,
        Header = json.Flag("header", otherwise: false),
        Separator = json.OptionalCharacter("separator") ?? (byte)(format == "csv" ? ',' : '\t'),
        Quote = json.OptionalText("quote") == "" ? null : json.OptionalCharacter("quote") ?? (format == "csv" ? (byte)'"' : null),
        Trim = json.Flag("trim", otherwise: false),
        Missing = json.OptionalTexts("missing") ?? [],
        Latin1 = json.Choice("encoding", "utf-8", "utf-8", "latin1") == "latin1",
        Columns = json.OptionalColumns("columns"),
    };

    static void Check(StrictObject json, SourceSpec source)
    {
        if (source.Header == source.Columns is not null)
        {
            throw new UserErrorException(source.Header
                ? $"{json.Where}: the header names the columns, so 'columns' must not; leave one of the two out."
                : $"{json.Where}: without a header, 'columns' must name the columns in file order.");
        }
        if (source.Separator == source.Quote)
        {
            throw new UserErrorException(
                $"{json.Where}: 'separator' and 'quote' are both '{(char)source.Separator}', but must differ.");
        }
    }

    static JoinSpec ReadJoin(StrictObject json)
    {
        string on = json.Text("on");
        JoinSpec join = new(json.Text("file"), on, json.OptionalText("key") ?? on, ReadSource(json.Object("source")));
        json.RefuseOthers();
        return join.Source.HasPairs
            ? throw new UserErrorException($"{json.Where}: a joined table is csv or tsv, not libfm or libffm.")
            : join;
    }

    static LabelSpec ReadLabel(StrictObject json, SourceSpec source)
    {
        string column = source.HasPairs ? json.OptionalText("column") ?? SourceSpec.LabelColumn : json.Text("column");
        double? threshold = json.OptionalNumber("threshold");
        IReadOnlyList<string>? positive = json.OptionalTexts("positive"), negative = json.OptionalTexts("negative");
        json.RefuseOthers();
        bool byText = positive is { Count: > 0 } && negative is { Count: > 0 };
        if (threshold is null ? !byText : positive is not null || negative is not null)
        {
            throw new UserErrorException(
                $"{json.Where}: give either 'positive' and 'negative', the texts that mean 1 and 0, "
                + "or 'threshold', the number from which on a label is 1.");
        }
        return positive?.Intersect(negative!).FirstOrDefault() is { } both
            ? throw new UserErrorException($"{json.Where}: '{both}' is both positive and negative.")
            : new(column, positive ?? [], negative ?? [], threshold);
    }

    static TimestampSpec ReadTimestamp(StrictObject json)
    {
        TimestampSpec timestamp = new(json.Text("column"), json.OptionalText("format") ?? TimeReader.UnixSeconds)
        {
            Missing = json.OptionalTexts("missing"),
        };
        json.RefuseOthers();
        TimeFormat.Check(json.Where, timestamp.Format);
        return timestamp;
    }
}
