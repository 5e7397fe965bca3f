using System.Text.Json;

namespace DeepFM.Data.Schemas;

/// <summary>A JSON object that is read property by property and then refuses what nobody asked for.</summary>
/// <param name="json">The object.</param>
/// <param name="file">The file, for messages.</param>
/// <param name="path">Where the object stands in the file, such as <c>fields[2]</c>.</param>
sealed class StrictObject(JsonElement json, string file, string path)
{
    readonly List<string> known = [];

    /// <summary>The whole of a file.</summary>
    /// <param name="document">The file's content.</param>
    /// <param name="file">The file, for messages.</param>
    /// <param name="what">What it should be, with its article: "a schema".</param>
    /// <exception cref="UserErrorException">It is no object.</exception>
    public static StrictObject Of(JsonDocument document, string file, string what) =>
        document.RootElement.ValueKind == JsonValueKind.Object
            ? new(document.RootElement, file, "")
            : throw new UserErrorException($"{file}: {what} is an object in braces, but this is {JsonText.KindOf(document.RootElement)}.");

    /// <summary>The file and the place in it, for messages.</summary>
    public string Where => path.Length == 0 ? file : $"{file}, {path}";

    public bool Has(string name) => json.TryGetProperty(name, out _);

    public string Text(string name) => OptionalText(name) ?? throw Missing(name);

    public string? OptionalText(string name) =>
        Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()!
        : throw Wrong(name, value, "must be a text in quotes");

    public bool Flag(string name, bool otherwise) => OptionalFlag(name) ?? otherwise;

    public bool? OptionalFlag(string name) =>
        Find(name) is not { } value ? null
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Wrong(name, value, "must be true or false");

    public int Integer(string name, int otherwise, int min, int max) =>
        Find(name) is not { } value ? otherwise
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) && number >= min && number <= max ? number
        : throw Wrong(name, value, $"must be a whole number in [{min}, {max}]");

    public double? OptionalNumber(string name) =>
        Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && double.IsFinite(value.GetDouble()) ? value.GetDouble()
        : throw Wrong(name, value, "must be a number");

    /// <summary>One ASCII character, as a byte.</summary>
    public byte? OptionalCharacter(string name) =>
        OptionalText(name) is not { } text ? null
        : text.Length == 1 && char.IsAscii(text[0]) && text[0] is not ('\n' or '\r') ? (byte)text[0]
        : throw new UserErrorException(
            $"{Where}: '{name}' is '{text}', but must be one ASCII character other than a line end.");

    /// <summary>One of <paramref name="allowed"/>.</summary>
    public string Choice(string name, string otherwise, params string[] allowed)
    {
        string text = OptionalText(name) ?? otherwise;
        return allowed.Contains(text) ? text : throw new UserErrorException(
            $"{Where}: '{name}' is '{text}'{NearestName.Hint(text, allowed)} Allowed: {string.Join(", ", allowed)}.");
    }

    /// <summary>A text or a list of texts.</summary>
    public IReadOnlyList<string>? OptionalTexts(string name)
    {
        if (Find(name) is not { } value) { return null; }
        if (value.ValueKind == JsonValueKind.String) { return [value.GetString()!]; }
        if (value.ValueKind != JsonValueKind.Array
            || value.EnumerateArray().Any(text => text.ValueKind != JsonValueKind.String))
        {
            throw Wrong(name, value, "must be a text or a list of texts");
        }
        return [.. value.EnumerateArray().Select(text => text.GetString()!)];
    }

    /// <summary>Column names; <c>I1..I13</c> stands for thirteen of them, and <c>C01..C26</c> keeps its zeros.</summary>
    public IReadOnlyList<string>? OptionalColumns(string name) =>
        OptionalTexts(name)?.SelectMany(text => Expand(name, text)).ToArray();

    public StrictObject Object(string name) => OptionalObject(name) ?? throw Missing(name);

    public StrictObject? OptionalObject(string name) =>
        Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Object ? new(value, file, Below(name))
        : throw Wrong(name, value, "must be an object in braces");

    public IReadOnlyList<StrictObject> Objects(string name)
    {
        if (Find(name) is not { } value) { return []; }
        if (value.ValueKind != JsonValueKind.Array
            || value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.Object))
        {
            throw Wrong(name, value, "must be a list of objects");
        }
        return [.. value.EnumerateArray().Select((item, index) => new StrictObject(item, file, $"{Below(name)}[{index}]"))];
    }

    /// <summary>Refuses properties that were not asked for: a misspelt option must not pass in silence.</summary>
    /// <exception cref="UserErrorException">There is one.</exception>
    public void RefuseOthers()
    {
        foreach (JsonProperty property in json.EnumerateObject())
        {
            if (!known.Contains(property.Name))
            {
                throw new UserErrorException($"{Where}: unknown property '{property.Name}'"
                    + $"{NearestName.Hint(property.Name, known)} Allowed here: {string.Join(", ", known)}.");
            }
        }
    }

    public UserErrorException Missing(string name) => new($"{Where}: the property '{name}' is missing.");

    JsonElement? Find(string name)
    {
        if (!known.Contains(name)) { known.Add(name); }
        return json.TryGetProperty(name, out JsonElement value) ? value : null;
    }

    UserErrorException Wrong(string name, JsonElement value, string must) =>
        new($"{Where}: '{name}' is {JsonText.Shown(value.GetRawText())}, but {must}.");

    string Below(string name) => path.Length == 0 ? name : $"{path}.{name}";

    IEnumerable<string> Expand(string property, string text)
    {
        int dots = text.IndexOf("..", StringComparison.Ordinal);
        if (dots < 0) { return [text]; }
        string first = text[..dots], last = text[(dots + 2)..], stem = first.TrimEnd("0123456789".ToCharArray());
        string digits = first[stem.Length..], format = digits.StartsWith('0') ? "D" + digits.Length : "D";
        if (last.StartsWith(stem, StringComparison.Ordinal) && int.TryParse(digits, out int from)
            && int.TryParse(last[stem.Length..], out int to) && from <= to && to - from < 100_000
            && last[stem.Length..] == to.ToString(format))
        {
            return Enumerable.Range(from, to - from + 1).Select(number => stem + number.ToString(format));
        }
        throw new UserErrorException(
            $"{Where}: '{property}' has '{text}', but a range of columns is written like I1..I13 or C01..C26.");
    }
}
