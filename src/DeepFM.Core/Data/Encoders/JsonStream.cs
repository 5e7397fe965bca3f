using System.Text.Json;
using DeepFM.Data.Reading;

namespace DeepFM.Data.Encoders;

/// <summary>Reads JSON of any length token by token: one buffer is in memory, as long as the longest token.</summary>
ref struct JsonStream(Stream stream)
{
    byte[] buffer = new byte[1 << 16], text = new byte[256];
    int length;
    Utf8JsonReader reader = new(ReadOnlySpan<byte>.Empty, isFinalBlock: false, state: default);

    /// <summary>Goes on to the next token; false at the end of the text.</summary>
    /// <exception cref="JsonException">The text is not JSON, or ends too early.</exception>
    public bool Read()
    {
        while (!reader.Read())
        {
            if (reader.IsFinalBlock) { return false; }
            Refill();
        }
        return true;
    }

    /// <summary>Goes on to the next token of a list or an object; false at its end.</summary>
    public bool ReadWithin() => Read() && reader.TokenType is not (JsonTokenType.EndArray or JsonTokenType.EndObject);

    /// <summary>Goes on to the next token, which must be this one.</summary>
    /// <exception cref="JsonException">It is another one.</exception>
    public void Read(JsonTokenType expected)
    {
        Read();
        Require(expected);
    }

    /// <summary>The token must be this one.</summary>
    /// <exception cref="JsonException">It is another one.</exception>
    public readonly void Require(JsonTokenType expected)
    {
        if (reader.TokenType != expected) { throw new JsonException($"'{reader.TokenType}' stands where '{expected}' should"); }
    }

    /// <summary>The text of the token.</summary>
    public readonly string Text => reader.GetString()!;

    /// <summary>The whole number of the token.</summary>
    public readonly long Long => reader.GetInt64();

    /// <summary>The number of the token.</summary>
    public readonly double Double => Finite(reader.GetDouble());

    /// <summary>The number, or that it is none: 1e400 is written as a number, and read as infinity.</summary>
    public static double Finite(double number) =>
        double.IsFinite(number) ? number : throw new FormatException("a number is too large");

    /// <summary>Adds the text of the token to a table.</summary>
    public void AddTextTo(Utf8Table table)
    {
        if (text.Length < reader.ValueSpan.Length) { text = new byte[2 * reader.ValueSpan.Length]; }
        table.GetOrAdd(text.AsSpan(0, reader.CopyString(text)));
    }

    /// <summary>The value that comes next, as a whole.</summary>
    public JsonElement ReadValue()
    {
        JsonDocument? value;
        while (!JsonDocument.TryParseValue(ref reader, out value))
        {
            if (reader.IsFinalBlock) { throw new JsonException("it ends within a value"); }
            Refill();
        }
        using (value) { return value.RootElement.Clone(); }
    }

    void Refill()
    {
        int consumed = (int)reader.BytesConsumed, left = length - consumed;
        if (left == buffer.Length) { Array.Resize(ref buffer, checked(2 * left)); }
        else { buffer.AsSpan(consumed, left).CopyTo(buffer); }
        int read = stream.Read(buffer, left, buffer.Length - left);
        length = left + read;
        reader = new(buffer.AsSpan(0, length), isFinalBlock: read == 0, reader.CurrentState);
    }
}
