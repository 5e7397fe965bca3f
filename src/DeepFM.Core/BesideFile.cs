namespace DeepFM;

/// <summary>A file that is written beside its place: it appears there whole on <see cref="Commit"/>, or not at all.</summary>
/// <remarks>
/// A link is followed. What is there and holds nothing is written straight: an empty file has nothing to lose, and a pipe or a device
/// (<c>/dev/stdout</c>) must not be replaced by a file.
/// </remarks>
sealed class BesideFile : IDisposable
{
    readonly string path;
    readonly string? beside;            // null when written straight
    bool isCommitted;

    /// <summary>Starts the file; what stands at <paramref name="path"/> stays as it is.</summary>
    public BesideFile(string path)
    {
        FileInfo there = AtomicFile.Followed(path);
        this.path = there.FullName;
        if (AtomicFile.HoldsNothing(there))
        {
            Stream = new(this.path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, 1 << 16);
            return;
        }
        beside = AtomicFile.BesideOf(this.path);
        Stream = new(beside, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
    }

    /// <summary>Takes what the file is to hold.</summary>
    public FileStream Stream { get; }

    /// <summary>Flushes the file to the disk and gives it its name.</summary>
    public void Commit()
    {
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
        if (beside is not null) { File.Move(beside, path, overwrite: true); }
        isCommitted = true;
    }

    /// <summary>Leaves nothing behind when <see cref="Commit"/> was not reached.</summary>
    public void Dispose()
    {
        try { Stream.Dispose(); }           // on a full disk it fails to write what it still holds
        finally
        {
            if (!isCommitted) { Undo(); }
        }
    }

    void Undo()
    {
        if (beside is not null) { File.Delete(beside); }
        else if (new FileInfo(path) is { LinkTarget: null, Exists: true, Length: > 0 }) { File.WriteAllBytes(path, []); }
    }
}
