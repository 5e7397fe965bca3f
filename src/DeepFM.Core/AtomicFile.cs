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
        return file.LinkTarget is null || IsStream(path) ? file : (FileInfo?)file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
    }

    /// <summary>Whether a path is written straight, because a file must not be put in its place: a pipe, a device, <c>/dev/stdout</c>.</summary>
    public static bool IsStream(string path) => FileState.Of(path) is { Kind: FileKind.Stream }
        || path is "/dev/stdin" or "/dev/stdout" or "/dev/stderr"
        || path.StartsWith("/dev/fd/", StringComparison.Ordinal) || path.StartsWith("/proc/", StringComparison.Ordinal);
}
