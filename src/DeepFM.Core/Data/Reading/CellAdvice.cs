using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using DeepFM.Data.Schemas;

namespace DeepFM.Data.Reading;

/// <summary>What is wrong with a cell, and what would help; each text follows "column 'x': 'value' ".</summary>
static class CellAdvice
{
    static readonly JsonSerializerOptions AsTyped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // What programs write where there is no number.
    static readonly string[] MissingWords = ["nan", "na", "n/a", "#n/a", "null", "none", "nil", "nat", "<na>", "missing", "unknown", "\\n", "?", "-", "."];
    static readonly string[] InfiniteWords = ["inf", "infinity", "∞"];

    // Texts that are often labels, the positive one first.
    static readonly (string Positive, string Negative)[] LabelWords =
        [("true", "false"), ("yes", "no"), ("y", "n"), ("t", "f"), ("1", "-1"), ("+1", "-1"), ("1", "2")];

    /// <summary>For a cell of a numeric field that is no finite number.</summary>
    /// <param name="text">The cell; for a pair its value.</param>
    /// <param name="isPair">Whether the cell is a pair <c>id:value</c>.</param>
    public static string NotANumber(string text, bool isPair) => NotReadable(text, isPair)
        ?? "is not a number. Allowed: numbers such as 12, -0.5 or 1e3, and nothing where the value is missing. "
            + "Correct the line, or make the field categorical in the schema.";

    /// <summary>For a label of a schema with a threshold that is no finite number.</summary>
    public static string NotARating(string text, double threshold) => text.Trim().Length == 0
        ? "is empty, but a row needs a label. Leave such rows out; predict does without labels."
        : string.Create(CultureInfo.InvariantCulture, $"is not a label. Allowed: numbers; from {threshold} on they are positive.")
            + (Comma(text) is { } comma ? $" It {comma}" : "");

    /// <summary>For a label that is none of the texts that the schema lists.</summary>
    /// <param name="text">The label.</param>
    /// <param name="spec">What the schema allows.</param>
    /// <param name="mayBeHeader">Whether the line may be a header that the schema does not know of.</param>
    public static string NotALabel(string text, LabelSpec spec, bool mayBeHeader) => text.Trim().Length == 0
        ? "is empty, but a row needs a label. Leave such rows out; predict does without labels."
        : $"is not a label. Allowed: {List(spec.Positive)} (positive), {List(spec.Negative)} (negative). "
            + LabelAdvice(text, spec, mayBeHeader);

    /// <summary>A value as it is written in a schema.</summary>
    public static string Quoted(string text) => JsonSerializer.Serialize(ShownText.Short(text), AsTyped);

    static string LabelAdvice(string text, LabelSpec spec, bool mayBeHeader)
    {
        string[] allowed = [.. spec.Positive, .. spec.Negative];
        if (allowed.Contains(text.Trim(' ')))
        {
            return "Set \"trim\": true in the schema's source, which drops the blanks around cells.";
        }
        if (allowed.Contains(text.Trim('"'))) { return "Set \"quote\": \"\\\"\" in the schema's source."; }
        if (mayBeHeader && text.Any(char.IsLetter)) { return $"If this line is a header, {LineAdvice.ForHeader}"; }
        if (allowed.FirstOrDefault(label => MeansTheSame(label, text)) is { } same)
        {
            (string name, IReadOnlyList<string> texts) = spec.Positive.Contains(same) ? ("positive", spec.Positive) : ("negative", spec.Negative);
            return $"If it means {ShownText.Short(same)}, list it in the schema's label: \"{name}\": "
                + $"[{string.Join(", ", texts.Append(text).Select(Quoted))}].";
        }
        (string Positive, string Negative) words = LabelWords.FirstOrDefault(pair => Same(pair.Positive, text) || Same(pair.Negative, text));
        if (words.Positive is not null && !int.TryParse(text, out _))
        {
            bool isUpper = !text.Any(char.IsLower), isTitle = char.IsUpper(text[0]);
            string Written(string word) => isUpper ? word.ToUpperInvariant() : isTitle ? char.ToUpperInvariant(word[0]) + word[1..] : word;
            return $"Say in the schema's label what it means: \"positive\": {Quoted(Written(words.Positive))}, "
                + $"\"negative\": {Quoted(Written(words.Negative))}.";
        }
        return NumberOf(text) is null ? "Correct the line, or list it in the schema's label as \"positive\" or \"negative\"."
            : $"List it in the schema's label as \"positive\" or \"negative\", or give \"threshold\", the number from which on a label is positive.";
    }

    static string? NotReadable(string text, bool isPair)
    {
        string word = text.Trim().TrimStart('+', '-');
        bool isInfinite = InfiniteWords.Any(known => Same(known, word));
        if (isInfinite || MissingWords.Any(known => Same(known, text.Trim())) || MissingWords.Any(known => known.Length > 1 && Same(known, word)))
        {
            string what = isInfinite ? "is not a finite number." : "is not a number.";
            return isPair ? $"{what} Where the value is missing, leave the pair out."
                : $"{what} If it means that the value is missing, say so in the schema: \"missing\": [{Quoted(text)}].";
        }
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsInfinity(number))
        {
            return "is too large: numbers go up to 1.797e308.";
        }
        return Comma(text) ?? Sign(text);
    }

    // 20,7 and 1.234,5 and 1,234.5.
    static string? Comma(string text)
    {
        string digits = text.Trim();
        if (!digits.Contains(',', StringComparison.Ordinal) || digits.Any(c => !char.IsAsciiDigit(c) && c is not (',' or '.' or '-' or '+')))
        {
            return null;
        }
        int last = digits.LastIndexOfAny([',', '.']);
        string plain = digits[..last].Replace(",", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal);
        return $"has a comma. Numbers take a decimal point and nothing between thousands: {plain}.{digits[(last + 1)..]}"
            + (digits.Count(c => c is ',' or '.') == 1 && digits.Length - last == 4 ? $" or {plain}{digits[(last + 1)..]}" : "")
            + ". Convert the column.";
    }

    // 12% and $5.
    static string? Sign(string text)
    {
        string trimmed = text.Trim();
        if (trimmed.Length < 2) { return null; }
        bool isLast = NumberOf(trimmed[..^1]) is not null, isFirst = NumberOf(trimmed[1..]) is not null;
        char sign = isLast ? trimmed[^1] : trimmed[0];
        return (isLast || isFirst) && !char.IsAsciiLetterOrDigit(sign)
            ? $"has the sign {ShownText.Of(sign.ToString())}. Numbers are written without: convert the column, or make the field categorical in the schema."
            : null;
    }

    static bool MeansTheSame(string label, string text) => Same(label, text) || (NumberOf(label) is { } number && NumberOf(text) == number);

    static double? NumberOf(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
        && double.IsFinite(number) ? number : null;

    static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);

    static string List(IReadOnlyList<string> texts) => string.Join(", ", texts.Select(text => ShownText.Short(text)));
}
