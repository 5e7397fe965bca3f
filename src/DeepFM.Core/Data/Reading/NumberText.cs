using System.Buffers.Text;
using System.Globalization;

namespace DeepFM.Data.Reading;

/// <summary>Numbers in cells, in the invariant culture.</summary>
static class NumberText
{
    /// <summary>A finite number; false for anything else, NaN and infinity included.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out double number)
    {
        if (TryParseWhole(text, out long whole))
        {
            number = whole;
            return true;
        }
        bool isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number)
            && double.IsFinite(number);
        number += 0;                // −0 + 0 is +0: equal numbers have equal bits, whichever comes first
        return isNumber;
    }

    /// <summary>A whole number, which never goes through floating point.</summary>
    public static bool TryParseWhole(ReadOnlySpan<byte> text, out long number)
    {
        const int safeDigits = 18;                  // as many nines are below 2⁶³
        number = 0;
        if (text.Length is 0 or > safeDigits) { return Parse(text, out number); }
        foreach (byte digit in text)
        {
            uint value = digit - (uint)'0';
            if (value > 9) { return Parse(text, out number); }
            number = 10 * number + value;
        }
        return true;

        // Signs, long numbers, and what is no whole number.
        static bool Parse(ReadOnlySpan<byte> text, out long number) =>
            Utf8Parser.TryParse(text, out number, out int used) && used == text.Length;
    }
}
