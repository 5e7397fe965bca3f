namespace DeepFM;

/// <summary>Files that are there whole or not at all.</summary>
public static class AtomicFile
{
    /// <summary>Writes beside <paramref name="path"/>, flushes to the disk, then renames over it.</summary>
    /// <remarks>When <paramref name="write"/> throws, what stood at <paramref name="path"/> stays as it was.</remarks>
    public static void Write(string path, Action<Stream> write)
    {
        using BesideFile file = new(path);
        write(file.Stream);
        file.Commit();
    }

    /// <summary>Refuses a folder that can be neither written to nor made: before the work whose result goes there.</summary>
    /// <exception cref="UserErrorException">The name is empty, or nothing can be written there.</exception>
    public static void RequireFolder(string folder)
    {
        if (string.IsNullOrWhiteSpace(folder))
        {
            throw new UserErrorException("The name of the output is empty; give one, such as runs/mine.");
        }
        string? standing = Path.GetFullPath(folder);
        while (standing is not null && !Path.Exists(standing)) { standing = Path.GetDirectoryName(standing); }
        try
        {
            // What stands of the path is a folder that takes a file.
            string probe = Path.Combine(standing ?? folder, Path.GetRandomFileName() + ".tmp");
            using FileStream file = new(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1,
                FileOptions.DeleteOnClose);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(File.Exists(standing)
                ? $"{folder}: {standing} is a file, so no folder can be made below it. Choose another place."
                : $"{folder}: nothing can be written below {standing}. Choose another place, or change its permissions.",
                refused);
        }
    }

    /// <summary>A name in the same folder that no other writer uses; makes the folder when there is none.</summary>
    internal static string BesideOf(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return $"{path}.{Path.GetRandomFileName()}.tmp";
    }
}

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
