using DeepFM.Data.Reading;

namespace DeepFM.Data.Schemas;

/// <summary>Checks of a schema as a whole: names that must be unique, columns that must be there.</summary>
static class SchemaCheck
{
    /// <exception cref="UserErrorException">The schema contradicts itself.</exception>
    public static void Check(Schema schema, string file)
    {
        if (schema.Fields.Count == 0)
        {
            throw new UserErrorException($"{file}: 'fields' names no field, but a model needs at least one.");
        }
        RequireUnique(schema.Fields.Select(field => field.Name), $"{file}: the field");
        foreach (FieldSpec field in schema.Fields)
        {
            if (field.Columns.Contains(schema.Label.Column))
            {
                throw new UserErrorException(
                    $"{file}: the field '{field.Name}' reads the label's column '{schema.Label.Column}': "
                    + "the model would be told the answer. Remove the field.");
            }
        }

        List<string> columns = [];
        foreach (SourceSpec source in schema.Joins.Select(join => join.Source).Prepend(schema.Source))
        {
            if (source.Header) { return; }          // the names are checked when the file is open
            JoinSpec? join = schema.Joins.FirstOrDefault(join => ReferenceEquals(join.Source, source));
            if (join is not null && !ColumnsOf(source).Contains(join.Key))
            {
                throw new UserErrorException($"{file}, joins: the table '{join.File}' has no key column '{join.Key}'"
                    + $"{NearestName.Hint(join.Key, ColumnsOf(source))} It has: {string.Join(", ", ColumnsOf(source))}.");
            }
            columns.AddRange(ColumnsOf(source).Where(column => column != join?.Key));
        }
        RequireUnique(columns, $"{file}: the column");
        foreach (ColumnUse use in ColumnsUsed(schema))
        {
            if (!columns.Contains(use.Column)) { throw NoColumn(file, use.Column, use.User, columns, schema.Source, []); }
        }
    }

    /// <summary>Every column that the schema reads from a row, with who reads it and what is missing to him.</summary>
    public static IEnumerable<ColumnUse> ColumnsUsed(Schema schema)
    {
        yield return new(schema.Label.Column, "the label", []);
        if (schema.Timestamp is { } timestamp) { yield return new(timestamp.Column, "the timestamp", timestamp.Missing); }
        foreach (JoinSpec join in schema.Joins) { yield return new(join.On, $"the join with '{join.File}'", []); }
        foreach (FieldSpec field in schema.Fields)
        {
            foreach (string column in field.Columns) { yield return new(column, $"the field '{field.Name}'", field.Missing); }
        }
    }

    /// <summary>The names of the cells that a line of a headerless source has, in file order.</summary>
    public static IReadOnlyList<string> ColumnsOf(SourceSpec source) => source.Format switch
    {
        SourceFormat.Delimited => source.Columns!,
        SourceFormat.LibFm => [SourceSpec.LabelColumn, SourceSpec.QueryColumn, .. source.Columns ?? [SourceSpec.PairsColumn]],
        _ => [SourceSpec.LabelColumn, .. source.Columns ?? [SourceSpec.PairsColumn]],
    };

    /// <param name="file">Where it is not.</param>
    /// <param name="column">What is not there.</param>
    /// <param name="user">Who asks for it.</param>
    /// <param name="columns">What is there.</param>
    /// <param name="source">What the schema says of the file that has the columns.</param>
    /// <param name="wanted">All columns that are read from it.</param>
    public static UserErrorException NoColumn(string file, string column, string user, IReadOnlyCollection<string> columns,
        SourceSpec source, IEnumerable<string> wanted)
    {
        const int mostCharacters = 400;
        string all = string.Join(", ", columns.Select(name => name.Trim(' ') == name && name.Length > 0 ? name : $"'{name}'"));
        string advice = source.Header ? LineAdvice.ForColumn(source, column, wanted, columns) : NearestName.Hint(column, columns);
        return new($"{file}: {user} names the column '{ShownText.Short(column)}', which is not there{advice} "
            + $"Columns: {ShownText.Short(all, mostCharacters)}.");
    }

    static void RequireUnique(IEnumerable<string> names, string what)
    {
        string? twice = names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1)?.Key;
        if (twice is not null)
        {
            throw new UserErrorException($"{what} '{twice}' is there twice; each name must be given once.");
        }
    }
}
