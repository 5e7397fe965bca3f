using System.Text.RegularExpressions;

namespace DeepFM;

/// <summary>Files and folders under way, and what killed processes left of theirs.</summary>
/// <remarks>
/// Such a file stands beside its place as <c>NAME.RANDOM.tmp</c>, and its owner holds a lock on it, or on <c>.lock</c> in a folder,
/// until it has its name. A folder that is being replaced is called <c>NAME.RANDOM.tmp.old</c> for a moment.
/// </remarks>
public static partial class Unfinished
{
    const string Ending = ".tmp", Old = ".old";

    /// <summary>Removes from a folder what killed processes left; what a living one is writing stays.</summary>
    public static void Sweep(string folder) => Sweep(folder, name: null);

    /// <summary>Removes what killed processes left beside a path; what a living one is writing stays.</summary>
    internal static void SweepBeside(string path) =>
        Sweep(Path.GetDirectoryName(Path.GetFullPath(path))!, Path.GetFileName(path));

    /// <summary>A name beside a path that no other writer uses; makes the folder when there is none.</summary>
    internal static string NameBeside(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return $"{path}.{Path.GetRandomFileName()}{Ending}";
    }

    /// <summary>What a folder is called while another takes its place.</summary>
    internal static string NameOfReplaced(string beside) => beside + Old;

    /// <summary>Makes a file beside a path that its owner alone uses.</summary>
    internal static FileStream Create(string path, FileAccess access, out string beside)
    {
        for (int attempt = 1; ; attempt++)
        {
            beside = NameBeside(path);
            try
            {
                return new(beside, FileMode.CreateNew, access, FileShare.None, 1 << 16);
            }
            catch (IOException) when (attempt < 3)
            {
                // A sweep took it between its making and its locking, or the disk will say the same again.
            }
        }
    }

    /// <summary>Makes a file for a while, in the folder of a path; whatever happens, nothing is left of it.</summary>
    internal static FileStream CreateNameless(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return new(NameBeside(path), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        }
        FileStream file = Create(path, FileAccess.ReadWrite, out string beside);
        File.Delete(beside);            // the file stays until it is closed, its name does not
        return file;
    }

    static void Sweep(string folder, string? name)
    {
        if (!Directory.Exists(folder)) { return; }
        foreach (string entry in (string[])[.. Directory.EnumerateFileSystemEntries(folder)])
        {
            if (Pattern().Match(Path.GetFileName(entry)) is not { Success: true } match) { continue; }
            string target = match.Groups["name"].Value;
            if (name is not null && target != name) { continue; }
            try
            {
                if (File.Exists(entry)) { SweepFile(entry); }
                else { SweepFolder(Path.Combine(folder, match.Groups["beside"].Value), isReplaced: match.Groups["old"].Success, Path.Combine(folder, target)); }
            }
            catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
            {
                // It is somebody's still, or may not be touched.
            }
        }
    }

    static void SweepFile(string path)
    {
        if (TryHold(path) is { } file)
        {
            file.Dispose();
            File.Delete(path);
        }
    }

    static void SweepFolder(string beside, bool isReplaced, string target)
    {
        string mark = Path.Combine(beside, FolderLock.Name);
        if (File.Exists(mark))
        {
            if (TryHold(mark) is not { } held) { return; }
            held.Dispose();
        }
        string path = isReplaced ? NameOfReplaced(beside) : beside;
        // One that was to be replaced, when the owner was killed before the other stood in its place.
        if (isReplaced && !Path.Exists(target)) { Directory.Move(path, target); }
        else { Directory.Delete(path, recursive: true); }
    }

    // The file, when nobody holds it and the file system would tell if somebody did.
    static FileStream? TryHold(string path)
    {
        FileStream? file = TryOpen(path);
        if (file is null) { return null; }
        using FileStream? second = TryOpen(path);
        if (second is null) { return file; }
        file.Dispose();
        return null;
    }

    static FileStream? TryOpen(string path)
    {
        try
        {
            return new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, 1);
        }
        catch (Exception held) when (held is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^(?<beside>(?<name>.+)\.[a-z0-9]{8}\.[a-z0-9]{3}\.tmp)(?<old>\.old)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
