namespace DeepFM.Core.Tests;

/// <summary>Numbers drawn from a seed: the same on every run and machine.</summary>
static class Draw
{
    /// <summary>Uniform in [−scale, scale).</summary>
    public static float[] Floats(int count, int seed, float scale = 1)
    {
        Random random = new(seed);
        float[] drawn = new float[count];
        foreach (ref float value in drawn.AsSpan()) { value = scale * (2 * random.NextSingle() - 1); }
        return drawn;
    }

    /// <summary>0 or 1 each, the first two of them 0 and 1, so that both classes are there.</summary>
    public static float[] Labels(int count, int seed, double clickRate = 0.4)
    {
        Random random = new(seed);
        float[] drawn = new float[count];
        for (int i = 0; i < count; i++) { drawn[i] = i < 2 ? i : random.NextDouble() < clickRate ? 1 : 0; }
        return drawn;
    }

    /// <summary>Uniform in [0, below).</summary>
    public static int[] Ints(int count, int below, int seed)
    {
        Random random = new(seed);
        int[] drawn = new int[count];
        foreach (ref int value in drawn.AsSpan()) { value = random.Next(below); }
        return drawn;
    }
}
