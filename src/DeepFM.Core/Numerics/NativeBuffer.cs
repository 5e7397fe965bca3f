using System.Runtime.InteropServices;

namespace DeepFM.Numerics;

/// <summary>Zeroed memory outside the collected heap, aligned to 64 bytes or more, of more than 2³¹ bytes if asked for.</summary>
public sealed unsafe class NativeBuffer<T> : IDisposable
    where T : unmanaged
{
    nint memory;

    /// <summary>Allocates <paramref name="length"/> elements, all zero.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative.</exception>
    /// <exception cref="OutOfMemoryException">The system does not give that much.</exception>
    public NativeBuffer(long length)
    {
        Length = Require.InRange(length, 0, long.MaxValue / sizeof(T), nameof(length));
        nuint bytes = (nuint)Math.Max(length * sizeof(T), 64);
        bool isLarge = bytes >= 2 * HugePages.Size;
        memory = (nint)NativeMemory.AlignedAlloc(bytes, isLarge ? (nuint)HugePages.Size : 64);
        if (isLarge) { HugePages.Advise(Pointer, bytes); }
        NativeMemory.Clear(Pointer, bytes);
        GC.AddMemoryPressure((long)bytes);
        NativeBuffers.Add((long)bytes);
    }

    /// <summary>Frees memory that was not disposed of.</summary>
    ~NativeBuffer() => Free();

    /// <summary>The first element; null once disposed.</summary>
    public T* Pointer => (T*)memory;

    /// <summary>Number of elements.</summary>
    public long Length { get; }

    /// <summary>All elements.</summary>
    /// <exception cref="OverflowException">There are more than 2³¹−1; take parts with <see cref="Slice"/>.</exception>
    /// <exception cref="ObjectDisposedException">The memory was freed.</exception>
    public Span<T> Span => new(Existing(), checked((int)Length));

    /// <summary>Elements [start, start + length).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the buffer.</exception>
    /// <exception cref="ObjectDisposedException">The memory was freed.</exception>
    public Span<T> Slice(long start, int length)
    {
        T* first = Existing();
        Require.InRange(start, 0, Length - length, nameof(start));
        return new(first + start, length);
    }

    /// <summary>Frees the memory, which nothing may use any more; may come twice.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    T* Existing()
    {
        ObjectDisposedException.ThrowIf(Pointer == null, this);
        return Pointer;
    }

    void Free()
    {
        // Taken first, so that two threads cannot free it twice.
        nint taken = Interlocked.Exchange(ref memory, 0);
        if (taken == 0) { return; }
        NativeMemory.AlignedFree((void*)taken);
        long bytes = Math.Max(Length * sizeof(T), 64);
        GC.RemoveMemoryPressure(bytes);
        NativeBuffers.Add(-bytes);
    }
}

/// <summary>All buffers of the process together.</summary>
static class NativeBuffers
{
    static long bytes;

    /// <summary>Memory that is not freed yet.</summary>
    public static long Bytes => Volatile.Read(ref bytes);

    internal static void Add(long more) => Interlocked.Add(ref bytes, more);
}
