using System.Globalization;
using System.Text;
using DeepFM.Data.Schemas;

namespace DeepFM.Data.Reading;

/// <summary>Turns the timestamp's cell into seconds since 1970 in UTC.</summary>
sealed class TimeReader
{
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
        if (format is "unixSeconds" or "unixMilliseconds")
        {
            long perSecond = format == "unixSeconds" ? 1 : 1000;
            return NumberText.TryParseWhole(text, out long number) && number >= 0 && number / perSecond <= LastSecond
                ? number / perSecond
                : throw row.Error(slot, $"is not a time in {format} since 1970: a whole number, at most that of the year 9999.");
        }
        Span<char> chars = stackalloc char[64];
        if (text.Length <= chars.Length
            && DateTime.TryParseExact(chars[..Encoding.UTF8.GetChars(text, chars)], format, CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime time))
        {
            return new DateTimeOffset(time).ToUnixTimeSeconds();
        }
        throw row.Error(slot, $"is not a time in the format '{format}', which the schema's timestamp gives.");
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
