namespace DeepFM.Data.Schemas;

/// <summary>Reads one entry of a schema's fields, which may stand for several fields alike.</summary>
static class FieldReader
{
    static readonly string[] Kinds = ["categorical", "logSquared", "quantile", "value", "multiValued", "time"];
    static readonly string[] BagColumns = ["column", "columns", "flagColumns"];

    public static IEnumerable<FieldSpec> Read(StrictObject json, SourceSpec source, JoinSpec[] joins, TimestampSpec? timestamp)
    {
        string kind = json.Has("kind") ? json.Choice("kind", "", Kinds) : throw json.Missing("kind");
        FieldSpec[] fields = kind switch
        {
            "multiValued" => ReadMultiValued(json, source, HoldsPairs),
            "time" => [ReadTime(json, timestamp)],
            _ => ReadPerColumn(json, kind),
        };
        if (kind != "time" && !fields.SelectMany(field => field.Columns).Any(HoldsPairs))
        {
            IReadOnlyList<string>? missing = json.OptionalTexts("missing");
            fields = [.. fields.Select(field => field with { Missing = missing })];
        }
        json.RefuseOthers();
        return fields;

        // A column that no table can add is one of pairs, misspelt or not.
        bool HoldsPairs(string column) => source.HoldsPairs(column) || (source.HasPairs && joins.Length == 0);
    }

    static FieldSpec[] ReadPerColumn(StrictObject json, string kind)
    {
        if (json.Has("column") == json.Has("columns"))
        {
            throw new UserErrorException($"{json.Where}: give either 'column', or 'columns' for several fields alike.");
        }
        (IReadOnlyList<string> columns, string? name) = ColumnsOf(json);

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

    /// <summary>The columns of fields alike, and the name of the field when it is one.</summary>
    static (IReadOnlyList<string> Columns, string? Name) ColumnsOf(StrictObject json) =>
        json.OptionalText("column") is { } column ? ([column], json.OptionalText("name")) : (json.OptionalColumns("columns")!, null);

    static FieldSpec[] ReadMultiValued(StrictObject json, SourceSpec source, Func<string, bool> holdsPairs)
    {
        if (BagColumns.Count(json.Has) != 1)
        {
            throw new UserErrorException($"{json.Where}: give either 'column', a cell with several entries, 'columns' for several "
                + "such fields alike, or 'flagColumns', columns of 0 and 1.");
        }
        if (json.OptionalColumns("flagColumns") is { } flags)
        {
            if (flags.Count == 0) { throw new UserErrorException($"{json.Where}: 'flagColumns' names no column."); }
            string flagged = json.Text("name");
            return [new MultiValuedSpec(flagged, null, 0, null, flags, IsMean(json, "mean"), PairsWithin(json, false), MinCount(json))];
        }

        (IReadOnlyList<string> columns, string? name) = ColumnsOf(json);
        bool arePairs = columns.Any(holdsPairs);
        bool? isList = arePairs ? null : json.OptionalFlag("list");
        byte separator = arePairs || isList == true ? (byte)' ' : json.OptionalCharacter("separator") ?? throw json.Missing("separator");
        byte? weightSeparator = arePairs ? (byte)':' : json.OptionalCharacter("weightSeparator");
        IReadOnlyList<string> padding = json.OptionalTexts("padding") ?? [];
        bool mean = IsMean(json, arePairs ? "sum" : "mean");        // a pair's value is the feature's value
        bool pairsWithin = PairsWithin(json, otherwise: arePairs && source is { Format: SourceFormat.LibFm, Columns: null });
        int minCount = MinCount(json);
        return [.. columns.Select(column =>
            new MultiValuedSpec(name ?? column, column, separator, weightSeparator, [], mean, pairsWithin, minCount)
            {
                IsList = isList,
                Padding = padding,
            })];
    }

    static bool IsMean(StrictObject json, string otherwise) => json.Choice("pooling", otherwise, "mean", "sum") == "mean";

    static bool PairsWithin(StrictObject json, bool otherwise) => json.Flag("pairsWithin", otherwise);

    static TimeSpec ReadTime(StrictObject json, TimestampSpec? timestamp)
    {
        if (timestamp is null)
        {
            throw new UserErrorException(
                $"{json.Where}: a time field needs the schema's 'timestamp' (its column and format).");
        }
        string[] parts = [.. Enum.GetNames<TimePart>().Select(part => char.ToLowerInvariant(part[0]) + part[1..])];
        string part = json.Has("part") ? json.Choice("part", "", parts) : throw json.Missing("part");
        return new(json.OptionalText("name") ?? part, timestamp.Column, Enum.Parse<TimePart>(part, ignoreCase: true), MinCount(json))
        {
            Missing = timestamp.Missing,
        };
    }

    static int MinCount(StrictObject json) =>
        json.Integer("minCount", FieldSpec.DefaultMinCount, 1, int.MaxValue);
}
