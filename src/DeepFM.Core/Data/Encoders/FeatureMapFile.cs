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

    /// <summary>Passes a long list on as it is written, so that no list need fit into memory.</summary>
    public static void FlushWhenLong(Utf8JsonWriter json)
    {
        if (json.BytesPending > 1 << 20) { json.Flush(); }
    }

    public static FeatureMap Read(string path, out string digest)
    {
        if (!File.Exists(path)) { throw new UserErrorException($"{path}: there is no such file. A model folder has one."); }
        try
        {
            using FileStream stream = File.OpenRead(path);
            using HashingStream hashing = new(stream);
            FeatureMap features = Read(hashing, path);
            digest = hashing.DigestOfAll();
            return features;
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException or OverflowException or ArgumentException)
        {
            throw Wrong(path, (wrong is JsonException json ? JsonText.MessageOf(json) : wrong.Message).TrimEnd('.'), wrong);
        }
    }

    static FeatureMap Read(Stream stream, string path)
    {
        (Dictionary<string, JsonElement> others, List<FittedField> fields) = ReadParts(stream);
        JsonElement Part(string name) => others.TryGetValue(name, out JsonElement value) ? value : throw FittedField.Missing(name);
        string? format = Part("format").GetString();
        if (format is not (Format or OldFormat))
        {
            throw Wrong(path, $"its format is '{format}', but this version reads '{Format}' and '{OldFormat}'");
        }
        string schemaText = Part("schema").GetRawText();
        Schema schema = Schema.Parse(format == OldFormat ? WithOldDefaults(schemaText) : schemaText, path);
        if (fields.Count != schema.Fields.Count)
        {
            throw Wrong(path, $"it has {fields.Count} fields, but its schema {schema.Fields.Count}");
        }

        List<FieldEncoder> encoders = [];
        int firstId = 0;
        for (int f = 0; f < fields.Count; f++)
        {
            FieldEncoder encoder = EncoderFactory.Read(schema, schema.Fields[f], firstId, fields[f]);
            EncodedField written = encoder.Field with
            {
                Name = fields[f]["name"].GetString()!,
                FirstId = fields[f]["firstId"].GetInt32(),
                IdCount = fields[f]["idCount"].GetInt32(),
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
        return new(schema, encoders, Part("trainingRows").GetInt64(), Part("trainingPositives").GetInt64());
    }

    static (Dictionary<string, JsonElement> Others, List<FittedField> Fields) ReadParts(Stream stream)
    {
        Dictionary<string, JsonElement> others = [];
        List<FittedField>? fields = null;
        JsonStream json = new(stream);
        json.Read(JsonTokenType.StartObject);
        while (json.ReadWithin())
        {
            string name = json.Text;
            if (name != "fields")
            {
                others[name] = json.ReadValue();
                continue;
            }
            fields = [];
            json.Read(JsonTokenType.StartArray);
            while (json.ReadWithin()) { fields.Add(FittedField.Read(ref json)); }
        }
        json.Read();                                        // nothing may follow
        return (others, fields ?? throw FittedField.Missing("fields"));
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
