namespace DeepFM.Data.Schemas;

/// <summary>A column that a schema reads from a row.</summary>
/// <param name="Column">Its name.</param>
/// <param name="User">Who reads it, for messages.</param>
/// <param name="Missing">Texts that mean a missing value to him; null for those of the file.</param>
sealed record ColumnUse(string Column, string User, IReadOnlyList<string>? Missing)
{
    /// <summary>The same for uses that see the same cells.</summary>
    public (string Column, string? Missing) Key => (Column, Missing is null ? null : string.Join('\0', Missing));
}
