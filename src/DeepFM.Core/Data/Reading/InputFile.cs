using System.Security.Cryptography;

namespace DeepFM.Data.Reading;

/// <summary>A plain or gzip file, told apart by its first bytes, read as a stream of text bytes.</summary>
sealed class InputFile : IDisposable
{
    readonly FileStream file;
    readonly InputFiles files;
    readonly IncrementalHash? hash;
    readonly GzipText? gzip;

    InputFile(string path, FileStream file, InputFiles files, IncrementalHash? hash, bool isGzip)
    {
        (Path, this.file, this.files, this.hash) = (path, file, files, hash);
        gzip = isGzip ? new(file, Note) : null;
    }

    public string Path { get; }

    /// <summary>Bytes of the file itself that have been read so far.</summary>
    public long BytesRead => file.Position;

    /// <summary>Opens a file that is read from its start to its end.</summary>
    /// <param name="path">The file.</param>
    /// <param name="files">Told what it is, and when it was read.</param>
    /// <param name="hashes">Whether the SHA-256 of its bytes is wanted.</param>
    /// <exception cref="UserErrorException">The file is missing, empty or may not be read, or is another one than before.</exception>
    public static InputFile Open(string path, InputFiles files, bool hashes)
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
        try
        {
            files.Opened(path, FileState.Of(file.SafeFileHandle));
            Span<byte> magic = stackalloc byte[2];
            int length = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false);
            file.Position = 0;
            return new(path, file, files, hashes ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null,
                isGzip: length == 2 && magic[0] == 0x1F && magic[1] == 0x8B);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <exception cref="UserErrorException">There is no such file, it is empty, or it cannot be read twice.</exception>
    public static void RequireFile(string path)
    {
        switch (FileState.Of(path))
        {
            case null: throw new UserErrorException($"{path}: there is no such file.");
            case { Kind: FileKind.Folder }: throw new UserErrorException($"{path}: this is a folder; name the files in it.");
            case { Kind: FileKind.Stream }:
                throw new UserErrorException(
                    $"{path}: this is a pipe or a device, and data are read more than once. Write them to a file first.");
            case { Length: 0 }: throw Empty(path);
        }
    }

    /// <summary>Bytes of a file, links followed; 0 when there is none.</summary>
    public static long LengthOf(string path) => FileState.Of(path)?.Length ?? 0;

    public static UserErrorException Empty(string path) =>
        new($"{path}: the file has no rows. Check that it was copied or downloaded whole.");

    /// <summary>Fills as much of <paramref name="buffer"/> as the file still has.</summary>
    /// <exception cref="UserErrorException">A gzip file is cut off or damaged.</exception>
    public int Read(Span<byte> buffer)
    {
        try
        {
            if (gzip is not null) { return gzip.Read(buffer); }
            int read = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            Note(buffer[..read]);
            return read;
        }
        catch (InvalidDataException damaged)
        {
            throw new UserErrorException($"{Path}: the gzip file is cut off or damaged near byte {file.Position} "
                + $"of {file.Length}. Copy or download it again.", damaged);
        }
    }

    /// <summary>Takes that the file was read to its end.</summary>
    /// <exception cref="UserErrorException">It has changed since it was first opened.</exception>
    public void Finish() => files.Read(Path, file.Position, hash?.GetHashAndReset());

    void Note(ReadOnlySpan<byte> read) => hash?.AppendData(read);

    public void Dispose()
    {
        hash?.Dispose();
        gzip?.Dispose();
        file.Dispose();
    }
}
