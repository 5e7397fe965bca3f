using System.Globalization;
using DeepFM.Data.Reading;

namespace DeepFM.Data.Schemas;

/// <summary>Checks a timestamp's format: what is no format of .NET must not blame the cells.</summary>
static class TimeFormat
{
    // Directives of C's strftime, which Python and many tools share.
    static readonly (char Directive, string Specifier)[] Directives =
    [
        ('Y', "yyyy"), ('y', "yy"), ('m', "MM"), ('b', "MMM"), ('B', "MMMM"), ('d', "dd"), ('a', "ddd"), ('A', "dddd"), ('H', "HH"), ('I', "hh"),
        ('p', "tt"), ('M', "mm"), ('S', "ss"), ('f', "ffffff"), ('z', "zzz"), ('T', "HH:mm:ss"), ('F', "yyyy-MM-dd"),
    ];

    static readonly DateTime Sample = new(2019, 11, 24, 1, 2, 3, DateTimeKind.Utc);

    /// <exception cref="UserErrorException">No cell could ever be read by the format, or not as a time.</exception>
    public static void Check(string where, string format)
    {
        if (format is TimeReader.UnixSeconds or TimeReader.UnixMilliseconds) { return; }
        string found = $"{where}: the format '{ShownText.Short(format)}' ";
        if (format.StartsWith("unix", StringComparison.OrdinalIgnoreCase) || format.StartsWith("epoch", StringComparison.OrdinalIgnoreCase))
        {
            throw new UserErrorException($"{found}is not known. Allowed: {TimeReader.UnixSeconds}, {TimeReader.UnixMilliseconds}, "
                + "or a date format of .NET such as yyyy-MM-dd HH:mm:ss.");
        }
        if (format.Length > 2 && format.Contains('%', StringComparison.Ordinal))
        {
            throw new UserErrorException($"{found}has %, which formats of .NET have not. In those it is '{ShownText.Short(Translated(format))}', "
                + "such as yyyy-MM-dd HH:mm:ss.");
        }
        if (format.Length > 1 && format.AsSpan().ContainsAny('Y', 'D'))
        {
            throw new UserErrorException($"{found}has a large Y or D, which stand for nothing in formats of .NET. Write y for the year, M for the "
                + "month, d for the day, H for the hour, m for the minute, s for the second, such as yyyy-MM-dd HH:mm:ss.");
        }
        if (ReadBack(format) is not { } time)
        {
            throw new UserErrorException($"{found}is not a date format of .NET such as yyyy-MM-dd HH:mm:ss. Allowed beside these: "
                + $"{TimeReader.UnixSeconds}, {TimeReader.UnixMilliseconds}.");
        }
        if (time.Year != Sample.Year && time.Date != DateTime.MinValue.Date)
        {
            throw new UserErrorException($"{found}has no year, so times would be taken as of the current one. Add it: yyyy or yy.");
        }
    }

    static string Translated(string format) => Directives.Aggregate(format,
        (text, entry) => text.Replace($"%{entry.Directive}", entry.Specifier, StringComparison.Ordinal));

    // What a time that the format wrote is read as; null when it cannot be read, or when every time is written alike.
    static DateTime? ReadBack(string format)
    {
        try
        {
            string text = Sample.ToString(format, CultureInfo.InvariantCulture);
            DateTime other = new(2020, 10, 23, 14, 5, 6, DateTimeKind.Utc);
            return text != other.ToString(format, CultureInfo.InvariantCulture)
                && DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, TimeReader.Styles, out DateTime time) ? time : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
