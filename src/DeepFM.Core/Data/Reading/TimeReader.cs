using System.Globalization;
using System.Text;
using DeepFM.Data.Schemas;
using DeepFM.Doubts;

namespace DeepFM.Data.Reading;

/// <summary>Turns the timestamp's cell into seconds since 1970 in UTC.</summary>
sealed class TimeReader
{
    /// <summary>The format of seconds since 1970.</summary>
    public const string UnixSeconds = "unixSeconds";

    /// <summary>The format of milliseconds since 1970.</summary>
    public const string UnixMilliseconds = "unixMilliseconds";

    /// <summary>How dates are read: in UTC, and never with a part of today's date.</summary>
    public const DateTimeStyles Styles =
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.NoCurrentDateDefault;

    const long LastSecond = 253_402_300_799;        // the end of the year 9999

    readonly string format;
    readonly int slot;

    public TimeReader(Schema schema)
    {
        TimestampSpec spec = schema.Timestamp ?? throw new UserErrorException(
            $"The schema '{schema.Name}' has no 'timestamp' (its column and format), which a split by time needs.");
        (format, slot) = (spec.Format, schema.SlotOf(spec.Column, spec.Missing));
    }

    /// <summary>The row's time; null when it is missing.</summary>
    /// <exception cref="UserErrorException">It is not written as the schema says.</exception>
    public long? Read(RowReader row)
    {
        ReadOnlySpan<byte> text = row[slot].Text;
        if (text.IsEmpty) { return null; }
        if (format is UnixSeconds or UnixMilliseconds)
        {
            return SecondsOf(text, row.Times) ?? throw row.Error(slot, NoUnixTime(Encoding.UTF8.GetString(text)));
        }
        Span<char> chars = stackalloc char[64];
        if (text.Length <= chars.Length
            && DateTime.TryParseExact(chars[..Encoding.UTF8.GetChars(text, chars)], format, CultureInfo.InvariantCulture,
                Styles, out DateTime time))
        {
            return new DateTimeOffset(time).ToUnixTimeSeconds();
        }
        string now = new DateTime(2024, 12, 31, 23, 59, 58, DateTimeKind.Utc).ToString(format, CultureInfo.InvariantCulture);
        throw row.Error(slot, $"is not a time in the format '{format}', which the schema's timestamp gives. It reads times such as {now}."
            + (Encoding.UTF8.GetString(text) is { } cell && cell != cell.Trim() ? " Set \"trim\": true in the schema's source." : ""));
    }

    // Whole seconds; a fraction, as programs write seconds in floating point, is cut off.
    long? SecondsOf(ReadOnlySpan<byte> text, TimesOfAnotherUnit times)
    {
        long perSecond = format == UnixSeconds ? 1 : 1000;
        if (!NumberText.TryParseWhole(text, out long number))
        {
            if (!NumberText.TryParse(text, out double fraction) || !(fraction >= 0 && fraction < 1e15)) { return null; }
            number = (long)fraction;
        }
        if (number < 0 || number / perSecond > LastSecond) { return null; }
        times.Note(number);
        return number / perSecond;
    }

    string NoUnixTime(string text)
    {
        const string rule = "Times are numbers since the beginning of 1970.";
        if (!NumberText.TryParse(Encoding.UTF8.GetBytes(text), out double number))
        {
            return $"is not a time in {format}. {rule} For dates give the schema's timestamp a \"format\" of .NET, such as "
                + "\"yyyy-MM-dd HH:mm:ss\".";
        }
        if (number < 0) { return $"is before 1970: {format} has no such times. Leave such rows out, or leave the cell empty."; }
        return format == UnixSeconds && number < 1000d * LastSecond
            ? "is past the year 9999. Such numbers are milliseconds: set \"format\": \"unixMilliseconds\" in the schema's timestamp."
            : $"is past the year 9999. Such numbers are micro- or nanoseconds: divide the column to milliseconds, \"{UnixMilliseconds}\".";
    }

    /// <summary>The row's time.</summary>
    /// <exception cref="UserErrorException">It is missing, or not written as the schema says.</exception>
    public long ReadRequired(RowReader row) => Read(row)
        ?? throw row.Error(slot, "is no time: a split by time needs one in every row.");

    /// <summary>A part of a time.</summary>
    public static int Part(long seconds, TimePart part)
    {
        DateTime time = DateTime.UnixEpoch.AddSeconds(seconds);
        int daysSinceMonday = ((int)time.DayOfWeek + 6) % 7;
        return part switch
        {
            TimePart.Hour => time.Hour,
            TimePart.Weekday => daysSinceMonday + 1,
            TimePart.IsWeekend => daysSinceMonday >= 5 ? 1 : 0,
            TimePart.Day => time.Day,
            TimePart.Month => time.Month,
            _ => daysSinceMonday * 24 + time.Hour,
        };
    }
}
