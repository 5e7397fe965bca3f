namespace DeepFM.Data.Reading;

/// <summary>The files that one load reads, some of them several times: each must stay the same file with the same bytes.</summary>
/// <remarks>
/// What a file is, its length and the time of its last write are noted when it is first opened, and looked at again whenever it is
/// opened, when its end is reached, and after the last pass over any file.
/// </remarks>
sealed class InputFiles
{
    readonly Dictionary<string, FileState> first = [];
    readonly Dictionary<string, byte[]> hashes = [];

    /// <summary>Notes a file that has been opened, or compares it with what was opened before under its path.</summary>
    /// <exception cref="UserErrorException">It is another file now, or it has changed.</exception>
    public void Opened(string path, FileState state)
    {
        if (!first.TryAdd(path, state)) { Require(path, state); }
    }

    /// <summary>Takes that a file was read to its end.</summary>
    /// <param name="path">The file.</param>
    /// <param name="bytes">Bytes that were read of it.</param>
    /// <param name="hash">Their SHA-256; null when it was not asked for.</param>
    /// <exception cref="UserErrorException">It has changed meanwhile.</exception>
    public void Read(string path, long bytes, byte[]? hash)
    {
        Require(path, first[path] with { Length = bytes });
        Require(path, FileState.Of(path));
        if (hash is not null) { hashes[path] = hash; }
    }

    /// <summary>The SHA-256 of the bytes that were read of a file when it was last asked for.</summary>
    public byte[] HashOf(string path) => hashes[path];

    /// <summary>Looks at all files again.</summary>
    /// <exception cref="UserErrorException">One has changed since it was first opened.</exception>
    public void RequireUnchanged()
    {
        foreach (string path in first.Keys) { Require(path, FileState.Of(path)); }
    }

    /// <summary>Reads files, and looks at them after it, also when it fails because of what a file holds.</summary>
    /// <exception cref="UserErrorException">A file has changed, or whatever <paramref name="read"/> throws.</exception>
    public T Watch<T>(Func<T> read)
    {
        T result;
        try
        {
            result = read();
        }
        catch (UserErrorException)
        {
            RequireUnchanged();             // a file that changes looks like one with faults
            throw;
        }
        RequireUnchanged();
        return result;
    }

    /// <summary>Passes items on, and looks at the files after the last one, and when there is none because of what a file holds.</summary>
    /// <exception cref="UserErrorException">A file has changed, or whatever <paramref name="items"/> throws.</exception>
    public IEnumerable<T> Watch<T>(IEnumerable<T> items)
    {
        using IEnumerator<T> next = items.GetEnumerator();
        bool hasMore = true;
        while (hasMore)
        {
            try
            {
                hasMore = next.MoveNext();
            }
            catch (UserErrorException)
            {
                RequireUnchanged();
                throw;
            }
            if (hasMore) { yield return next.Current; }
        }
        RequireUnchanged();
    }

    void Require(string path, FileState? found)
    {
        FileState known = first[path];
        string? change = found is not { } now ? "it was removed"
            : !now.IsSameFile(known) ? "another file was put in its place"
            : now.Length > known.Length ? FormattableString.Invariant($"it grew from {known.Length:N0} to {now.Length:N0} bytes")
            : now.Length < known.Length ? FormattableString.Invariant($"it was cut from {known.Length:N0} to {now.Length:N0} bytes")
            : now.Written != known.Written ? "it was written to"
            : null;
        if (change is not null)
        {
            throw new UserErrorException($"{path} changed while it was read: {change}. Wait until nothing writes to it, or copy it, and "
                + "start again.");
        }
    }
}
