using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace DeepFM;

/// <summary>What stands behind a path.</summary>
enum FileKind
{
    /// <summary>A file of bytes that stay: it can be read again and replaced.</summary>
    Regular,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A pipe, a terminal, a device: what was read from it is gone.</summary>
    Stream,
}

/// <summary>Which file it is, how long it is and when it was last written; links are followed.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Volume">The file system that holds it; 0 where the system does not tell.</param>
/// <param name="Number">Its number there; 0 where the system does not tell.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Written">When bytes of it were last written, on the file system's clock.</param>
readonly partial record struct FileState(FileKind Kind, ulong Volume, ulong Number, long Length, long Written)
{
    /// <summary>The state of what stands at a path; null when nothing does.</summary>
    public static FileState? Of(string path)
    {
        if (Ask(CurrentFolder, path, 0) is { } told) { return told.Kind is null ? null : told.State; }
        FileInfo file = new(path);
        return Directory.Exists(path) ? new(FileKind.Folder, 0, 0, 0, file.LastWriteTimeUtc.Ticks)
            : !file.Exists ? null
            : path.StartsWith("/dev/", StringComparison.Ordinal) ? new(FileKind.Stream, 0, 0, 0, file.LastWriteTimeUtc.Ticks)
            : new(FileKind.Regular, 0, 0, file.Length, file.LastWriteTimeUtc.Ticks);
    }

    /// <summary>The state of a file that is open, whatever has become of its path.</summary>
    public static FileState Of(SafeFileHandle file)
    {
        bool isHeld = false;
        try
        {
            file.DangerousAddRef(ref isHeld);
            if (Ask((int)file.DangerousGetHandle(), "", EmptyPath) is { Kind: not null } told) { return told.State; }
        }
        finally
        {
            if (isHeld) { file.DangerousRelease(); }
        }
        return new(FileKind.Regular, 0, 0, RandomAccess.GetLength(file), File.GetLastWriteTimeUtc(file).Ticks);
    }

    /// <summary>Whether it is the same file, however it may have changed.</summary>
    public bool IsSameFile(FileState other) => (Kind, Volume, Number) == (other.Kind, other.Volume, other.Number);

    const int CurrentFolder = -100, EmptyPath = 0x1000;
    const uint Basics = 0x7FF;
    const int NoSuchFile = 2, NotAFolder = 20;

    // Null where the system has no such call; without a kind when there is nothing.
    static (FileKind? Kind, FileState State)? Ask(int folder, string path, int flags)
    {
        if (!OperatingSystem.IsLinux()) { return null; }
        try
        {
            if (Statx(folder, path, flags, Basics, out Answer answer) == 0)
            {
                FileKind kind = (answer.Mode & 0xF000) switch
                {
                    0x8000 => FileKind.Regular,
                    0x4000 => FileKind.Folder,
                    _ => FileKind.Stream,
                };
                return (kind, new(kind, (ulong)answer.VolumeMajor << 32 | answer.VolumeMinor, answer.Number, (long)answer.Length,
                    unchecked(answer.WrittenSeconds * 1_000_000_000 + answer.WrittenNanoseconds)));
            }
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
        return Marshal.GetLastPInvokeError() is NoSuchFile or NotAFolder ? (null, default) : null;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, out Answer answer);

    // struct statx of Linux, the same on every processor.
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    struct Answer
    {
        [FieldOffset(28)] public ushort Mode;
        [FieldOffset(32)] public ulong Number;
        [FieldOffset(40)] public ulong Length;
        [FieldOffset(112)] public long WrittenSeconds;
        [FieldOffset(120)] public uint WrittenNanoseconds;
        [FieldOffset(136)] public uint VolumeMajor;
        [FieldOffset(140)] public uint VolumeMinor;
    }
}
