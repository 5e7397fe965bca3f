using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DeepFM.Data.Encoders;

/// <summary>The JSON form of a feature map: the schema, then what each field was fitted to.</summary>
static class FeatureMapFile
{
    const string Format = "deepfm-features-2", OldFormat = "deepfm-features-1";

    public static void Write(FeatureMap features, Stream stream)
    {
        using Utf8JsonWriter json = new(stream, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WritePropertyName("schema");
        json.WriteRawValue(features.Schema.Json);
        json.WriteNumber("trainingRows", features.TrainingRowCount);
        json.WriteNumber("trainingPositives", features.TrainingPositiveCount);
        json.WriteStartArray("fields");
        foreach (FieldEncoder encoder in features.Encoders)
        {
            json.WriteStartObject();
            json.WriteString("name", encoder.Field.Name);
            json.WriteNumber("firstId", encoder.Field.FirstId);
            json.WriteNumber("idCount", encoder.Field.IdCount);
            encoder.Write(json);
            json.WriteEndObject();
            json.Flush();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static FeatureMap Read(string path, out string digest)
    {
        if (!File.Exists(path)) { throw new UserErrorException($"{path}: there is no such file. A model folder has one."); }
        try
        {
            using FileStream stream = File.OpenRead(path);
            using HashingStream hashing = new(stream);
            using JsonDocument json = JsonDocument.Parse(hashing);
            digest = hashing.DigestOfAll();
            return Read(json.RootElement, path);
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException or OverflowException or ArgumentException)
        {
            throw Wrong(path, (wrong is JsonException json ? JsonText.MessageOf(json) : wrong.Message).TrimEnd('.'), wrong);
        }
    }

    static FeatureMap Read(JsonElement json, string path)
    {
        string? format = json.GetProperty("format").GetString();
        if (format is not (Format or OldFormat))
        {
            throw Wrong(path, $"its format is '{format}', but this version reads '{Format}' and '{OldFormat}'");
        }
        string schemaText = json.GetProperty("schema").GetRawText();
        Schema schema = Schema.Parse(format == OldFormat ? WithOldDefaults(schemaText) : schemaText, path);
        JsonElement[] fields = [.. json.GetProperty("fields").EnumerateArray()];
        if (fields.Length != schema.Fields.Count)
        {
            throw Wrong(path, $"it has {fields.Length} fields, but its schema {schema.Fields.Count}");
        }

        List<FieldEncoder> encoders = [];
        int firstId = 0;
        for (int f = 0; f < fields.Length; f++)
        {
            FieldEncoder encoder = EncoderFactory.Read(schema, schema.Fields[f], firstId, fields[f]);
            EncodedField written = encoder.Field with
            {
                Name = fields[f].GetProperty("name").GetString()!,
                FirstId = fields[f].GetProperty("firstId").GetInt32(),
                IdCount = fields[f].GetProperty("idCount").GetInt32(),
            };
            if (encoder.Field != written)
            {
                throw Wrong(path,
                    $"field {f} is written as '{written.Name}' with ids [{written.FirstId}, {written.FirstId + written.IdCount}), "
                    + $"but its values make it '{encoder.Field.Name}' with [{firstId}, {firstId + encoder.Field.IdCount})");
            }
            encoders.Add(encoder);
            firstId = checked(firstId + encoder.Field.IdCount);
        }
        return new(schema, encoders, json.GetProperty("trainingRows").GetInt64(), json.GetProperty("trainingPositives").GetInt64());
    }

    /// <summary>A schema of the old format with what it left unsaid: pairs made a mean then, and were no features of their own.</summary>
    static string WithOldDefaults(string schema)
    {
        JsonNode root = JsonNode.Parse(schema)!;
        foreach (JsonObject field in (root["fields"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (field["kind"]?.ToString() != "multiValued") { continue; }
            field["pooling"] ??= "mean";
            field["pairsWithin"] ??= false;
        }
        return root.ToJsonString();
    }

    static UserErrorException Wrong(string path, string what, Exception? inner = null)
    {
        string message = $"{path}: this is not a whole feature map: {what}. Train the model again, or copy its folder again.";
        return inner is null ? new(message) : new(message, inner);
    }
}
