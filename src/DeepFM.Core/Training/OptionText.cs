using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DeepFM.Training;

/// <summary>Changes an option of a record by its name and a text, as a command line gives them.</summary>
static class OptionText
{
    /// <summary>The options' names in camelCase, in the order of the record.</summary>
    public static IEnumerable<string> Keys<T>() => typeof(T).GetProperties().Select(Key);

    /// <summary>Whether <typeparamref name="T"/> has an option of this name.</summary>
    public static bool Has<T>(string key) => Find<T>(key) is not null;

    /// <summary>The options with one of them changed; the record's own guard decides on the value.</summary>
    /// <exception cref="UserErrorException">The text does not read as the option's type, or the guard refuses it.</exception>
    public static T Set<T>(T options, string key, string text)
    {
        PropertyInfo property = Find<T>(key) ?? throw UnknownName.Error("option", key, [.. Keys<T>()]);
        JsonObject json = JsonSerializer.SerializeToNode(options, JsonFiles.Options)!.AsObject();
        json[key] = Parse(property, text);
        try
        {
            return json.Deserialize<T>(JsonFiles.Options)!;
        }
        catch (ArgumentOutOfRangeException refused)
        {
            string guard = refused.Message.Split(" (Parameter")[0];
            throw new UserErrorException($"{key}={text} is not allowed: {guard}", refused);
        }
    }

    static PropertyInfo? Find<T>(string key) => typeof(T).GetProperties().FirstOrDefault(property => Key(property) == key);

    static string Key(PropertyInfo property) => JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    static JsonNode? Parse(PropertyInfo property, string text)
    {
        Type type = property.PropertyType;
        if (type == typeof(string)) { return text.Length == 0 ? null : JsonValue.Create(text); }
        if (type == typeof(bool) && bool.TryParse(text, out bool flag)) { return JsonValue.Create(flag); }
        if (type == typeof(int) && TryInt(text, out int whole)) { return JsonValue.Create(whole); }
        if (type == typeof(float) && TryFloat(text, out float number)) { return JsonValue.Create(number); }
        if (type == typeof(IReadOnlyList<int>) && TryInts(text, out JsonArray list)) { return list; }
        if (type.IsEnum)
        {
            string[] names = [.. Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName)];
            return names.Contains(text)
                ? JsonValue.Create(text)
                : throw UnknownName.Error(Key(property), text, names);
        }
        string what = type == typeof(bool) ? "true or false"
            : type == typeof(int) ? "a whole number"
            : type == typeof(float) ? "a number"
            : "whole numbers separated by commas, such as 400,400";
        throw new UserErrorException($"{Key(property)}={text} is not allowed: {Key(property)} must be {what}.");
    }

    static bool TryInt(string text, out int value) =>
        int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out value);

    static bool TryFloat(string text, out float value) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && float.IsFinite(value);

    static bool TryInts(string text, out JsonArray list)
    {
        list = [];
        foreach (string part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!TryInt(part, out int value)) { return false; }
            list.Add(value);
        }
        return true;
    }
}
