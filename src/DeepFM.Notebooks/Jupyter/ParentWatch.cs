using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace DeepFM.Notebooks.Jupyter;

/// <summary>Notices that the process which started the kernel is gone.</summary>
/// <remarks>
/// Jupyter names itself in JPY_PARENT_PID: a process id, on Windows a handle. On Unix a process whose parent ends gets another
/// parent; that is noticed too, also without the variable.
/// </remarks>
sealed partial class ParentWatch : IDisposable
{
    const int PeriodMilliseconds = 1000;
    readonly Timer? timer;
    readonly RegisteredWaitHandle? wait;
    int told;

    /// <summary>Begins to watch.</summary>
    /// <param name="parent">The value of JPY_PARENT_PID; null when it is not set.</param>
    /// <param name="gone">Called once, when the parent is gone.</param>
    public ParentWatch(string? parent, Action gone)
    {
        bool named = long.TryParse(parent, out long id) && id > 1;
        if (OperatingSystem.IsWindows())
        {
            if (!named) { return; }
            ManualResetEvent process = new(false) { SafeWaitHandle = new SafeWaitHandle((nint)id, ownsHandle: false) };
            wait = ThreadPool.RegisterWaitForSingleObject(process, (_, _) => Tell(gone), null, Timeout.Infinite, executeOnlyOnce: true);
            return;
        }
        int first = GetParent();
        // A kernel that was started by the system itself, or through a program that has left, has only the name to go by.
        timer = new(_ =>
        {
            if (first > 1 && GetParent() != first || named && !IsAlive(id)) { Tell(gone); }
        }, null, PeriodMilliseconds, PeriodMilliseconds);
    }

    /// <summary>Watches no longer.</summary>
    public void Dispose()
    {
        timer?.Dispose();
        wait?.Unregister(null);
    }

    void Tell(Action gone)
    {
        if (Interlocked.Exchange(ref told, 1) == 0) { gone(); }
    }

    static bool IsAlive(long id)
    {
        try
        {
            using Process process = Process.GetProcessById(checked((int)id));
            return true;
        }
        catch (Exception none) when (none is ArgumentException or OverflowException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int GetParent();
}
