namespace DeepFM;

/// <summary>Files that are there whole or not at all.</summary>
public static class AtomicFile
{
    /// <summary>
    /// Writes beside <paramref name="path"/>, flushes to the disk, then renames over it. A pipe or a device is written straight.
    /// </summary>
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

    /// <summary>What a path stands for once links are followed; it need not be there.</summary>
    public static FileInfo Followed(string path)
    {
        FileInfo file = new(path);
        if (file.LinkTarget is null) { return file; }
        return file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target && Path.Exists(target.FullName) ? target : new(path);
    }

    /// <summary>
    /// Whether there is nothing at a followed path that could be lost, and perhaps something that must not be replaced by a file: an
    /// empty file, a pipe, a device, or a link to one (<c>/dev/stdout</c>).
    /// </summary>
    public static bool HoldsNothing(FileInfo file) => file.LinkTarget is not null || file is { Exists: true, Length: 0 };

    /// <summary>A name in the same folder that no other writer uses; makes the folder when there is none.</summary>
    internal static string BesideOf(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return $"{path}.{Path.GetRandomFileName()}.tmp";
    }
}
