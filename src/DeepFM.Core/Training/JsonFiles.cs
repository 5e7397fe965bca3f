using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace DeepFM.Training;

/// <summary>Reads and writes the kit's settings and reports.</summary>
public static class JsonFiles
{
    /// <summary>
    /// Names and enum values in camelCase, indented. A member that the type does not have is an error, and so is null, or nothing, where
    /// the type wants a value, and a number that is not finite.
    /// </summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters =
        {
            new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false),
            new FiniteConverter<float>((ref reader) => reader.GetSingle(), (writer, value) => writer.WriteNumberValue(value)),
            new FiniteConverter<double>((ref reader) => reader.GetDouble(), (writer, value) => writer.WriteNumberValue(value)),
        },
        RespectNullableAnnotations = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { RequireParameters } },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,  // files, not web pages: "LR & DNN" stays readable
        WriteIndented = true,
    };

    /// <summary>The value as indented JSON.</summary>
    public static string ToJson<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>Writes a value, whole or not at all.</summary>
    public static void Write<T>(string path, T value) => WriteText(path, ToJson(value) + "\n");

    /// <summary>Writes a text, whole or not at all.</summary>
    public static void WriteText(string path, string text) =>
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>Reads a value.</summary>
    /// <exception cref="UserErrorException">The file is missing or does not hold such a value.</exception>
    public static T Read<T>(string path)
    {
        string text = Text(path);
        JsonText.Parse(text, path, allowsNullItems: false).Dispose();
        try
        {
            return JsonSerializer.Deserialize<T>(text, Options)
                ?? throw new UserErrorException($"{path} holds null in place of an object.");
        }
        catch (JsonException wrong)
        {
            throw JsonText.Error(path, wrong);
        }
        catch (ArgumentException wrong)
        {
            throw new UserErrorException($"{path}: {wrong.Message.Split(" (Parameter")[0]}", wrong);
        }
    }

    static string Text(string path)
    {
        try { return File.ReadAllText(path); }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserErrorException($"{path}: there is no such file.", missing);
        }
    }

    // A parameter that the file does not give would be null or 0. What may be null is not written when it is, and so is not missed.
    static void RequireParameters(JsonTypeInfo type)
    {
        foreach (JsonPropertyInfo property in type.Properties)
        {
            bool isGivenAlways = property.IsRequired || property.AssociatedParameter is { HasDefaultValue: false };
            property.IsRequired = isGivenAlways && !property.IsSetNullable && property.AssociatedParameter is not { IsNullable: true };
        }
    }

    delegate T ReadNumber<T>(ref Utf8JsonReader reader);

    /// <summary>A number such as 1e400 is written as one, and read as infinity.</summary>
    sealed class FiniteConverter<T>(ReadNumber<T> read, Action<Utf8JsonWriter, T> write) : JsonConverter<T>
        where T : INumberBase<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Number && read(ref reader) is { } value && T.IsFinite(value)
                ? value
                : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => write(writer, value);
    }
}
