using System.Globalization;
using System.Text;

namespace DeepFM;

/// <summary>Text from data as people are shown it: nothing in it moves a cursor, hides something, or fills the screen.</summary>
public static class ShownText
{
    /// <summary>Most characters of a value that a message quotes.</summary>
    public const int ValueLength = 60;

    /// <summary>
    /// The text with control characters as <c>\n</c>, <c>\0</c> or <c>\x1b</c>, and those that turn or hide text as <c>\u202e</c>.
    /// </summary>
    public static string Of(string text) => Escaped(text, keepsLines: false);

    /// <summary>The same for a message of several lines: its line ends stay.</summary>
    public static string Lines(string message) => Escaped(message, keepsLines: true);

    /// <summary>The same, cut after <paramref name="length"/> characters.</summary>
    public static string Short(string text, int length = ValueLength)
    {
        if (text.Length <= length) { return Of(text); }
        int end = char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;
        return Of(text[..end]) + "…";
    }

    static string Escaped(string text, bool keepsLines)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~')) { return text; }
        StringBuilder shown = new(text.Length);
        foreach (char c in text)
        {
            if ((keepsLines && c is '\n' or '\r') || !IsHidden(c)) { shown.Append(c); }
            else { AppendEscape(shown, c); }
        }
        return shown.ToString();
    }

    // Joiners (U+200C, U+200D) belong to words and signs of several scripts.
    static bool IsHidden(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator
        || (char.GetUnicodeCategory(c) == UnicodeCategory.Format && c is not ('\u200C' or '\u200D'));

    static void AppendEscape(StringBuilder shown, char c) => _ = c switch
    {
        '\0' => shown.Append(@"\0"),
        '\t' => shown.Append(@"\t"),
        '\n' => shown.Append(@"\n"),
        '\r' => shown.Append(@"\r"),
        <= '\xFF' => shown.Append(CultureInfo.InvariantCulture, $@"\x{(int)c:x2}"),
        _ => shown.Append(CultureInfo.InvariantCulture, $@"\u{(int)c:x4}"),
    };
}
