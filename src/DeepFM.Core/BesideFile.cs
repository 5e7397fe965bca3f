namespace DeepFM;

/// <summary>A file that is written beside its place: it appears there whole on <see cref="Commit"/>, or not at all.</summary>
/// <remarks>
/// A link is followed. A pipe or a device (<c>/dev/stdout</c>) is written straight: it must not be replaced by a file.
/// </remarks>
sealed class BesideFile : IDisposable
{
    readonly string path;
    readonly string? beside;            // null when written straight
    bool isCommitted;

    /// <summary>Starts the file; what stands at <paramref name="path"/> stays as it is.</summary>
    public BesideFile(string path)
    {
        this.path = AtomicFile.Followed(path).FullName;
        if (AtomicFile.IsStream(path))
        {
            Stream = new(this.path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, 1 << 16);
            return;
        }
        Unfinished.SweepBeside(this.path);
        Stream = Unfinished.Create(this.path, FileAccess.Write, out beside);
    }

    /// <summary>Takes what the file is to hold.</summary>
    public FileStream Stream { get; }

    /// <summary>Flushes the file to the disk and gives it its name.</summary>
    public void Commit()
    {
        Stream.Flush(flushToDisk: true);
        // Renamed while it is locked, so that no sweep takes it; there are systems where an open file cannot be renamed.
        if (OperatingSystem.IsWindows()) { Stream.Dispose(); }
        if (beside is not null) { File.Move(beside, path, overwrite: true); }
        isCommitted = true;
        Stream.Dispose();
    }

    /// <summary>Leaves nothing behind when <see cref="Commit"/> was not reached.</summary>
    public void Dispose()
    {
        try { Stream.Dispose(); }           // on a full disk it fails to write what it still holds
        finally
        {
            if (!isCommitted && beside is not null) { File.Delete(beside); }
        }
    }
}
