namespace DeepFM;

/// <summary>Files that are there whole or not at all.</summary>
public static class AtomicFile
{
    /// <summary>Writes beside <paramref name="path"/>, flushes to the disk, then renames over it.</summary>
    /// <remarks>When <paramref name="write"/> throws, what stood at <paramref name="path"/> stays as it was.</remarks>
    public static void Write(string path, Action<Stream> write)
    {
        string beside = BesideOf(path);
        try
        {
            using (FileStream file = new(beside, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }
            File.Move(beside, path, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }

    /// <summary>A name in the same folder that no other writer uses; makes the folder when there is none.</summary>
    internal static string BesideOf(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return $"{path}.{Path.GetRandomFileName()}.tmp";
    }
}
