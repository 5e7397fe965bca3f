namespace DeepFM.Data.Schemas;

/// <summary>Reads one entry of a schema's fields, which may stand for several fields alike.</summary>
static class FieldReader
{
    static readonly string[] Kinds = ["categorical", "logSquared", "quantile", "value", "multiValued", "time"];

    public static IEnumerable<FieldSpec> Read(StrictObject json, SourceSpec source, TimestampSpec? timestamp)
    {
        string kind = json.Has("kind") ? json.Choice("kind", "", Kinds) : throw json.Missing("kind");
        FieldSpec[] fields = kind switch
        {
            "multiValued" => [ReadMultiValued(json, source)],
            "time" => [ReadTime(json, timestamp)],
            _ => ReadPerColumn(json, kind),
        };
        json.RefuseOthers();
        return fields;
    }

    static FieldSpec[] ReadPerColumn(StrictObject json, string kind)
    {
        if (json.Has("column") == json.Has("columns"))
        {
            throw new UserErrorException($"{json.Where}: give either 'column', or 'columns' for several fields alike.");
        }
        IReadOnlyList<string> columns = json.OptionalText("column") is { } column ? [column] : json.OptionalColumns("columns")!;
        string? name = json.Has("column") ? json.OptionalText("name") : null;

        Func<string, string, FieldSpec> create;
        switch (kind)
        {
            case "categorical":
                int minCount = MinCount(json);
                create = (field, from) => new CategoricalSpec(field, from, minCount);
                break;
            case "logSquared":
                int minBucketCount = MinCount(json);
                create = (field, from) => new LogSquaredSpec(field, from, minBucketCount);
                break;
            case "quantile":
                int buckets = json.Integer("buckets", 10, 2, 100_000);
                create = (field, from) => new QuantileSpec(field, from, buckets);
                break;
            default:
                bool standardize = json.Flag("standardize", otherwise: true);
                bool log1p = json.Choice("transform", "none", "none", "log1p") == "log1p";
                create = (field, from) => new ValueSpec(field, from, standardize, log1p);
                break;
        }
        return [.. columns.Select(from => create(name ?? from, from))];
    }

    static MultiValuedSpec ReadMultiValued(StrictObject json, SourceSpec source)
    {
        if (json.Has("column") == json.Has("flagColumns"))
        {
            throw new UserErrorException(
                $"{json.Where}: give either 'column', a cell with several entries, or 'flagColumns', columns of 0 and 1.");
        }
        IReadOnlyList<string> flags = [];
        string? column = null;
        byte separator = (byte)' ';
        byte? weightSeparator = source.HasPairs ? (byte)':' : null;
        if (json.Has("flagColumns"))
        {
            flags = json.OptionalColumns("flagColumns")!;
        }
        else
        {
            column = json.Text("column");
            if (!source.HasPairs)
            {
                separator = json.OptionalCharacter("separator") ?? throw json.Missing("separator");
                weightSeparator = json.OptionalCharacter("weightSeparator");
            }
        }
        string name = column is null ? json.Text("name") : json.OptionalText("name") ?? column;
        bool mean = json.Choice("pooling", "mean", "mean", "sum") == "mean";
        bool pairsWithin = json.Flag("pairsWithin", otherwise: source is { Format: SourceFormat.LibFm, Columns: null });
        return new(name, column, separator, weightSeparator, flags, mean, pairsWithin, MinCount(json));
    }

    static TimeSpec ReadTime(StrictObject json, TimestampSpec? timestamp)
    {
        if (timestamp is null)
        {
            throw new UserErrorException(
                $"{json.Where}: a time field needs the schema's 'timestamp' (its column and format).");
        }
        string[] parts = [.. Enum.GetNames<TimePart>().Select(part => char.ToLowerInvariant(part[0]) + part[1..])];
        string part = json.Has("part") ? json.Choice("part", "", parts) : throw json.Missing("part");
        return new(json.OptionalText("name") ?? part, timestamp.Column, Enum.Parse<TimePart>(part, ignoreCase: true), MinCount(json));
    }

    static int MinCount(StrictObject json) =>
        json.Integer("minCount", FieldSpec.DefaultMinCount, 1, int.MaxValue);
}
