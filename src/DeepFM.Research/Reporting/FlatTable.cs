using DeepFM.Research.Statistics;
using DeepFM.Training;

namespace DeepFM.Research.Reporting;

/// <summary>A column for programs: each cell is a text, a number or null.</summary>
/// <param name="Name">Unique in its table.</param>
/// <param name="Cells">One a row.</param>
sealed record FlatColumn(string Name, IReadOnlyList<object?> Cells)
{
    /// <summary>Whether every cell that is there is a number.</summary>
    public bool IsNumeric => Cells.All(cell => cell is null or (IFormattable and IConvertible));
}

/// <summary>A table for programs: a mean with its deviation becomes two columns.</summary>
static class FlatTable
{
    /// <summary>The columns; <c>name</c> becomes <c>name_mean</c> and <c>name_deviation</c> where a cell is a spread.</summary>
    /// <exception cref="ArgumentException">The table is not whole; see <see cref="ReportCheck"/>.</exception>
    public static IReadOnlyList<FlatColumn> Of(ResultTable table)
    {
        ReportCheck.Table(table);
        return [.. table.Columns.SelectMany((column, at) => Flatten(column.Name, [.. table.Rows.Select(row => row[at])]))];
    }

    static IEnumerable<FlatColumn> Flatten(string name, IReadOnlyList<object?> cells)
    {
        if (!cells.Any(cell => cell is Spread))
        {
            yield return new(name, cells);
            yield break;
        }
        yield return new($"{name}_mean", [.. cells.Select(cell => cell is Spread spread ? spread.Mean : cell)]);
        yield return new($"{name}_deviation", [.. cells.Select(cell => (object?)(cell as Spread)?.Deviation)]);
    }
}
