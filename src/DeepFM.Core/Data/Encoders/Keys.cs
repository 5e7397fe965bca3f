using System.Text;
using DeepFM.Data.Reading;
using DeepFM.Data.Schemas;

namespace DeepFM.Data.Encoders;

/// <summary>A whole number that stands for a row's value of a field: its bucket, or a part of its time.</summary>
abstract class KeyRule
{
    /// <summary>The row's key; false when the value is missing.</summary>
    public abstract bool TryRead(RowReader row, out long key);

    /// <summary>What a key stands for.</summary>
    public abstract string Describe(long key);

    /// <summary>The number of a cell; false when it is missing.</summary>
    /// <exception cref="UserErrorException">The cell is no number.</exception>
    public static bool TryReadNumber(RowReader row, int slot, bool isPair, out double number)
    {
        ReadOnlySpan<byte> text = isPair ? PairCell.Value(row, slot) : row[slot].Text;
        number = 0;
        if (text.IsEmpty) { return false; }
        return NumberText.TryParse(text, out number) ? true : throw row.Error(slot,
            CellAdvice.NotANumber(Encoding.UTF8.GetString(text), isPair));
    }
}

/// <summary>⌊ln(x)²⌋ for x &gt; 2, and ⌊x⌋ for x ≤ 2.</summary>
/// <remarks>
/// <para>The rule of the winners of the Criteo challenge (Juan et al. 2014), also that of FuxiCTR.</para>
/// <para>Differs from FuxiCTR: the two kinds of key cannot meet. There ⌊ln(3)²⌋ = 1 is the same id as the raw value 1;
/// here bucket b has the key 3 + b, and raw values have the keys … −1, 0, 1, 2.</para>
/// </remarks>
sealed class LogSquaredRule(int slot, bool isPair) : KeyRule
{
    const long FirstBucket = 3;
    const double LeastKey = -1e18;      // further down all numbers share a key, so that it fits in 64 bits

    public override bool TryRead(RowReader row, out long key)
    {
        key = 0;
        if (!TryReadNumber(row, slot, isPair, out double number)) { return false; }
        key = KeyOf(number);
        return true;
    }

    public static long KeyOf(double number) =>
        number >= 0 && number < small.Length && number == (int)number ? small[(int)number] : Compute(number);

    static long Compute(double number)
    {
        if (number <= 2) { return (long)Math.Floor(Math.Max(number, LeastKey)); }
        double log = Math.Log(number);
        return FirstBucket + (long)Math.Floor(log * log);
    }

    // Most numbers of such columns are small whole ones, and a logarithm takes longer than the rest of a cell.
    static readonly byte[] small = [.. Enumerable.Range(0, 1 << 15).Select(number => (byte)Compute(number))];

    public override string Describe(long key) =>
        key < FirstBucket ? $"{key}" : $"ln(x)² in [{key - FirstBucket}, {key - FirstBucket + 1})";
}

/// <summary>A part of the row's time.</summary>
sealed class TimeRule(TimeReader time, TimePart part) : KeyRule
{
    static readonly string[] Weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    public override bool TryRead(RowReader row, out long key)
    {
        long? seconds = time.Read(row);
        key = seconds is { } known ? TimeReader.Part(known, part) : 0;
        return seconds is not null;
    }

    public override string Describe(long key) => part switch
    {
        TimePart.Weekday => Weekdays[key - 1],
        TimePart.IsWeekend => key == 1 ? "weekend" : "working day",
        TimePart.HourOfWeek => $"{Weekdays[key / 24]} {key % 24}:00",
        TimePart.Hour => $"{key}:00",
        _ => $"{key}",
    };
}
