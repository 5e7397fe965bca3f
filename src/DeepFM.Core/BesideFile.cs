namespace DeepFM;

/// <summary>A file that is written beside its place: it appears there whole on <see cref="Commit"/>, or not at all.</summary>
sealed class BesideFile : IDisposable
{
    readonly string path;
    readonly string beside;
    bool isCommitted;

    /// <summary>Starts the file; what stands at <paramref name="path"/> stays as it is.</summary>
    public BesideFile(string path)
    {
        this.path = path;
        beside = AtomicFile.BesideOf(path);
        Stream = new(beside, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
    }

    /// <summary>Takes what the file is to hold.</summary>
    public FileStream Stream { get; }

    /// <summary>Flushes the file to the disk and gives it its name.</summary>
    public void Commit()
    {
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
        File.Move(beside, path, overwrite: true);
        isCommitted = true;
    }

    /// <summary>Leaves nothing behind when <see cref="Commit"/> was not reached.</summary>
    public void Dispose()
    {
        try { Stream.Dispose(); }           // on a full disk it fails to write what it still holds
        finally
        {
            if (!isCommitted) { File.Delete(beside); }
        }
    }
}
