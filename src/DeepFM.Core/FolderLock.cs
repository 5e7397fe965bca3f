namespace DeepFM;

/// <summary>A folder, or a file, that one process writes its results to: a second one is refused, not mixed in.</summary>
/// <remarks>Where the file system has no locks, nothing is refused.</remarks>
public sealed class FolderLock : IDisposable
{
    /// <summary>The file's name, while the lock of a folder is held.</summary>
    public const string Name = ".lock";

    readonly LockFile held;
    readonly string? made;              // the folder, when it was not there before

    /// <summary>Takes the folder, which is made when it is not there, and removes what a killed process left half-written in it.</summary>
    /// <exception cref="UserErrorException">Another process has it, or this one has already.</exception>
    public FolderLock(string folder) : this(folder, Name, folder) => Unfinished.Sweep(folder);

    FolderLock(string folder, string name, string what)
    {
        AtomicFile.RequireFolder(folder);
        made = Directory.Exists(folder) ? null : folder;
        Directory.CreateDirectory(folder);
        held = LockFile.TryTake(Path.Combine(folder, name)) ?? throw new UserErrorException(
            $"{what}: another run is writing there. Wait until it has ended, or choose another --out.");
    }

    /// <summary>Takes a file that is to be written; null for a pipe or a device, which any number may write to.</summary>
    /// <exception cref="UserErrorException">Another process has it, or this one has already.</exception>
    public static FolderLock? OfFile(string path) => AtomicFile.IsStream(path)
        ? null
        : new(Path.GetDirectoryName(Path.GetFullPath(path))!, $".{Path.GetFileName(path)}{Name}", path);

    /// <summary>Whether a process that had the folder last was killed: what it wrote there may not be all.</summary>
    public bool WasLeft => held.WasLeft;

    /// <summary>Gives the folder free; one that was made for nothing goes.</summary>
    public void Dispose()
    {
        held.Dispose();
        if (made is not null && Directory.Exists(made) && !Directory.EnumerateFileSystemEntries(made).Any()) { Directory.Delete(made); }
    }
}
