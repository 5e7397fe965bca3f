namespace DeepFM.Numerics;

/// <summary>Random numbers that depend on a key and a position alone, so that any thread can draw any of them.</summary>
/// <remarks>The mixing is that of SplitMix64 (Steele, Lea and Flood 2014). For simulations, never for secrets.</remarks>
public static class CounterRandom
{
    /// <summary>Mixes numbers into a key (the finaliser of SplitMix64 after each).</summary>
    public static ulong Key(ulong seed, params ReadOnlySpan<ulong> parts)
    {
        ulong key = Mix(seed);
        foreach (ulong part in parts) { key = Mix(key ^ part); }
        return key;
    }

    /// <summary>64 random bits.</summary>
    public static ulong Bits(ulong key, ulong position) => Mix(key + position * 0x9E3779B97F4A7C15);

    /// <summary>Uniform in [0, 1), a multiple of 2⁻²⁴.</summary>
    public static float Uniform(ulong key, ulong position) => (Bits(key, position) >> 40) * (1f / (1 << 24));

    /// <summary>Uniform in {0, …, count − 1}.</summary>
    public static int Below(ulong key, ulong position, int count) =>
        (int)Math.BigMul(Bits(key, position), (ulong)count, out _);

    /// <summary>Normal with mean 0 and deviation 1, by Box and Muller.</summary>
    public static float Normal(ulong key, ulong position)
    {
        ulong bits = Bits(key, position);
        double radius = Math.Sqrt(-2 * Math.Log(((bits >> 32) + 0.5) / (1L << 32)));   // the argument is never 0
        return (float)(radius * Math.Cos(2 * Math.PI * ((uint)bits / (double)(1L << 32))));
    }

    static ulong Mix(ulong z)
    {
        z += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
