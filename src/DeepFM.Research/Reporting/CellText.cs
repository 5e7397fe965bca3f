using System.Globalization;
using DeepFM.Research.Statistics;
using DeepFM.Training;

namespace DeepFM.Research.Reporting;

/// <summary>The cells of a table as a reader sees them.</summary>
public static class CellText
{
    /// <summary>What stands for a value that is not there.</summary>
    public const string Missing = "–";

    /// <summary>The cell in the column's format; numbers are invariant.</summary>
    public static string Of(object? cell, ResultColumn column) => cell switch
    {
        null => Missing,
        string text => text,
        Spread { Deviation: { } deviation } spread =>
            $"{Number(spread.Mean, column.Format)} ± {Number(deviation, column.Format)}",
        Spread spread => Number(spread.Mean, column.Format),
        IFormattable number => Number(number, column.Format),
        _ => cell.ToString() ?? Missing,
    };

    /// <summary>The column's heading; that of a published one says so.</summary>
    public static string Heading(ResultColumn column) => column.Published && !SaysPublished(column.Title)
        ? $"{column.Title} (published)"
        : column.Title;

    /// <summary>Whether a name says by itself that its values are not measured here.</summary>
    public static bool SaysPublished(string name) =>
        name.Contains("publish", StringComparison.OrdinalIgnoreCase)
        || name.Contains("paper", StringComparison.OrdinalIgnoreCase)
        || name.Contains("reading", StringComparison.OrdinalIgnoreCase)
        || name.Contains("read off", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the column holds numbers, so that it is aligned on them.</summary>
    public static bool IsNumeric(ResultTable table, int column) => table.Rows.Any(row => IsNumber(row[column]));

    /// <summary>The rows whose value is the best of the column; none where the column has no better end.</summary>
    public static IReadOnlySet<int> BestRows(ResultTable table, int column)
    {
        (int Row, double Value)[] values = table.Columns[column].Better == Better.Neither ? [] :
        [
            .. table.Rows.Select((row, at) => (at, Value(row[column]))).Where(pair => double.IsFinite(pair.Item2)),
        ];
        if (values.Length < 2) { return new HashSet<int>(); }
        double best = table.Columns[column].Better == Better.Higher
            ? values.Max(pair => pair.Value)
            : values.Min(pair => pair.Value);
        return values.Where(pair => pair.Value == best).Select(pair => pair.Row).ToHashSet();
    }

    /// <summary>Whether a cell is a number or a mean with its deviation.</summary>
    public static bool IsNumber(object? cell) => cell is Spread or IFormattable;

    static double Value(object? cell) => cell switch
    {
        Spread spread => spread.Mean,
        IConvertible number and not string => number.ToDouble(CultureInfo.InvariantCulture),
        _ => double.NaN,
    };

    // A negative number that rounds to 0 would become "-+0.00": the format's first part, behind the number's own sign.
    static string Number(IFormattable number, string? format) =>
        number.ToString(format ?? DefaultFormat(number), CultureInfo.InvariantCulture).Replace("-+", "-", StringComparison.Ordinal);

    static string DefaultFormat(IFormattable number) => number switch
    {
        double value when Math.Abs(value) >= 1e5 && double.IsFinite(value) => "N0",
        double or float or Half => "G5",
        decimal => "G",
        _ => "N0",
    };
}
