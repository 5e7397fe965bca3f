using DeepFM.Research.Statistics;
using DeepFM.Training;

namespace DeepFM.Research.Reporting;

/// <summary>Columns of a table as a chart.</summary>
public static class TableFigures
{
    /// <summary>A panel a column: its numbers over the rows, which the first column names; deviations as error bars.</summary>
    /// <param name="table">The table.</param>
    /// <param name="columns">Names of columns of numbers; at least one.</param>
    /// <exception cref="UserErrorException">There is no such column, or it has no numbers.</exception>
    public static Figure Of(ResultTable table, params IReadOnlyList<string> columns)
    {
        if (columns.Count == 0) { throw new UserErrorException("A chart of a table needs at least one column."); }
        Axis rows = new(table.Columns[0].Title, [.. table.Rows.Select(row => $"{row[0]}")]);
        double[] places = [.. Enumerable.Range(0, table.Rows.Count).Select(place => (double)place)];
        return new($"{table.Name}-chart", table.Title, [.. columns.Select(Draw)]);

        Panel Draw(string name)
        {
            int at = table.Columns.ToList().FindIndex(column => column.Name == name);
            if (at < 0) { throw UnknownName.Error($"column of {table.Name}", name, [.. table.Columns.Select(column => column.Name)]); }
            object?[] cells = [.. table.Rows.Select(row => row[at])];
            if (cells.All(cell => Number(cell) is null)) { throw new UserErrorException($"Column {name} of {table.Name} has no numbers."); }
            double?[] deviations = [.. cells.Select(cell => (cell as Spread)?.Deviation)];
            ResultColumn column = table.Columns[at];
            return new(column.Title, rows, new(column.Title),
            [
                new(column.Title, SeriesKind.Marks, places, [.. cells.Select(Number)])
                {
                    Deviations = deviations.All(deviation => deviation is null) ? null : deviations,
                    Published = column.Published,
                },
            ]);
        }
    }

    static double? Number(object? cell) => cell switch
    {
        Spread spread => spread.Mean,
        IConvertible number and IFormattable => number.ToDouble(System.Globalization.CultureInfo.InvariantCulture),
        _ => null,
    };
}
