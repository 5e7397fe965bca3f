using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace DeepFM.Notebooks.Jupyter;

/// <summary>Turns messages into frames and back: signs, checks, and refuses what has been seen before.</summary>
/// <remarks>
/// Jupyter messaging protocol 5.3, "The wire protocol": identities, the delimiter, the signature, then header, parent header,
/// metadata and content as JSON, then buffers. The signature is HMAC-SHA256 over the four JSON parts, in lower-case hex.
/// </remarks>
sealed class MessageCodec(string key)
{
    /// <summary>The version of the protocol that is spoken.</summary>
    public const string ProtocolVersion = "5.3";

    /// <summary>The most bytes that a header or a parent header may have; metadata and content may fill a message.</summary>
    public const int HeaderLimitBytes = 64 * 1024;

    /// <summary>The most frames that a message may have.</summary>
    public const int FrameLimit = 64;

    const int JsonParts = 4;
    static readonly byte[] emptyObject = "{}"u8.ToArray();
    static readonly JsonWriterOptions writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    readonly byte[] key = Encoding.UTF8.GetBytes(key);
    readonly ReplayGuard seen = new(capacity: 65_536);
    readonly string session = Guid.NewGuid().ToString("N");
    long messageCount;

    /// <summary>What stands between the identities and the message.</summary>
    public static ReadOnlySpan<byte> Delimiter => "<IDS|MSG>"u8;

    /// <summary>Reads a message; returns null and says why when it must be dropped. Never throws.</summary>
    public JupyterMessage? Read(KernelChannel channel, IReadOnlyList<byte[]> frames, out string reason)
    {
        int at = 0;
        while (at < frames.Count && !frames[at].AsSpan().SequenceEqual(Delimiter)) { at++; }
        if (at + 1 + JsonParts >= frames.Count || frames.Count > FrameLimit)
        {
            reason = $"{frames.Count} frames with the delimiter at {at} are no message";
            return null;
        }
        byte[][] parts = [.. frames.Skip(at + 2).Take(JsonParts)];
        if (parts[..2].Any(part => part.Length > HeaderLimitBytes))
        {
            reason = $"a header has more than {HeaderLimitBytes} bytes";
            return null;
        }
        byte[] expected = key.Length > 0 ? Sign(parts) : [];
        if (key.Length > 0 && !CryptographicOperations.FixedTimeEquals(expected, frames[at + 1]))
        {
            reason = "the signature is wrong";
            return null;
        }
        reason = "";
        try
        {
            JsonElement[] json = [.. parts.Select(Parse)];
            MessageHeader header = new(Text(json[0], "msg_id"), Text(json[0], "msg_type"), parts[0]);
            // Last: parts that were cut elsewhere have the same signature, and are no message.
            if (key.Length > 0 && !seen.Add(expected))
            {
                reason = "its signature has been used before";
                return null;
            }
            return new(channel, [.. frames.Take(at)], header, json[3]);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or FormatException)
        {
            reason = wrong.Message;
            return null;
        }
    }

    /// <summary>The frames of a message.</summary>
    /// <param name="identities">Whom it goes to; on iopub the topic.</param>
    /// <param name="type">Its type.</param>
    /// <param name="parent">The request that it answers; null when there is none.</param>
    /// <param name="content">Its content.</param>
    /// <param name="metadata">Its metadata; null is the empty object.</param>
    public byte[][] Write(
        IReadOnlyList<byte[]> identities, string type, MessageHeader? parent, JsonObject content, JsonObject? metadata = null)
    {
        long number = Interlocked.Increment(ref messageCount);
        JsonObject header = new()
        {
            ["msg_id"] = string.Create(CultureInfo.InvariantCulture, $"{session}_{number}"),
            ["session"] = session,
            ["username"] = "kernel",
            ["date"] = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
            ["msg_type"] = type,
            ["version"] = ProtocolVersion,
        };
        byte[][] parts = [Bytes(header), parent?.Raw ?? emptyObject, metadata is null ? emptyObject : Bytes(metadata), Bytes(content)];
        return [.. identities, Delimiter.ToArray(), key.Length > 0 ? Sign(parts) : [], .. parts];
    }

    byte[] Sign(byte[][] parts)
    {
        using IncrementalHash hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        foreach (byte[] part in parts) { hash.AppendData(part); }
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        hash.GetHashAndReset(mac);
        return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(mac));
    }

    static byte[] Bytes(JsonObject json)
    {
        ArrayBufferWriter<byte> buffer = new(256);
        using (Utf8JsonWriter writer = new(buffer, writing)) { json.WriteTo(writer); }
        return buffer.WrittenSpan.ToArray();
    }

    static JsonElement Parse(byte[] part)
    {
        if (!Utf8.IsValid(part)) { throw new FormatException("a part is no UTF-8"); }
        using JsonDocument document = JsonDocument.Parse(part);
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? document.RootElement.Clone()
            : throw new FormatException($"a part is {document.RootElement.ValueKind}, not an object");
    }

    static string Text(JsonElement header, string name) =>
        header.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()!
            : throw new FormatException($"the header has no {name}");
}
