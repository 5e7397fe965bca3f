namespace DeepFM.Data.Reading;

/// <summary>A plain or gzip file, told apart by its first bytes, read as a stream of text bytes.</summary>
sealed class InputFile : IDisposable
{
    readonly FileStream file;
    readonly GzipText? gzip;

    InputFile(string path, FileStream file, GzipText? gzip) => (Path, this.file, this.gzip) = (path, file, gzip);

    public string Path { get; }

    /// <summary>Bytes of the file itself that have been read so far.</summary>
    public long BytesRead => file.Position;

    /// <exception cref="UserErrorException">The file is missing, empty or may not be read.</exception>
    public static InputFile Open(string path)
    {
        RequireFile(path);
        FileStream file;
        try
        {
            file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{path}: the file cannot be opened. {refused.Message}", refused);
        }

        if (!file.CanSeek)
        {
            file.Dispose();
            throw new UserErrorException($"{path}: this is a pipe or a device, and data are read more than once. Write them to a file first.");
        }
        Span<byte> magic = stackalloc byte[2];
        int length = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false);
        file.Position = 0;
        bool isGzip = length == 2 && magic[0] == 0x1F && magic[1] == 0x8B;
        return new(path, file, isGzip ? new GzipText(file) : null);
    }

    /// <exception cref="UserErrorException">There is no such file, or it is empty.</exception>
    public static void RequireFile(string path)
    {
        FileInfo info = AtomicFile.Followed(path);
        if (!info.Exists)
        {
            throw new UserErrorException(Directory.Exists(path)
                ? $"{path}: this is a folder; name the files in it."
                : $"{path}: there is no such file.");
        }
        if (info.Length == 0 && !path.StartsWith("/dev/", StringComparison.Ordinal)) { throw Empty(path); }
    }

    public static UserErrorException Empty(string path) =>
        new($"{path}: the file has no rows. Check that it was copied or downloaded whole.");

    /// <summary>Fills as much of <paramref name="buffer"/> as the file still has.</summary>
    /// <exception cref="UserErrorException">A gzip file is cut off or damaged.</exception>
    public int Read(Span<byte> buffer)
    {
        try
        {
            return gzip?.Read(buffer) ?? file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException damaged)
        {
            throw new UserErrorException($"{Path}: the gzip file is cut off or damaged near byte {file.Position} "
                + $"of {file.Length}. Copy or download it again.", damaged);
        }
    }

    public void Dispose()
    {
        gzip?.Dispose();
        file.Dispose();
    }
}
