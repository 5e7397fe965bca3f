namespace DeepFM.Data.Schemas;

/// <summary>How the lines of a file are split into cells.</summary>
public enum SourceFormat
{
    /// <summary>Cells between separators: CSV, TSV, Criteo.</summary>
    Delimited,

    /// <summary><c>label id:value id:value …</c>, also called libsvm.</summary>
    LibFm,

    /// <summary><c>label field:id:value …</c>.</summary>
    LibFfm,
}

/// <summary>A file format: separators, column names, and what stands for a missing value.</summary>
public sealed record SourceSpec
{
    /// <summary>The column that holds the label of a libFM or libFFM line.</summary>
    public const string LabelColumn = "label";

    /// <summary>The column that holds all pairs of a libFM line when its positions are not named.</summary>
    public const string PairsColumn = "features";

    /// <summary>The column that holds the <c>7</c> of <c>qid:7</c>, which may follow the label of a libFM line.</summary>
    public const string QueryColumn = "qid";

    /// <summary>How lines are split.</summary>
    public required SourceFormat Format { get; init; }

    /// <summary>Whether the first line names the columns.</summary>
    public bool Header { get; init; }

    /// <summary>Between two cells; one ASCII character.</summary>
    public byte Separator { get; init; }

    /// <summary>Around a cell that holds a separator, doubled inside it; null when quotes are ordinary text.</summary>
    public byte? Quote { get; init; }

    /// <summary>Whether spaces around a cell are dropped.</summary>
    public bool Trim { get; init; }

    /// <summary>
    /// Texts that mean a missing value, where a field does not say otherwise; an empty cell always does. Labels and keys of
    /// joins are taken as they are.
    /// </summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Whether the file is ISO 8859-1; otherwise it is UTF-8.</summary>
    public bool Latin1 { get; init; }

    /// <summary>Lines that begin with this text are skipped; null when there are none.</summary>
    public string? Comment { get; init; }

    /// <summary>Number of lines to skip at the start of each file, before the header.</summary>
    public int SkipLines { get; init; }

    /// <summary>Names of the cells in file order; null when a header gives them.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Whether lines hold <c>id:value</c> pairs.</summary>
    public bool HasPairs => Format != SourceFormat.Delimited;

    /// <summary>Whether a column's cells are <c>id:value</c> pairs.</summary>
    public bool HoldsPairs(string column) => HasPairs && (Columns ?? [PairsColumn]).Contains(column);
}

/// <summary>A table whose columns are added to each row by a key.</summary>
/// <param name="File">File name; it is looked for in the folder of the first data file, plain or with <c>.gz</c>.</param>
/// <param name="On">Column of the rows that holds the key.</param>
/// <param name="Key">Column of the table that holds the key; it is not added to the rows.</param>
/// <param name="Source">Format of the table.</param>
public sealed record JoinSpec(string File, string On, string Key, SourceSpec Source);

/// <summary>How the label is read: by its texts, or by a threshold.</summary>
/// <param name="Column">The column.</param>
/// <param name="Positive">Texts that mean 1; empty when there is a threshold.</param>
/// <param name="Negative">Texts that mean 0.</param>
/// <param name="Threshold">Numbers from here on mean 1, smaller ones 0; null when texts are given.</param>
public sealed record LabelSpec(string Column, IReadOnlyList<string> Positive, IReadOnlyList<string> Negative, double? Threshold);

/// <summary>The column that holds a row's time, always taken as UTC.</summary>
/// <param name="Column">The column.</param>
/// <param name="Format"><c>unixSeconds</c>, <c>unixMilliseconds</c>, or a .NET date format such as <c>yyMMddHH</c>.</param>
public sealed record TimestampSpec(string Column, string Format)
{
    /// <summary>Texts that mean a missing time, in place of the file's; null for the file's.</summary>
    public IReadOnlyList<string>? Missing { get; init; }
}
