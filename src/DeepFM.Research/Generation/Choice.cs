namespace DeepFM.Research.Generation;

/// <summary>A draw from a few values with given shares: one look into a table of 4096 places.</summary>
sealed class Choice
{
    const int Places = 4096;
    readonly byte[] table = new byte[Places];

    /// <summary>Shares are rounded to multiples of 2⁻¹²; they need not add up to 1.</summary>
    public Choice(params ReadOnlySpan<double> shares)
    {
        double total = 0, sum = 0;
        foreach (double share in shares) { total += share; }
        Weights = new double[shares.Length];
        for (int value = 0, place = 0; value < shares.Length; value++)
        {
            sum += shares[value];
            int end = (int)Math.Round(Places * sum / total);
            Weights[value] = (double)(end - place) / Places;
            for (; place < end; place++) { table[place] = (byte)value; }
        }
    }

    /// <summary>The probability of each value, exactly.</summary>
    public double[] Weights { get; }

    /// <summary>A value, by the lowest 12 of random bits.</summary>
    public int Of(ulong bits) => table[bits & (Places - 1)];

    /// <summary>Shares that fall like 1/(rank + <paramref name="head"/>).</summary>
    public static Choice LongTail(int count, double head) =>
        new([.. Enumerable.Range(1, count).Select(rank => 1 / (rank + head))]);
}
