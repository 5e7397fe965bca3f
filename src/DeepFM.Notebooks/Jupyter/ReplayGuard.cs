using System.Runtime.InteropServices;

namespace DeepFM.Notebooks.Jupyter;

/// <summary>Remembers the last signatures, so that a recorded message cannot be sent again.</summary>
/// <remarks>Memory is bounded: beyond <paramref name="capacity"/> the oldest are forgotten. Not for several threads at once.</remarks>
sealed class ReplayGuard(int capacity)
{
    readonly HashSet<UInt128> known = [];
    readonly Queue<UInt128> order = new();

    /// <summary>Takes note of a signature; false when it was known. The first 16 bytes of the MAC tell signatures apart.</summary>
    public bool Add(ReadOnlySpan<byte> hexSignature)
    {
        Span<byte> mac = stackalloc byte[16];
        Convert.FromHexString(hexSignature[..32], mac, out _, out _);
        UInt128 value = MemoryMarshal.Read<UInt128>(mac);
        if (!known.Add(value)) { return false; }
        order.Enqueue(value);
        if (order.Count > capacity) { known.Remove(order.Dequeue()); }
        return true;
    }
}
