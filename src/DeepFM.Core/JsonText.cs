using System.Text.Json;
using System.Text.RegularExpressions;

namespace DeepFM;

/// <summary>JSON that somebody else may have written: the one way in which it is read, so that a message names file and place.</summary>
static partial class JsonText
{
    const int MostShown = 200;

    /// <summary>A text as JSON whose names and texts can all be taken, and in which no object has a name twice.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">What messages call it.</param>
    /// <param name="advice">The end of the message when it is not JSON.</param>
    /// <param name="options">Comments, commas and depth.</param>
    /// <param name="allowsNullItems">Whether a list may have null in it.</param>
    /// <exception cref="UserErrorException">It is not such a text.</exception>
    public static JsonDocument Parse(string text, string file, string advice = "", JsonDocumentOptions options = default,
        bool allowsNullItems = true)
    {
        if (string.IsNullOrWhiteSpace(text)) { throw new UserErrorException($"{file}: the file is empty.{(advice.Length > 0 ? " " : "")}{advice}"); }
        JsonDocument document;
        try { document = JsonDocument.Parse(text, options); }
        catch (JsonException wrong)
        {
            throw new UserErrorException($"{file}, line {wrong.LineNumber + 1}, byte {wrong.BytePositionInLine + 1}: this is not JSON. "
                + string.Join(' ', new[] { MessageOf(wrong), advice }.Where(part => part.Length > 0)), wrong);
        }
        catch (ArgumentException torn)              // of a text that was in no file
        {
            throw new UserErrorException($"{file}: {Torn}", torn);
        }
        if (Find(document.RootElement, HalfEscape().IsMatch(text), allowsNullItems) is not { } fault) { return document; }
        document.Dispose();
        throw Wrong(file, fault.Place, fault.What);
    }

    /// <summary>The serializer's failure in plain words, with file and place.</summary>
    public static UserErrorException Error(string file, JsonException wrong) =>
        Wrong(wrong.LineNumber is { } before ? $"{file}, line {before + 1}" : file, wrong.Path?.TrimStart('$') ?? "", MessageOf(wrong), wrong);

    /// <summary>What is wrong, without the place, which the exception counts from 0.</summary>
    public static string MessageOf(JsonException wrong)
    {
        string message = wrong.Message.Split(" Path: ")[0].Split(" LineNumber: ")[0];
        if (NullValue().IsMatch(message)) { return Null; }
        if (message.StartsWith("Expected depth to be zero", StringComparison.Ordinal)) { return "It ends before its last bracket is closed."; }
        if (Missing().Match(message) is { Success: true } missing) { return $"{missing.Groups[1].Value} is missing."; }
        if (Unknown().Match(message) is { Success: true } unknown) { return $"unknown property '{Shown(unknown.Groups[1].Value)}'."; }
        return Unfit().Match(message) is { Success: true } type ? $"it is not {Words(type.Groups[1].Value)}." : Shown(message);
    }

    /// <summary>What kind of value it is: "a list", "null".</summary>
    public static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        _ => value.GetRawText(),
    };

    /// <summary>A piece of the file for a message, cut when it is long.</summary>
    public static string Shown(string text) => ShownText.Short(text, MostShown);

    const string Null = "it is null, but must have a value.";
    const string Torn = "it holds half of a surrogate pair, such as \\ud83d alone, which is no character.";

    // The first value that cannot be taken; its place grows from the inside.
    static (string Place, string What)? Find(JsonElement value, bool mayBeTorn, bool allowsNullItems)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            int at = 0;
            foreach (JsonElement item in value.EnumerateArray())
            {
                (string Place, string What)? fault = item.ValueKind == JsonValueKind.Null && !allowsNullItems
                    ? ("", Null)
                    : Find(item, mayBeTorn, allowsNullItems);
                if (fault is { } found) { return ($"[{at}]{found.Place}", found.What); }
                at++;
            }
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            HashSet<string> names = [];
            foreach (JsonProperty member in value.EnumerateObject())
            {
                if (mayBeTorn && IsTorn(() => member.Name)) { return ("", Torn); }
                if (!names.Add(member.Name)) { return ("", $"'{Shown(member.Name)}' is there twice."); }
                if (Find(member.Value, mayBeTorn, allowsNullItems) is { } found) { return ($".{Shown(member.Name)}{found.Place}", found.What); }
            }
        }
        return mayBeTorn && value.ValueKind == JsonValueKind.String && IsTorn(value.GetString) ? ("", Torn) : null;
    }

    static bool IsTorn(Func<string?> read)
    {
        try { _ = read(); }
        catch (InvalidOperationException) { return true; }
        return false;
    }

    static UserErrorException Wrong(string file, string place, string what, Exception? inner = null)
    {
        string message = place.TrimStart('.') is { Length: > 0 } there ? $"{file}, {Shown(there)}: {what}" : $"{file}: {what}";
        return inner is null ? new(message) : new(message, inner);
    }

    static string Words(string type) => Nullable().Replace(type, "$1") switch
    {
        "System.Int32" or "System.Int64" or "System.UInt64" => "a whole number of its range",
        "System.Single" or "System.Double" => "a number",
        "System.Boolean" => "true or false",
        "System.String" => "a text",
        "System.DateTime" => "a date such as 2026-01-31T12:00:00Z",
        string list when list.StartsWith("System.Collections", StringComparison.Ordinal) => "a list",
        string other when typeof(JsonText).Assembly.GetType(other) is { IsEnum: true } choice =>
            $"one of {string.Join(", ", Enum.GetNames(choice).Select(JsonNamingPolicy.CamelCase.ConvertName))}",
        _ => "an object",
    };

    [GeneratedRegex(@"\\u[dD][89a-fA-F]")]
    private static partial Regex HalfEscape();

    [GeneratedRegex(@"doesn't allow (setting )?null")]
    private static partial Regex NullValue();

    [GeneratedRegex(@"missing required properties including: (.*?)\.?$", RegexOptions.Singleline)]
    private static partial Regex Missing();

    [GeneratedRegex(@"^The JSON property '(.*)' could not be mapped to any \.NET member", RegexOptions.Singleline)]
    private static partial Regex Unknown();

    [GeneratedRegex(@"^The JSON value could not be converted to (.+?)\.?$")]
    private static partial Regex Unfit();

    [GeneratedRegex(@"^System\.Nullable`1\[(.+)\]$")]
    private static partial Regex Nullable();
}
