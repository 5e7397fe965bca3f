using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace DeepFM.Data;

/// <summary>Writes an encoded data set of any size as its rows come, in bounded memory.</summary>
/// <remarks>
/// A safetensors file keeps each tensor in one piece. The first one grows in the file itself, behind room for a header that
/// is written last, and goes to the disk while the next rows are encoded; the others, which are small where there are no
/// bags, grow in files of their own and are joined to it by <see cref="Commit"/>.
/// </remarks>
sealed unsafe class EncodedDataWriter : IDisposable
{
    /// <summary>Bytes that are written between two flushes, by default.</summary>
    public const long UsualBytesToFlush = 64 << 20;

    readonly long bytesToFlush;
    readonly IReadOnlyList<EncodedField> fields;
    readonly int headerBytes;
    readonly BesideFile file;
    readonly Dictionary<string, FileStream> pieces;     // the first is the file's own
    long rows, bagEntries, unflushed;
    Task flush = Task.CompletedTask;

    public EncodedDataWriter(string path, IReadOnlyList<EncodedField> fields, long bytesToFlush = UsualBytesToFlush)
    {
        this.bytesToFlush = bytesToFlush;
        this.fields = fields;
        headerBytes = EncodedData.LongestHeader(fields);
        IReadOnlyList<TensorInfo> tensors = EncodedData.TensorsOf(fields, 0, 0);
        file = new(path);
        try
        {
            file.Stream.Position = headerBytes;
            pieces = tensors.ToDictionary(tensor => tensor.Name,
                tensor => tensor == tensors[0] ? file.Stream : Unfinished.CreateNameless(path));
            if (pieces.TryGetValue("bag.starts", out FileStream? starts)) { starts.Write(stackalloc byte[8]); }
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <exception cref="UserErrorException">There would be more rows than an encoded data set can number.</exception>
    public void Append(EncodedDataBuilder data)
    {
        rows += data.RowCount;
        if (rows > EncodedCheck.MaxRowCount) { throw EncodedDataBuilder.TooManyRows(); }
        Write("ids", data.Ids);
        Write("labels", data.Labels);
        Write("values", data.Values);
        if (pieces.TryGetValue("bag.starts", out FileStream? starts))
        {
            for (long row = 0; row < data.BagLengths.Count; row++)
            {
                bagEntries += data.BagLengths[row];
                starts.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in bagEntries)));
            }
            Write("bag.ids", data.BagIds);
            Write("bag.weights", data.BagWeights);
        }
        FlushNowAndThen();
    }

    /// <summary>Makes the file.</summary>
    public void Commit()
    {
        IReadOnlyList<TensorInfo> tensors = EncodedData.TensorsOf(fields, rows, bagEntries);
        byte[] buffer = new byte[1 << 20];
        foreach (TensorInfo tensor in tensors.Skip(1))
        {
            FileStream piece = pieces[tensor.Name];
            piece.Position = 0;
            for (int read; (read = piece.Read(buffer)) > 0;) { file.Stream.Write(buffer, 0, read); }
        }
        file.Stream.Position = 0;
        file.Stream.Write(SafeTensorsWriter.HeaderBytes(tensors, EncodedData.MetadataOf(fields), headerBytes));
        flush.GetAwaiter().GetResult();
        file.Commit();
    }

    public void Dispose()
    {
        try { flush.GetAwaiter().GetResult(); }
        catch (IOException) { }                         // what was written is deleted
        finally
        {
            try { file.Dispose(); }
            finally
            {
                foreach (FileStream piece in pieces.Values.Where(piece => piece != file.Stream)) { piece.Dispose(); }
            }
        }
    }

    // The disk works while rows are encoded, so that little is left for the end.
    void FlushNowAndThen()
    {
        if (unflushed < bytesToFlush || !flush.IsCompleted) { return; }
        flush.GetAwaiter().GetResult();                 // throws what went wrong
        unflushed = 0;
        // Asking for the handle empties the stream's buffer, which none but this thread may do.
        SafeFileHandle handle = file.Stream.SafeFileHandle;
        flush = Task.Run(() => RandomAccess.FlushToDisk(handle));
    }

    void Write<T>(string name, NativeList<T> items)
        where T : unmanaged
    {
        items.ForEachPiece(span => pieces[name].Write(MemoryMarshal.AsBytes(span)));
        unflushed += items.Count * sizeof(T);
    }
}
