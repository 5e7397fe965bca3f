namespace DeepFM.Research.Statistics;

/// <summary>How far two orders of the same things agree, pair by pair.</summary>
/// <param name="Agreeing">Pairs that both order alike.</param>
/// <param name="Opposed">Pairs that they order contrarily.</param>
/// <param name="Tied">Pairs that are equal in one of them.</param>
/// <param name="Tau">Kendall's τ-b in [−1, 1]; null when one of them has ties alone.</param>
public sealed record KendallTau(int Agreeing, int Opposed, int Tied, double? Tau)
{
    /// <summary>All pairs.</summary>
    public int Pairs => Agreeing + Opposed + Tied;

    /// <summary>Compares two lists of values of the same things.</summary>
    /// <remarks>τ-b = (C − D)/√((C + D + T_x)(C + D + T_y)), T those tied in one list alone (Kendall 1945).</remarks>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static KendallTau Of(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (x.Count != y.Count) { throw new ArgumentException($"There are {x.Count} and {y.Count} values; they must pair."); }
        int agreeing = 0, opposed = 0, onlyX = 0, onlyY = 0, both = 0;
        for (int i = 0; i < x.Count; i++)
        {
            for (int j = i + 1; j < x.Count; j++)
            {
                int a = x[i].CompareTo(x[j]), b = y[i].CompareTo(y[j]);
                if (a == 0 && b == 0) { both++; }
                else if (a == 0) { onlyX++; }
                else if (b == 0) { onlyY++; }
                else if (a == b) { agreeing++; }
                else { opposed++; }
            }
        }
        double product = (double)(agreeing + opposed + onlyX) * (agreeing + opposed + onlyY);
        return new(agreeing, opposed, onlyX + onlyY + both, product > 0 ? (agreeing - opposed) / Math.Sqrt(product) : null);
    }
}
