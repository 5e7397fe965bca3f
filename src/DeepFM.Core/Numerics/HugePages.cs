using System.Runtime.InteropServices;

namespace DeepFM.Numerics;

/// <summary>Asks the system for pages of 2 MiB, where it gives them on request: fewer address look-ups miss.</summary>
static unsafe partial class HugePages
{
    /// <summary>Bytes of a huge page on the systems that have them on request.</summary>
    public const int Size = 2 << 20;

    const int AdviseHugePage = 14;          // MADV_HUGEPAGE of Linux

    /// <summary>Asks for huge pages in memory that has not been touched; whether the system agrees changes no result.</summary>
    public static void Advise(void* address, nuint length)
    {
        if (!OperatingSystem.IsLinux()) { return; }
        try
        {
            _ = MAdvise(address, length, AdviseHugePage);
        }
        catch (Exception missing) when (missing is DllNotFoundException or EntryPointNotFoundException)
        {
            // A system without this call has its own page size.
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int MAdvise(void* address, nuint length, int advice);
}
