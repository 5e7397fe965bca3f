namespace DeepFM.Data;

/// <summary>Takes encoded rows and becomes a data set.</summary>
interface IEncodedSink : IDisposable
{
    void Append(EncodedDataBuilder rows);

    EncodedData Finish();
}

/// <summary>Keeps the rows in memory.</summary>
sealed class MemorySink : IEncodedSink
{
    readonly EncodedDataBuilder all;

    /// <summary>Makes room for what will come, as far as it is known.</summary>
    public MemorySink(IReadOnlyList<EncodedField> fields, long rows, long bagEntries)
    {
        all = new(fields);
        all.Reserve(rows, bagEntries);
    }

    public void Append(EncodedDataBuilder rows) => all.Append(rows);

    public EncodedData Finish() => all.Build();

    public void Dispose() => all.Dispose();
}

/// <summary>Writes the rows to a file, which is then mapped.</summary>
sealed class FileSink(string path, IReadOnlyList<EncodedField> fields) : IEncodedSink
{
    readonly EncodedDataWriter writer = new(path, fields);

    public void Append(EncodedDataBuilder rows) => writer.Append(rows);

    public EncodedData Finish()
    {
        writer.Commit();
        // Who cuts a file that is mapped ends the process at its next read, so none that obeys permissions can.
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }
        return EncodedData.Map(path, check: false);
    }

    public void Dispose() => writer.Dispose();
}
