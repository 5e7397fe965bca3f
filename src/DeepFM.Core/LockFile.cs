namespace DeepFM;

/// <summary>A file that one process holds while it works, and that goes when the work is done.</summary>
/// <remarks>The lock is the system's: it ends with the process, however that ends.</remarks>
sealed class LockFile : IDisposable
{
    readonly FileStream file;

    LockFile(string path, FileStream file, bool wasLeft) => (Path, this.file, WasLeft) = (path, file, wasLeft);

    /// <summary>Where it is; it may be moved with the folder that holds it, except on Windows.</summary>
    public string Path { get; set; }

    /// <summary>Whether it was there already: whoever had it last did not come to an end.</summary>
    public bool WasLeft { get; }

    /// <summary>Takes the file; null when another process, or this one, has it.</summary>
    public static LockFile? TryTake(string path)
    {
        // Whoever has it may just be giving it up: then the file that was opened is no longer the one at the path.
        foreach (FileMode mode in new[] { FileMode.CreateNew, FileMode.Open, FileMode.CreateNew, FileMode.Open })
        {
            FileStream file;
            try
            {
                file = new(path, mode, FileAccess.Write, FileShare.None, 1);
            }
            catch (IOException)
            {
                continue;
            }
            if (FileState.Of(path) is { } there && there.IsSameFile(FileState.Of(file.SafeFileHandle)))
            {
                return new(path, file, wasLeft: mode == FileMode.Open);
            }
            file.Dispose();
        }
        return null;
    }

    /// <summary>Lets others have the file, which stays: a sign that what it stands for did not come to its end.</summary>
    public void Leave() => file.Dispose();

    /// <summary>Removes the file, then lets others have it.</summary>
    public void Dispose()
    {
        // Its folder may be gone, and another one with another's lock be there in its place.
        bool isThere = FileState.Of(Path) is { } there && there.IsSameFile(FileState.Of(file.SafeFileHandle));
        if (OperatingSystem.IsWindows()) { file.Dispose(); }        // there, an open file cannot be removed
        if (isThere) { File.Delete(Path); }
        file.Dispose();
    }
}
