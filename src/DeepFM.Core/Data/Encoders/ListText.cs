using System.Buffers;
using System.Globalization;
using System.Text;

namespace DeepFM.Data.Encoders;

/// <summary>Goes through the elements of a list as Python, NumPy and JSON write it.</summary>
/// <remarks>Such as <c>['a', "b"]</c>, <c>[1, 2]</c>, <c>[1 2]</c>; tuples and sets too.</remarks>
static class ListText
{
    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    static readonly SearchValues<byte> PlainEnds = SearchValues.Create(", \t\r\n"u8), Marks = SearchValues.Create("[](){}\"'"u8);

    static ReadOnlySpan<byte> Blanks => " \t\r\n"u8;

    /// <summary>Whether a cell can hardly be anything else than such a list.</summary>
    public static bool LooksLikeList(ReadOnlySpan<byte> cell)
    {
        if (cell.IsEmpty || cell[0] is not ((byte)'[' or (byte)'(' or (byte)'{' or (byte)' ')) { return false; }
        cell = cell.Trim(Blanks);
        return cell.Length >= 2 && cell[^1] == Closing(cell[0]) && (cell[0] == (byte)'[' || IsQuote(cell[1..].TrimStart(Blanks)));
    }

    /// <summary>The next element; false at the end of the list, and for a problem.</summary>
    /// <param name="cell">All of the list; an empty cell is an empty list.</param>
    /// <param name="at">Where to go on; 0 at first.</param>
    /// <param name="element">Overwritten.</param>
    /// <param name="problem">Overwritten with what is wrong with the list, or null.</param>
    public static bool Next(ReadOnlySpan<byte> cell, scoped ref int at, out ReadOnlySpan<byte> element, out string? problem)
    {
        element = default;
        problem = null;
        ReadOnlySpan<byte> trimmed = cell.TrimEnd(Blanks);
        if (trimmed.IsEmpty || at >= trimmed.Length) { return false; }
        bool isFirst = at == 0;
        if (isFirst)
        {
            at = cell.Length - cell.TrimStart(Blanks).Length;
            if (Closing(cell[at]) is not { } closing || at + 1 == trimmed.Length || trimmed[^1] != closing)
            {
                problem = "it does not stand in brackets";
                return false;
            }
            at++;
        }
        ReadOnlySpan<byte> inside = trimmed[..^1];
        int before = at;
        if (!isFirst) { SkipBlanks(inside, ref at); }
        if (!isFirst && at < inside.Length && inside[at] == (byte)',') { at++; }
        SkipBlanks(inside, ref at);
        if (at >= inside.Length)
        {
            at = cell.Length;       // a comma after the last element is one of Python's
            return false;
        }
        if (!isFirst && at == before)
        {
            problem = "a comma is missing between two elements";
            return false;
        }
        return IsQuote(inside[at..]) ? Quoted(inside, ref at, out element, out problem) : Plain(inside, ref at, out element, out problem);
    }

    static bool Plain(ReadOnlySpan<byte> inside, scoped ref int at, out ReadOnlySpan<byte> element, out string? problem)
    {
        ReadOnlySpan<byte> rest = inside[at..];
        int end = rest.IndexOfAny(PlainEnds);
        element = end < 0 ? rest : rest[..end];
        at += element.Length;
        problem = element.IsEmpty ? "an element is missing between two commas"
            : element.SequenceEqual("..."u8) ? "it says ... for elements that were left out"
            : element.ContainsAny(Marks) ? $"its element '{Encoding.UTF8.GetString(element)}' has a bracket or a quote"
            : null;
        return problem is null;
    }

    static bool Quoted(ReadOnlySpan<byte> inside, scoped ref int at, out ReadOnlySpan<byte> element, out string? problem)
    {
        element = default;
        ReadOnlySpan<byte> rest = inside[(at + 1)..];
        int end = 0;
        bool hasEscapes = false;
        for (; end < rest.Length && rest[end] != inside[at]; end++)
        {
            if (rest[end] != (byte)'\\') { continue; }
            hasEscapes = true;
            end++;
        }
        if (end >= rest.Length)
        {
            problem = $"a {(char)inside[at]} is not closed";
            return false;
        }
        element = rest[..end];
        at += end + 2;
        if (!hasEscapes)
        {
            problem = null;
            return true;
        }
        string text = Encoding.UTF8.GetString(element);
        element = Unescape(text);
        problem = element.IsEmpty ? $"its element '{text}' has a \\ that begins no escape sequence" : null;
        return problem is null;
    }

    /// <summary>A text without its escape sequences, of which JSON's are some of Python's; empty where one is none.</summary>
    static byte[] Unescape(string text)
    {
        StringBuilder plain = new();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\')
            {
                plain.Append(text[i]);
                continue;
            }
            char kind = text[++i];
            int simple = "\\'\"/bfnrt".IndexOf(kind, StringComparison.Ordinal);
            if (simple >= 0)
            {
                plain.Append("\\'\"/\b\f\n\r\t"[simple]);
                continue;
            }
            int digits = kind switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
            if (digits == 0 || i + digits >= text.Length
                || !int.TryParse(text.AsSpan(i + 1, digits), NumberStyles.AllowHexSpecifier, null, out int code)
                || code is < 0 or > 0x10FFFF)
            {
                return [];
            }
            plain.Append(code > char.MaxValue ? char.ConvertFromUtf32(code) : ((char)code).ToString());
            i += digits;
        }
        try { return Strict.GetBytes(plain.ToString()); }
        catch (EncoderFallbackException) { return []; }         // half of a pair of surrogates
    }

    static bool IsQuote(ReadOnlySpan<byte> text) => !text.IsEmpty && text[0] is (byte)'\'' or (byte)'"';

    static byte? Closing(byte opening) => (char)opening switch
    {
        '[' => (byte)']',
        '(' => (byte)')',
        '{' => (byte)'}',
        _ => null,
    };

    static void SkipBlanks(ReadOnlySpan<byte> text, scoped ref int at)
    {
        while (at < text.Length && Blanks.Contains(text[at])) { at++; }
    }
}
