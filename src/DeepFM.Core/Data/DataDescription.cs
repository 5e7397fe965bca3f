namespace DeepFM.Data;

/// <summary>What a data set looks like under its schema.</summary>
/// <param name="RowCount">Number of rows.</param>
/// <param name="PositiveRate">Share of positive labels.</param>
/// <param name="FeatureCount">Ids of all fields together.</param>
/// <param name="OtherRowCount">Rows of the files compared with; 0 when there are none.</param>
/// <param name="Fields">The fields in order.</param>
public sealed record DataDescription(long RowCount, double PositiveRate, int FeatureCount, long OtherRowCount,
    IReadOnlyList<FieldDescription> Fields)
{
    /// <summary>What is doubtful in these rows, a plain sentence each: what a training on them would say.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];
}

/// <summary>What one field looks like.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">Its kind in the schema.</param>
/// <param name="IdCount">Ids that it owns.</param>
/// <param name="DistinctCount">
/// Distinct values or buckets, rare ones included; 0 for a value field, which counts none.
/// </param>
/// <param name="MissingShare">Share of rows without a value; for a bag, of rows whose bag is empty.</param>
/// <param name="RareShare">
/// Share of rows (for a bag, of entries) that have the id of unseen values because theirs is rare.
/// </param>
/// <param name="UnseenShare">
/// Share of the other files' rows (for a bag, of their entries) that have the id of unseen values: never seen, or rare, in
/// training, or missing where missing has no id. Null when there are no other files, or the field has no such id.
/// </param>
/// <param name="TopValues">The most frequent values, with their counts.</param>
/// <param name="PairsWithin">Whether each pair of a bag's entries is a feature of its own to factorization machines.</param>
public sealed record FieldDescription(string Name, string Kind, int IdCount, long DistinctCount, double MissingShare,
    double RareShare, double? UnseenShare, IReadOnlyList<ValueCount> TopValues, bool PairsWithin = false)
{
    /// <summary>The kind, and what makes it another one to models.</summary>
    public string KindText => PairsWithin ? $"{Kind}, pairsWithin" : Kind;
}

/// <summary>How often a value occurs in training.</summary>
public readonly record struct ValueCount(string Value, long Count);
