namespace DeepFM.Data.Schemas;

/// <summary>A field of the model: where its values come from and how they become ids or numbers.</summary>
/// <param name="Name">Unique in the schema.</param>
public abstract record FieldSpec(string Name)
{
    /// <summary>
    /// Values that occur less often in training share the id of unseen values; see <c>data/README.md</c>.
    /// </summary>
    /// <remarks>
    /// 2 trains the row of unseen values by those that occur once; with 1, nothing in training maps to it.
    /// </remarks>
    public const int DefaultMinCount = 2;

    /// <summary>The kind under which a schema names it.</summary>
    public abstract string Kind { get; }

    /// <summary>The columns that it reads.</summary>
    public abstract IEnumerable<string> Columns { get; }

    /// <summary>Texts of its cells that mean a missing value, in place of the file's; null for the file's.</summary>
    /// <remarks>A field of time has those of the timestamp.</remarks>
    public IReadOnlyList<string>? Missing { get; init; }
}

/// <summary>One id for each text that occurs in training at least <paramref name="MinCount"/> times.</summary>
public sealed record CategoricalSpec(string Name, string Column, int MinCount) : FieldSpec(Name)
{
    /// <inheritdoc/>
    public override string Kind => "categorical";

    /// <inheritdoc/>
    public override IEnumerable<string> Columns => [Column];
}

/// <summary>A number by the bucket ⌊ln(x)²⌋ for x &gt; 2, and by ⌊x⌋ itself otherwise.</summary>
public sealed record LogSquaredSpec(string Name, string Column, int MinCount) : FieldSpec(Name)
{
    /// <inheritdoc/>
    public override string Kind => "logSquared";

    /// <inheritdoc/>
    public override IEnumerable<string> Columns => [Column];
}

/// <summary>
/// A number by one of at most <paramref name="Buckets"/> ranges that hold about as many training rows each.
/// </summary>
public sealed record QuantileSpec(string Name, string Column, int Buckets) : FieldSpec(Name)
{
    /// <inheritdoc/>
    public override string Kind => "quantile";

    /// <inheritdoc/>
    public override IEnumerable<string> Columns => [Column];
}

/// <summary>A number times the field's one embedding.</summary>
/// <param name="Name">Unique in the schema.</param>
/// <param name="Column">Where it is read.</param>
/// <param name="Standardize">Whether the training rows' mean is subtracted and their deviation divided by.</param>
/// <param name="Log1p">Whether sign(x)·ln(1 + |x|) is taken first.</param>
public sealed record ValueSpec(string Name, string Column, bool Standardize, bool Log1p) : FieldSpec(Name)
{
    /// <inheritdoc/>
    public override string Kind => "value";

    /// <inheritdoc/>
    public override IEnumerable<string> Columns => [Column];
}

/// <summary>Any number of ids a row: the parts of a cell, or the columns of 0/1 flags that are 1.</summary>
/// <param name="Name">Unique in the schema.</param>
/// <param name="Column">The cell to split; null when flags are given.</param>
/// <param name="Separator">Between two entries.</param>
/// <param name="WeightSeparator">Between an entry and its weight; null when each weighs 1.</param>
/// <param name="FlagColumns">Columns of 0 or 1; empty when a cell is split.</param>
/// <param name="Mean">Whether weights are divided by their sum.</param>
/// <param name="PairsWithin">Whether each entry is a feature of its own in pair sums: <see cref="EncodedField.PairsWithin"/>.</param>
/// <param name="MinCount">Entries that occur less often in training share the id of unseen ones.</param>
public sealed record MultiValuedSpec(string Name, string? Column, byte Separator, byte? WeightSeparator,
    IReadOnlyList<string> FlagColumns, bool Mean, bool PairsWithin, int MinCount) : FieldSpec(Name)
{
    /// <summary>
    /// Whether cells are lists as Python and JSON write them; null where the schema does not say: parts between separators,
    /// and a cell that looks like a list is an error.
    /// </summary>
    public bool? IsList { get; init; }

    /// <summary>Entries that only fill a cell up and do not count.</summary>
    public IReadOnlyList<string> Padding { get; init; } = [];

    /// <inheritdoc/>
    public override string Kind => "multiValued";

    /// <inheritdoc/>
    public override IEnumerable<string> Columns => Column is null ? FlagColumns : [Column];
}

/// <summary>What is taken from a time.</summary>
public enum TimePart
{
    /// <summary>0 to 23.</summary>
    Hour,

    /// <summary>1 for Monday to 7 for Sunday (ISO 8601).</summary>
    Weekday,

    /// <summary>1 on Saturday and Sunday, otherwise 0.</summary>
    IsWeekend,

    /// <summary>Day of the month, 1 to 31.</summary>
    Day,

    /// <summary>1 to 12.</summary>
    Month,

    /// <summary>0 for Monday 0:00 to 167 for Sunday 23:00.</summary>
    HourOfWeek,
}

/// <summary>A part of the row's time, in UTC.</summary>
public sealed record TimeSpec(string Name, string TimestampColumn, TimePart Part, int MinCount) : FieldSpec(Name)
{
    /// <inheritdoc/>
    public override string Kind => "time";

    /// <inheritdoc/>
    public override IEnumerable<string> Columns => [TimestampColumn];
}
