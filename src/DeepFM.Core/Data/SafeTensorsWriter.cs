using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace DeepFM.Data;

/// <summary>Writes a safetensors file piece by piece; it appears under its name only when it is whole.</summary>
/// <remarks>Tensors are declared first, because the header precedes them, and are then written in that order.</remarks>
public sealed class SafeTensorsWriter : IDisposable
{
    const int PieceLength = 1 << 24;    // elements, whose bytes a span can count

    readonly BesideFile file;
    readonly HashingStream? hashing;
    readonly IReadOnlyList<TensorInfo> tensors;
    int current;
    bool isDisposed;
    long written;       // bytes of the current tensor

    /// <summary>Starts a file beside <paramref name="path"/> and writes its header.</summary>
    /// <param name="path">Where the file appears on <see cref="Commit"/>; its folder is made when there is none.</param>
    /// <param name="tensors">Every tensor to come, in order.</param>
    /// <param name="metadata">Texts to store under <c>__metadata__</c>.</param>
    /// <param name="leastHeaderBytes">Least length of the header; spaces fill it up.</param>
    /// <param name="takesDigest">Whether <see cref="Digest"/> is wanted.</param>
    public SafeTensorsWriter(string path, IReadOnlyList<TensorInfo> tensors,
        IReadOnlyDictionary<string, string>? metadata = null, int leastHeaderBytes = 0, bool takesDigest = false)
    {
        this.tensors = tensors;
        byte[] header = HeaderBytes(tensors, metadata, leastHeaderBytes);
        file = new(path);
        hashing = takesDigest ? new(file.Stream) : null;
        Put(header);
    }

    /// <summary>SHA-256 of what is written so far, as 64 hexadecimal digits; null when it was not asked for.</summary>
    public string? Digest => hashing?.Digest();

    /// <summary>What a file begins with: the header's length, the header, and spaces after it, which the format allows.</summary>
    /// <remarks>A multiple of 8 bytes, so that the data after it is aligned.</remarks>
    internal static byte[] HeaderBytes(IReadOnlyList<TensorInfo> tensors, IReadOnlyDictionary<string, string>? metadata, int least)
    {
        byte[] json = Header(tensors, metadata);
        int padded = (Math.Max(json.Length, least - 8) + 7) / 8 * 8;
        byte[] header = new byte[8 + padded];
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)padded);
        json.CopyTo(header.AsSpan(8));
        header.AsSpan(8 + json.Length).Fill((byte)' ');
        return header;
    }

    /// <summary>Writes the next elements of a tensor; a large tensor may come in several pieces.</summary>
    /// <exception cref="InvalidOperationException">Another tensor's turn, another type, or more than was declared.</exception>
    /// <exception cref="ObjectDisposedException">The writer was disposed of.</exception>
    public void Write<T>(string name, ReadOnlySpan<T> elements)
        where T : unmanaged
    {
        Advance();
        if (current < tensors.Count && tensors[current].Name == name && tensors[current].Type != TensorInfo.TypeOf<T>())
        {
            throw new InvalidOperationException(
                $"'{name}' was declared as {tensors[current].Type}, not {TensorInfo.TypeOf<T>()}.");
        }
        for (; elements.Length > PieceLength; elements = elements[PieceLength..])
        {
            WriteBytes(name, MemoryMarshal.AsBytes(elements[..PieceLength]));
        }
        WriteBytes(name, MemoryMarshal.AsBytes(elements));
    }

    /// <summary>Like <see cref="Write"/>, with elements that are bytes already.</summary>
    internal void WriteBytes(string name, ReadOnlySpan<byte> bytes)
    {
        Advance();
        if (bytes.IsEmpty) { return; }
        TensorInfo tensor = current < tensors.Count
            ? tensors[current]
            : throw new InvalidOperationException($"Tensor '{name}' was not declared: all declared ones are written.");
        if (tensor.Name != name) { throw new InvalidOperationException($"'{tensor.Name}' comes next, not '{name}'."); }
        if (written + bytes.Length > tensor.ByteCount)
        {
            throw new InvalidOperationException($"'{name}' was declared with {tensor.ByteCount} bytes; this is more.");
        }
        Put(bytes);
        written += bytes.Length;
    }

    /// <summary>Flushes the file to the disk and gives it its name.</summary>
    /// <exception cref="InvalidOperationException">A declared tensor is not whole.</exception>
    /// <exception cref="ObjectDisposedException">The writer was disposed of.</exception>
    public void Commit()
    {
        Advance();
        if (current < tensors.Count)
        {
            throw new InvalidOperationException(
                $"'{tensors[current].Name}' has {written} of {tensors[current].ByteCount} bytes.");
        }
        file.Commit();
    }

    /// <summary>Leaves nothing behind when <see cref="Commit"/> was not reached.</summary>
    public void Dispose()
    {
        isDisposed = true;
        file.Dispose();
    }

    void Put(ReadOnlySpan<byte> bytes) => ((Stream?)hashing ?? file.Stream).Write(bytes);

    void Advance()
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        while (current < tensors.Count && written == tensors[current].ByteCount)
        {
            current++;
            written = 0;
        }
    }

    static byte[] Header(IReadOnlyList<TensorInfo> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject("__metadata__");
                foreach ((string key, string text) in metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                {
                    json.WriteString(key, text);
                }
                json.WriteEndObject();
            }
            long end = 0;
            foreach (TensorInfo tensor in tensors)
            {
                json.WriteStartObject(tensor.Name);
                json.WriteString("dtype", tensor.Type.ToString());
                json.WriteStartArray("shape");
                foreach (long size in tensor.Shape) { json.WriteNumberValue(size); }
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(end);
                json.WriteNumberValue(end += tensor.ByteCount);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        return stream.ToArray();
    }
}
