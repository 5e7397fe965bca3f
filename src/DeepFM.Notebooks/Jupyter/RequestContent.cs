using System.Text.Json;

namespace DeepFM.Notebooks.Jupyter;

/// <summary>A request whose content is not as the protocol has it: the message is the answer's error.</summary>
sealed class BadRequestException(string message) : Exception(message);

/// <summary>Reads the members of a request's content, and says which one is wrong.</summary>
readonly struct RequestContent(JsonElement content)
{
    /// <summary>A text that must be there.</summary>
    public string Text(string name) => Find(name) is { } value
        ? AsText(name, value)
        : throw new BadRequestException($"The request has no '{name}'.");

    /// <summary>A text, or the standard when it is not there.</summary>
    public string Text(string name, string standard) => Find(name) is { } value ? AsText(name, value) : standard;

    /// <summary>true or false, or the standard when it is not there.</summary>
    public bool Flag(string name, bool standard) => Find(name) switch
    {
        null => standard,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } value => throw Wrong(name, "true or false", value),
    };

    /// <summary>A whole number, or the standard when it is not there.</summary>
    public int Number(string name, int standard) => Find(name) switch
    {
        null => standard,
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt32(out int number) => number,
        { } value => throw Wrong(name, "a whole number", value),
    };

    JsonElement? Find(string name) =>
        content.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    static string AsText(string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String) { throw Wrong(name, "a string", value); }
        try { return value.GetString()!; }
        catch (InvalidOperationException torn)
        {
            throw new BadRequestException($"'{name}' holds half of a surrogate pair: {torn.Message}");
        }
    }

    static BadRequestException Wrong(string name, string allowed, JsonElement value) =>
        new($"'{name}' must be {allowed}, but is {value.ValueKind}.");
}
