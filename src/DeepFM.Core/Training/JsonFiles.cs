using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DeepFM.Training;

/// <summary>Reads and writes the kit's settings and reports.</summary>
public static class JsonFiles
{
    /// <summary>Names and enum values in camelCase, indented; a member that the type does not have is an error.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
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
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(path), Options)
                ?? throw new UserErrorException($"{path} holds null in place of an object.");
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserErrorException($"{path}: there is no such file.", missing);
        }
        catch (JsonException wrong)
        {
            string line = wrong.LineNumber is { } before ? $", line {before + 1}" : "";
            string place = wrong.Path?.TrimStart('$', '.') is { Length: > 0 } found ? $", {found}" : "";
            throw new UserErrorException($"{path}{line}{place}: {JsonFault.Of(wrong)}", wrong);
        }
        catch (ArgumentException wrong)
        {
            throw new UserErrorException($"{path}: {wrong.Message.Split(" (Parameter")[0]}", wrong);
        }
    }
}
