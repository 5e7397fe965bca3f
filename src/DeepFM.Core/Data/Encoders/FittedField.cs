using System.Text.Json;
using DeepFM.Data.Reading;

namespace DeepFM.Data.Encoders;

/// <summary>What a file says of a fitted field: its lists, which may be long, as they are used, and the rest as JSON.</summary>
sealed class FittedField
{
    readonly Dictionary<string, JsonElement> others = [];
    readonly Dictionary<string, long[]> longs = [];

    /// <summary>The texts that have an id of their own.</summary>
    public Utf8Table Values { get => field ?? throw Missing("values"); private set; }

    /// <summary>The bounds between ranges.</summary>
    public double[] Bounds { get => field ?? throw Missing("bounds"); private set; }

    /// <summary>A property that is no list.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public JsonElement this[string name] => others.TryGetValue(name, out JsonElement value) ? value : throw Missing(name);

    /// <summary>A number.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    /// <exception cref="FormatException">It is too large.</exception>
    public double Number(string name) => JsonStream.Finite(this[name].GetDouble());

    /// <summary>A list of whole numbers.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public long[] Longs(string name) => longs.TryGetValue(name, out long[]? numbers) ? numbers : throw Missing(name);

    /// <summary>Reads the object that has begun.</summary>
    public static FittedField Read(ref JsonStream json)
    {
        json.Require(JsonTokenType.StartObject);
        FittedField field = new();
        while (json.ReadWithin())
        {
            string name = json.Text;
            switch (name)
            {
                case "counts" or "keys": field.longs[name] = ReadLongs(ref json); break;
                case "bounds": field.Bounds = ReadDoubles(ref json); break;
                case "values": field.Values = ReadTexts(ref json); break;
                default: field.others[name] = json.ReadValue(); break;
            }
        }
        return field;
    }

    static long[] ReadLongs(ref JsonStream json)
    {
        List<long> numbers = [];
        json.Read(JsonTokenType.StartArray);
        while (json.ReadWithin()) { numbers.Add(json.Long); }
        return [.. numbers];
    }

    static double[] ReadDoubles(ref JsonStream json)
    {
        List<double> numbers = [];
        json.Read(JsonTokenType.StartArray);
        while (json.ReadWithin()) { numbers.Add(json.Double); }
        return [.. numbers];
    }

    static Utf8Table ReadTexts(ref JsonStream json)
    {
        Utf8Table texts = new();
        json.Read(JsonTokenType.StartArray);
        while (json.ReadWithin()) { json.AddTextTo(texts); }
        return texts;
    }

    internal static KeyNotFoundException Missing(string name) => new($"'{name}' is missing");
}
