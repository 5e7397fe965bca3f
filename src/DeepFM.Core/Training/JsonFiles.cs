using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DeepFM.Training;

/// <summary>Reads and writes the kit's own JSON files, whole or not at all.</summary>
static class JsonFiles
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

    /// <summary>Writes a value; a reader sees the old file or the new one, never a part.</summary>
    public static void Write<T>(string path, T value) => WriteText(path, JsonSerializer.Serialize(value, Options) + "\n");

    /// <summary>Writes a text; a reader sees the old file or the new one, never a part.</summary>
    public static void WriteText(string path, string text)
    {
        string beside = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            using (FileStream file = new(beside, FileMode.Create))
            {
                using (StreamWriter writer = new(file, leaveOpen: true)) { writer.Write(text); }
                file.Flush(flushToDisk: true);
            }
            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }

    /// <summary>Reads a value.</summary>
    /// <exception cref="UserErrorException">The file is missing or does not hold such a value.</exception>
    public static T Read<T>(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (IOException missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserErrorException($"{path}: no such file.", missing);
        }
        try
        {
            return JsonSerializer.Deserialize<T>(text, Options)
                ?? throw new UserErrorException($"{path} holds null in place of an object.");
        }
        catch (Exception wrong) when (wrong is JsonException or ArgumentException)
        {
            throw new UserErrorException($"{path}: {wrong.Message.Split(" (Parameter")[0]}", wrong);
        }
    }
}
