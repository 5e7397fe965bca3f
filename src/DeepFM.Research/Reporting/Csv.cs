using System.Globalization;
using System.Text;

namespace DeepFM.Research.Reporting;

/// <summary>Comma-separated values: RFC 4180 quoting, lines that end with a line feed, invariant numbers with all digits.</summary>
static class Csv
{
    /// <summary>One line with its end. Null is an empty field.</summary>
    public static void AppendLine(StringBuilder text, IEnumerable<object?> fields) =>
        text.AppendJoin(',', fields.Select(Field)).Append('\n');

    static string Field(object? value) => value switch
    {
        null => "",
        string text => CsvText.Quoted(text),
        decimal printed => ((double)printed).ToString(CultureInfo.InvariantCulture),     // its zeros at the end say nothing to a program
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => CsvText.Quoted(value.ToString() ?? ""),
    };
}
