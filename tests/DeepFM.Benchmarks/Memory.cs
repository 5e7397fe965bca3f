using DeepFM.Numerics;

namespace DeepFM.Benchmarks;

/// <summary>Native memory with contents of its own, which kernels may read for a register past its end.</summary>
static unsafe class Memory
{
    const int Guard = 64;           // floats

    /// <summary>Uniform in [−½, ½).</summary>
    public static NativeBuffer<float> Floats(long count, ulong seed)
    {
        NativeBuffer<float> buffer = new(count + Guard);
        ulong key = CounterRandom.Key(seed);
        for (long i = 0; i < count; i++) { buffer.Pointer[i] = CounterRandom.Uniform(key, (ulong)i) - 0.5f; }
        return buffer;
    }

    /// <summary>All zero.</summary>
    public static NativeBuffer<T> Zeros<T>(long count)
        where T : unmanaged => new(count);

    /// <summary>⌊u⁴·size⌋ with u uniform in [0, 1): a few ids often, most of them seldom.</summary>
    public static NativeBuffer<int> Ids(int count, int size, ulong seed)
    {
        NativeBuffer<int> buffer = new(count);
        ulong key = CounterRandom.Key(seed);
        for (int i = 0; i < count; i++)
        {
            float u = CounterRandom.Uniform(key, (ulong)i);
            buffer.Pointer[i] = (int)(u * u * u * u * size);
        }
        return buffer;
    }
}
