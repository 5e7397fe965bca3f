namespace DeepFM.Research.Generation;

/// <summary>Ranks 0, 1, … of which the first are frequent and most are rare: P(rank) falls like (rank + head)^−0.8.</summary>
/// <remarks>
/// The law of Zipf and Mandelbrot with exponent 0.8, made continuous and rounded down: with t uniform in [head^⅕, (count + head)^⅕),
/// the rank is ⌊t⁵ − head⌋. Multiplications only, so that every machine draws the same.
/// </remarks>
sealed class LongTail(int count, double head)
{
    readonly double low = Math.Pow(head, 0.2), width = Math.Pow(count + head, 0.2) - Math.Pow(head, 0.2);

    /// <summary>The rank that 64 random bits stand for.</summary>
    public int Of(ulong bits)
    {
        double t = low + (bits >> 11) * (1.0 / (1L << 53)) * width, square = t * t;
        return Math.Clamp((int)(square * square * t - head), 0, count - 1);
    }

    /// <summary>The probability of a rank.</summary>
    public double Share(int rank) => (Math.Pow(rank + 1 + head, 0.2) - Math.Pow(rank + head, 0.2)) / width;
}
