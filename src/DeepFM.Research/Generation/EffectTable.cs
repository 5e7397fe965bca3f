using DeepFM.Numerics;

namespace DeepFM.Research.Generation;

/// <summary>An effect on the logit of one, two or three fields with few values: a table, and its parts by order.</summary>
/// <remarks>
/// <para>
/// A table f(a, b, c) need not be of one order: that teenage boys like shooters also lifts boys, teenagers and shooters a
/// little. So it is told into parts, as in the analysis of variance: with m_S the mean of f given the fields of S, each field
/// drawn by itself with its share of rows, f_S = Σ_{T⊆S} (−1)^{|S|−|T|}·m_T, and the part of order k is Σ_{|S|=k} f_S.
/// Parts of all orders and the overall mean add up to f. The mean is left out: it belongs to the base of the logit.
/// </para>
/// </remarks>
sealed class EffectTable
{
    readonly int first, second, third, secondSize, thirdSize;
    readonly float[] total;
    readonly float[][] parts;           // [order − 1][cell]

    /// <param name="name">For documentation.</param>
    /// <param name="axes">One to three places of <see cref="Axis"/>.</param>
    /// <param name="weights">Share of rows of each value of each axis of <see cref="Axis"/>.</param>
    /// <param name="stated">The effect of given values, the axes' in order; null for none.</param>
    /// <param name="drawnDeviation">Deviation over rows of a drawn effect, of the highest order alone, that is added.</param>
    /// <param name="key">Of the drawn effect.</param>
    public EffectTable(string name, int[] axes, double[][] weights, Func<int[], double>? stated, double drawnDeviation, ulong key)
    {
        (Name, Axes) = (name, axes);
        double[][] shares = [.. axes.Select(axis => weights[axis])];
        int[] sizes = [.. shares.Select(share => share.Length), 1, 1];
        (first, second, third) = (axes[0], axes[axes.Length > 1 ? 1 : 0], axes[axes.Length > 2 ? 2 : 0]);
        (secondSize, thirdSize) = (sizes[1], sizes[2]);
        int cells = sizes.Take(axes.Length).Aggregate(1, (product, size) => product * size);

        double[] values = new double[cells];
        if (drawnDeviation > 0)
        {
            for (int cell = 0; cell < cells; cell++) { values[cell] = CounterRandom.Normal(key, (ulong)cell); }
            values = Decompose(values, shares)[axes.Length];
            double variance = 0;
            for (int cell = 0; cell < cells; cell++) { variance += Weight(cell, shares) * values[cell] * values[cell]; }
            double scale = variance > 0 ? drawnDeviation / Math.Sqrt(variance) : 0;
            for (int cell = 0; cell < cells; cell++) { values[cell] *= scale; }
        }
        if (stated is not null)
        {
            for (int cell = 0; cell < cells; cell++) { values[cell] += stated(Coordinates(cell, shares)); }
        }
        double[][] orders = Decompose(values, shares);
        total = [.. values.Select(value => (float)(value - orders[0][0]))];
        parts = [.. orders.Skip(1).Select(part => part.Select(value => (float)value).ToArray())];
    }

    public string Name { get; }

    /// <summary>Places of <see cref="Axis"/>.</summary>
    public IReadOnlyList<int> Axes { get; }

    /// <summary>The highest order that it has.</summary>
    public int Order => Axes.Count;

    /// <summary>The effect on a row.</summary>
    public float Of(int[] at) => total[Cell(at)];

    /// <summary>The part of order 1, 2 or 3 of the effect on a row; they add up to <see cref="Of"/>.</summary>
    public float Part(int order, int[] at) => order <= Order ? parts[order - 1][Cell(at)] : 0;

    int Cell(int[] at) => Axes.Count switch
    {
        1 => at[first],
        2 => at[first] * secondSize + at[second],
        _ => (at[first] * secondSize + at[second]) * thirdSize + at[third],
    };

    /// <summary>Whether it has a part of that order: drawn effects have that of the highest alone.</summary>
    public bool Has(int order) => order <= Order && parts[order - 1].Any(value => MathF.Abs(value) > 1e-6f);

    // Parts of order 0 to n of a table, by inclusion and exclusion of its means.
    static double[][] Decompose(double[] values, double[][] shares)
    {
        int n = shares.Length, subsets = 1 << n;
        double[][] means = [.. Enumerable.Range(0, subsets).Select(subset => Mean(values, shares, subset))];
        double[][] parts = [.. Enumerable.Range(0, n + 1).Select(_ => new double[values.Length])];
        for (int subset = 0; subset < subsets; subset++)
        {
            int order = int.PopCount(subset);
            for (int inner = 0; inner < subsets; inner++)
            {
                if ((inner & ~subset) != 0) { continue; }
                double sign = (order - int.PopCount(inner)) % 2 == 0 ? 1 : -1;
                for (int cell = 0; cell < values.Length; cell++) { parts[order][cell] += sign * means[inner][cell]; }
            }
        }
        return parts;
    }

    // For each cell, the mean over the axes that the subset does not hold.
    static double[] Mean(double[] values, double[][] shares, int subset)
    {
        double[] mean = values;
        for (int axis = 0; axis < shares.Length; axis++)
        {
            if ((subset >> axis & 1) == 1) { continue; }
            int stride = shares.Skip(axis + 1).Aggregate(1, (product, share) => product * share.Length);
            double[] next = new double[mean.Length];
            for (int cell = 0; cell < mean.Length; cell++)
            {
                int start = cell - cell / stride % shares[axis].Length * stride;
                for (int value = 0; value < shares[axis].Length; value++)
                {
                    next[cell] += shares[axis][value] * mean[start + value * stride];
                }
            }
            mean = next;
        }
        return mean;
    }

    static int[] Coordinates(int cell, double[][] shares)
    {
        int[] at = new int[shares.Length];
        for (int axis = shares.Length - 1; axis >= 0; axis--)
        {
            at[axis] = cell % shares[axis].Length;
            cell /= shares[axis].Length;
        }
        return at;
    }

    static double Weight(int cell, double[][] shares) =>
        Coordinates(cell, shares).Select((value, axis) => shares[axis][value]).Aggregate(1.0, (product, share) => product * share);
}
