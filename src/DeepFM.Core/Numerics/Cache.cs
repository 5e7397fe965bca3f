using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace DeepFM.Numerics;

/// <summary>Hints to the memory system; they change no result.</summary>
static unsafe class Cache
{
    /// <summary>Floats of a line.</summary>
    public const int LineFloats = 16;

    /// <summary>Asks for the lines of <paramref name="length"/> floats from <paramref name="address"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(float* address, nint length)
    {
        if (!Sse.IsSupported) { return; }
        for (nint at = 0; at < length; at += LineFloats) { Sse.Prefetch0(address + at); }
    }

    /// <summary>Asks for the line of an address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(void* address)
    {
        if (Sse.IsSupported) { Sse.Prefetch0(address); }
    }

    /// <summary>Asks for a line, into the second-level cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PrefetchSecondLevel(float* address)
    {
        if (Sse.IsSupported) { Sse.Prefetch1(address); }
    }
}
