using System.Runtime.InteropServices;

namespace DeepFM.Data;

/// <summary>Writes an encoded data set of any size as its rows come, in bounded memory.</summary>
/// <remarks>
/// A safetensors file needs the row count first and keeps each tensor in one piece, so each is written to a file of its own
/// beside the target; <see cref="Commit"/> joins them.
/// </remarks>
sealed unsafe class EncodedDataWriter : IDisposable
{
    readonly string path;
    readonly IReadOnlyList<EncodedField> fields;
    readonly Dictionary<string, FileStream> pieces;
    long rows, bagEntries;

    public EncodedDataWriter(string path, IReadOnlyList<EncodedField> fields)
    {
        (this.path, this.fields) = (path, fields);
        pieces = EncodedData.TensorsOf(fields, 0, 0).ToDictionary(tensor => tensor.Name, _ => new FileStream(
            AtomicFile.BesideOf(path), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose));
        if (pieces.TryGetValue("bag.starts", out FileStream? starts)) { starts.Write(stackalloc byte[8]); }
    }

    /// <exception cref="UserErrorException">There would be more rows than an encoded data set can number.</exception>
    public void Append(EncodedDataBuilder data)
    {
        rows += data.RowCount;
        if (rows > int.MaxValue) { throw EncodedDataBuilder.TooManyRows(); }
        Write("labels", data.Labels);
        Write("ids", data.Ids);
        Write("values", data.Values);
        if (!pieces.TryGetValue("bag.starts", out FileStream? starts)) { return; }
        for (long row = 0; row < data.BagLengths.Count; row++)
        {
            bagEntries += data.BagLengths[row];
            starts.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in bagEntries)));
        }
        Write("bag.ids", data.BagIds);
        Write("bag.weights", data.BagWeights);
    }

    /// <summary>Makes the file.</summary>
    public void Commit()
    {
        IReadOnlyList<TensorInfo> tensors = EncodedData.TensorsOf(fields, rows, bagEntries);
        using SafeTensorsWriter writer = new(path, tensors, EncodedData.MetadataOf(fields));
        byte[] buffer = new byte[1 << 20];
        foreach (TensorInfo tensor in tensors)
        {
            FileStream piece = pieces[tensor.Name];
            piece.Position = 0;
            for (int read; (read = piece.Read(buffer)) > 0;) { writer.WriteBytes(tensor.Name, buffer.AsSpan(0, read)); }
        }
        writer.Commit();
    }

    public void Dispose()
    {
        foreach (FileStream piece in pieces.Values) { piece.Dispose(); }
    }

    void Write<T>(string name, NativeList<T> items)
        where T : unmanaged =>
        items.ForEachPiece(span => pieces[name].Write(MemoryMarshal.AsBytes(span)));
}
