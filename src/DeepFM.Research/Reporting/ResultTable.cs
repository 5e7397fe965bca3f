namespace DeepFM.Research.Reporting;

/// <summary>A table of results: for the terminal, Markdown, HTML, CSV and notebooks alike.</summary>
/// <param name="Name">Name of its file without an extension, such as "table2".</param>
/// <param name="Title">One line above it.</param>
/// <param name="Columns">At least one.</param>
/// <param name="Rows">
/// Cells in the order of the columns: a string, a number, a <see cref="Statistics.Spread"/>, or null for "not there".
/// </param>
public sealed record ResultTable(string Name, string Title, IReadOnlyList<ResultColumn> Columns,
    IReadOnlyList<IReadOnlyList<object?>> Rows)
{
    /// <summary>Sentences below it: what the figures were computed from, and which are published ones.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>One column of a table.</summary>
/// <param name="Name">Its name in CSV, in snake_case with a unit.</param>
/// <param name="Title">Its heading for a reader.</param>
/// <param name="Format">How numbers are written for a reader, such as "0.0000"; CSV always has all digits.</param>
public sealed record ResultColumn(string Name, string Title, string? Format = null)
{
    /// <summary>Whether its figures were published elsewhere: set apart from measured ones.</summary>
    public bool Published { get; init; }

    /// <summary>Which of its figures are the better ones: the best is set in bold.</summary>
    public Better Better { get; init; }
}

/// <summary>Which end of a column of figures is the better one.</summary>
public enum Better
{
    /// <summary>None, or it is not said.</summary>
    Neither,

    /// <summary>Higher figures, such as AUC.</summary>
    Higher,

    /// <summary>Lower figures, such as log loss.</summary>
    Lower,
}
