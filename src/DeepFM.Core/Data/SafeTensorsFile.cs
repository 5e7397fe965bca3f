using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Text.Json;

namespace DeepFM.Data;

/// <summary>Named tensors in a safetensors file, mapped into memory and checked when opened.</summary>
/// <remarks>
/// The format: the header's length as 8 bytes little-endian, a JSON header
/// <c>{"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, "__metadata__": {…}}</c>, the raw tensors
/// without gaps. Python reads it with the package of that name, or with NumPy in five lines.
/// </remarks>
public sealed unsafe class SafeTensorsFile : IDisposable
{
    const long MaxHeaderBytes = 100_000_000;    // the limit of the reference implementation

    readonly MemoryMappedFile map;
    readonly MemoryMappedViewAccessor view;
    readonly Dictionary<string, TensorInfo> byName = [];
    readonly byte* data;
    readonly int headLength;
    readonly Lifetime lifetime;

    SafeTensorsFile(string path, MemoryMappedFile map, MemoryMappedViewAccessor view, long fileBytes)
    {
        (Path, this.map, this.view) = (path, map, view);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        start += view.PointerOffset;

        ulong headerBytes = BinaryPrimitives.ReadUInt64LittleEndian(new(start, 8));
        if (headerBytes > MaxHeaderBytes || (long)headerBytes > fileBytes - 8)
        {
            throw Wrong($"its header would be {headerBytes} bytes long, but the file has {fileBytes}");
        }
        headLength = 8 + (int)headerBytes;
        data = start + headLength;
        Metadata = ReadHeader(new ReadOnlySpan<byte>(start + 8, (int)headerBytes), fileBytes - 8 - (long)headerBytes);
        Tensors = [.. byName.Values.OrderBy(tensor => tensor.Offset)];
        RequireNoGaps(fileBytes - 8 - (long)headerBytes);
        lifetime = new(this, Unmap);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>All tensors, in file order.</summary>
    public IReadOnlyList<TensorInfo> Tensors { get; }

    /// <summary>The texts under <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Maps a file and checks its header: types, shapes, and that every tensor lies inside the file.</summary>
    /// <exception cref="UserErrorException">The file is missing, or is not a whole safetensors file.</exception>
    public static SafeTensorsFile Open(string path)
    {
        FileInfo info = new(path);
        if (!info.Exists) { throw new UserErrorException($"{path}: there is no such file."); }
        if (info.Length < 8)
        {
            throw new UserErrorException(
                $"{path}: not a safetensors file: it has {info.Length} bytes, at least 8 are needed.");
        }

        MemoryMappedFile map = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        MemoryMappedViewAccessor? view = null;
        try
        {
            view = map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
            return new(path, map, view, info.Length);
        }
        catch
        {
            if (view != null) { Release(view); }
            map.Dispose();
            throw;
        }
    }

    /// <summary>What stands before the tensors: the header's length, and the header.</summary>
    internal ReadOnlySpan<byte> Head => new(data - headLength, headLength);

    /// <summary>Whether there is a tensor of this name.</summary>
    public bool Contains(string name) => byName.ContainsKey(name);

    /// <summary>The tensor of this name.</summary>
    /// <exception cref="UserErrorException">There is none; the message lists those there are.</exception>
    public TensorInfo this[string name] => byName.TryGetValue(name, out TensorInfo? tensor)
        ? tensor
        : throw new UserErrorException(
            $"{Path}: there is no tensor '{name}'. The file has: {string.Join(", ", Tensors.Select(t => t.Name))}.");

    /// <summary>Copies a whole tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="into">Overwritten; as long as the tensor.</param>
    /// <exception cref="UserErrorException">The tensor is missing, of another type, or of another length.</exception>
    /// <exception cref="ObjectDisposedException">The file was disposed of.</exception>
    public void Read<T>(string name, Span<T> into)
        where T : unmanaged
    {
        using Lifetime.Call call = lifetime.Enter();
        TensorInfo tensor = this[name];
        RequireType<T>(tensor);
        if (tensor.ElementCount != into.Length)
        {
            throw new UserErrorException(
                $"{Path}: tensor '{name}' has shape [{string.Join(", ", tensor.Shape)}], but {into.Length} elements are expected.");
        }
        fixed (T* to = into) { Buffer.MemoryCopy(data + tensor.Offset, to, tensor.ByteCount, tensor.ByteCount); }
    }

    /// <summary>The tensor where it lies in the mapped file; valid until this object is disposed of.</summary>
    /// <exception cref="UserErrorException">The tensor is missing, of another type or shape, or not aligned.</exception>
    internal T* Map<T>(string name, params ReadOnlySpan<long> shape)
        where T : unmanaged
    {
        lifetime.Require();
        TensorInfo tensor = this[name];
        RequireType<T>(tensor);
        if (!shape.SequenceEqual([.. tensor.Shape]))
        {
            throw new UserErrorException($"{Path}: tensor '{name}' has shape [{string.Join(", ", tensor.Shape)}], "
                + $"but [{string.Join(", ", shape.ToArray())}] is expected.");
        }
        T* start = (T*)(data + tensor.Offset);
        return (nuint)start % (nuint)sizeof(T) == 0 ? start : throw Wrong($"tensor '{name}' is not aligned to {sizeof(T)} bytes");
    }

    /// <summary>Unmaps the file, once a read that is under way has ended; may come twice.</summary>
    public void Dispose() => lifetime.End();

    void Unmap()
    {
        Release(view);
        map.Dispose();
    }

    static void Release(MemoryMappedViewAccessor view)
    {
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
    }

    Dictionary<string, string> ReadHeader(ReadOnlySpan<byte> header, long dataBytes)
    {
        Dictionary<string, string> metadata = [];
        try
        {
            using JsonDocument json = JsonDocument.Parse(header.ToArray());
            foreach (JsonProperty entry in json.RootElement.EnumerateObject())
            {
                if (entry.Name == "__metadata__")
                {
                    foreach (JsonProperty text in entry.Value.EnumerateObject())
                    {
                        metadata[text.Name] = text.Value.GetString()!;
                    }
                    continue;
                }
                TensorInfo tensor = ReadTensor(entry, dataBytes);
                if (!byName.TryAdd(tensor.Name, tensor)) { throw Wrong($"tensor '{tensor.Name}' is there twice"); }
            }
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or KeyNotFoundException
            or FormatException or OverflowException)
        {
            throw Wrong($"its header cannot be read ({wrong.Message})");
        }
        return metadata;
    }

    TensorInfo ReadTensor(JsonProperty entry, long dataBytes)
    {
        string typeName = entry.Value.GetProperty("dtype").GetString() ?? "";
        if (!Enum.TryParse(typeName, out TensorType type) || !Enum.IsDefined(type))
        {
            throw Wrong(
                $"tensor '{entry.Name}' has the type {typeName}; {string.Join(", ", Enum.GetNames<TensorType>())} are read");
        }
        long[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
        long[] offsets = [.. entry.Value.GetProperty("data_offsets").EnumerateArray().Select(at => at.GetInt64())];
        if (offsets.Length != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] > dataBytes)
        {
            throw Wrong(
                $"tensor '{entry.Name}' lies at [{string.Join(", ", offsets)}), outside the {dataBytes} bytes of data");
        }
        TensorInfo tensor = new(entry.Name, type, shape) { Offset = offsets[0] };
        if (shape.Any(size => size < 0) || tensor.ByteCount != offsets[1] - offsets[0])
        {
            throw Wrong($"tensor '{entry.Name}' of type {type} and shape [{string.Join(", ", shape)}] "
                + $"cannot have {offsets[1] - offsets[0]} bytes");
        }
        return tensor;
    }

    void RequireNoGaps(long dataBytes)
    {
        long end = 0;
        foreach (TensorInfo tensor in Tensors)
        {
            if (tensor.Offset != end)
            {
                throw Wrong($"tensor '{tensor.Name}' starts at {tensor.Offset}, but the one before ends at {end}");
            }
            end += tensor.ByteCount;
        }
        if (end != dataBytes) { throw Wrong($"its tensors end at {end}, but it has {dataBytes} bytes of data"); }
    }

    void RequireType<T>(TensorInfo tensor)
    {
        if (TensorInfo.TypeOf<T>() != tensor.Type)
        {
            throw new UserErrorException(
                $"{Path}: tensor '{tensor.Name}' has the type {tensor.Type}, but {TensorInfo.TypeOf<T>()} is expected.");
        }
    }

    UserErrorException Wrong(string what) =>
        new($"{Path}: not a whole safetensors file: {what}. Write it again, or copy it again from where it came.");
}
