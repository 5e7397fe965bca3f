using DeepFM.Data.Schemas;

namespace DeepFM.Data;

/// <summary>What a data set's files look like and how their columns become fields; see <c>data/README.md</c>.</summary>
public sealed class Schema
{
    internal Schema(string name, SourceSpec source, IReadOnlyList<JoinSpec> joins, LabelSpec label,
        TimestampSpec? timestamp, IReadOnlyList<FieldSpec> fields, string json)
    {
        (Name, Source, Joins, Label, Timestamp, Fields, Json) = (name, source, joins, label, timestamp, fields, json);
        Slots = [.. SchemaCheck.ColumnsUsed(this).DistinctBy(use => use.Key)];
        slots = Slots.Select((use, slot) => (use.Key, slot)).ToDictionary();
    }

    readonly Dictionary<(string Column, string? Missing), int> slots;

    /// <summary>The data set's name, for reports.</summary>
    public string Name { get; }

    /// <summary>Format of the data files.</summary>
    public SourceSpec Source { get; }

    /// <summary>Tables whose columns are added to each row by a key.</summary>
    public IReadOnlyList<JoinSpec> Joins { get; }

    /// <summary>How the label is read.</summary>
    public LabelSpec Label { get; }

    /// <summary>The rows' time; null when they have none.</summary>
    public TimestampSpec? Timestamp { get; }

    /// <summary>The fields of the model, in order.</summary>
    public IReadOnlyList<FieldSpec> Fields { get; }

    /// <summary>The schema's text without comments and blanks; the same schema gives the same text.</summary>
    public string Json { get; }

    /// <summary>The columns that are read from a row, one for each list of missing texts. A row's cells are kept in this order.</summary>
    internal IReadOnlyList<ColumnUse> Slots { get; }

    /// <summary>Reads a schema file.</summary>
    /// <exception cref="UserErrorException">The file is missing or is not a schema; the message says where.</exception>
    public static Schema Load(string path)
    {
        if (!File.Exists(path))
        {
            throw new UserErrorException(
                $"{path}: there is no such schema file. Schemas of public data sets are in data/schemas.");
        }
        return SchemaReader.Read(File.ReadAllText(path), path);
    }

    /// <summary>Reads a schema from JSON. Comments and trailing commas are allowed.</summary>
    /// <param name="json">The text.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="UserErrorException">It is not a schema; the message says where.</exception>
    public static Schema Parse(string json, string name = "schema") => SchemaReader.Read(json, name);

    internal int SlotOf(string column, IReadOnlyList<string>? missing) => slots[new ColumnUse(column, "", missing).Key];
}
