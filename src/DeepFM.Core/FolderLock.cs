namespace DeepFM;

/// <summary>A folder that one process writes its results to: a second one is refused, not mixed in.</summary>
/// <remarks>
/// The lock is the system's, on a file in the folder. It ends with the process, however that ends; where the file system has no locks,
/// nothing is refused.
/// </remarks>
public sealed class FolderLock : IDisposable
{
    /// <summary>The file's name, while the lock is held.</summary>
    public const string Name = ".lock";

    readonly FileStream file;
    readonly string? made;              // the folder, when it was not there before

    /// <summary>Takes the folder, which is made when it is not there.</summary>
    /// <exception cref="UserErrorException">Another process has it, or this one has already.</exception>
    public FolderLock(string folder)
    {
        AtomicFile.RequireFolder(folder);
        made = Directory.Exists(folder) ? null : folder;
        Directory.CreateDirectory(folder);
        try
        {
            file = new(Path.Combine(folder, Name), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException held)
        {
            throw new UserErrorException(
                $"{folder}: another run is writing there. Wait until it has ended, or choose another --out.", held);
        }
    }

    /// <summary>Gives the folder free; one that was made for nothing goes.</summary>
    public void Dispose()
    {
        file.Dispose();
        if (made is not null && Directory.Exists(made) && !Directory.EnumerateFileSystemEntries(made).Any()) { Directory.Delete(made); }
    }
}
