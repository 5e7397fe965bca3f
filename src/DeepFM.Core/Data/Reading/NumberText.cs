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
    public static bool TryParseWhole(ReadOnlySpan<byte> text, out long number) =>
        Utf8Parser.TryParse(text, out number, out int used) && used == text.Length;
}
