namespace DeepFM;

/// <summary>A folder that is made beside its place: it appears there whole on <see cref="Commit"/>, or not at all.</summary>
/// <remarks>
/// It holds <c>.lock</c> until <see cref="Finish"/>, in its place too: whoever finds that there knows that what the folder belongs to
/// was not finished.
/// </remarks>
sealed class BesideFolder : IDisposable
{
    readonly string target;
    readonly LockFile held;
    bool isCommitted, isFinished;

    /// <summary>Makes the folder; what stands at <paramref name="path"/> stays as it is.</summary>
    public BesideFolder(string path)
    {
        target = System.IO.Path.GetFullPath(path);
        Unfinished.SweepBeside(target);
        Path = Unfinished.NameBeside(target);
        Directory.CreateDirectory(Path);
        held = LockFile.TryTake(System.IO.Path.Combine(Path, FolderLock.Name))
            ?? throw new IOException($"{Path}: another process holds this folder, which was made just now.");
    }

    /// <summary>Where it is made.</summary>
    public string Path { get; }

    /// <summary>Whether what stands at a path was put there, but not finished.</summary>
    public static bool IsUnfinished(string path) => File.Exists(System.IO.Path.Combine(path, FolderLock.Name));

    /// <summary>Gives the folder its place; what stood there goes.</summary>
    public void Commit()
    {
        string replaced = Unfinished.NameOfReplaced(Path);
        if (OperatingSystem.IsWindows()) { held.Leave(); }          // there, a folder with an open file cannot be moved
        if (Directory.Exists(target)) { Directory.Move(target, replaced); }
        try
        {
            Directory.Move(Path, target);
        }
        catch when (Directory.Exists(replaced))
        {
            Directory.Move(replaced, target);
            throw;
        }
        isCommitted = true;
        held.Path = System.IO.Path.Combine(target, FolderLock.Name);
        if (Directory.Exists(replaced)) { Directory.Delete(replaced, recursive: true); }
    }

    /// <summary>Says that all that belongs to the folder is there.</summary>
    public void Finish()
    {
        isFinished = true;
        held.Dispose();
    }

    /// <summary>Leaves nothing behind when <see cref="Commit"/> was not reached.</summary>
    public void Dispose()
    {
        if (isCommitted && !isFinished) { held.Leave(); }
        if (isCommitted) { return; }
        held.Dispose();
        if (Directory.Exists(Path)) { Directory.Delete(Path, recursive: true); }
    }
}
