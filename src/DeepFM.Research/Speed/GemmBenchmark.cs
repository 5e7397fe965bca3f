using DeepFM.Numerics;

namespace DeepFM.Research.Speed;

/// <summary>The three matrix products that training a dense layer needs, cut into tasks as the layer cuts them.</summary>
public static class GemmBenchmark
{
    /// <summary>Measures each product and all three in turn, on one thread and on all, and the peak before and after.</summary>
    /// <param name="m">Rows of X and Y: the batch, in [1, 2²⁰].</param>
    /// <param name="k">Columns of X: the layer's inputs, in [1, 2¹⁶].</param>
    /// <param name="n">Columns of Y: the layer's units, in [1, 2¹⁶].</param>
    /// <param name="threads">All threads, in [1, 1024].</param>
    /// <param name="repetition">How often and how long.</param>
    /// <param name="cancel">Stops between two runs.</param>
    public static GemmReport Measure(int m, int k, int n, int threads, Repetition repetition, CancellationToken cancel = default)
    {
        Require.InRange(m, 1, 1 << 20, nameof(m));
        Require.InRange(k, 1, 1 << 16, nameof(k));
        Require.InRange(n, 1, 1 << 16, nameof(n));
        return new()
        {
            M = m,
            K = k,
            N = n,
            OneThread = Products(1),
            AllThreads = threads > 1 ? Products(threads) : null,
        };

        GemmProducts Products(int count)
        {
            using ThreadTeam team = new(count);
            using DenseProducts products = new(m, k, n, team);
            double gflop = 2.0 * m * k * n / 1e9;
            double[] before = ProcessorPeak.Gflops(team, repetition, cancel);
            Figure Rate(double work, Action body) => Figure.Of(repetition.WorkPerSecond(work, body, cancel));
            Figure forward = Rate(gflop, products.Forward);
            Figure input = Rate(gflop, products.InputGradient);
            Figure weight = Rate(gflop, products.WeightGradient);
            Figure all = Rate(3 * gflop, () =>
            {
                products.Forward();
                products.InputGradient();
                products.WeightGradient();
            });
            return new(count, Figure.Of([.. before, .. ProcessorPeak.Gflops(team, repetition, cancel)]),
                forward, input, weight, all);
        }
    }
}

/// <summary>Rates of the three products, packing included.</summary>
public sealed record GemmReport() : SpeedReport("gemm")
{
    /// <summary>Rows of X and Y.</summary>
    public required int M { get; init; }

    /// <summary>Columns of X.</summary>
    public required int K { get; init; }

    /// <summary>Columns of Y.</summary>
    public required int N { get; init; }

    /// <summary>On one thread.</summary>
    public required GemmProducts OneThread { get; init; }

    /// <summary>On all threads; null when there is only one.</summary>
    public GemmProducts? AllThreads { get; init; }

    /// <summary>The three products in turn, all threads against one; null when there is only one.</summary>
    public double? Speedup => AllThreads?.AllGflops.Median / OneThread.AllGflops.Median;
}

/// <summary>The products on some threads, 10⁹ operations a second each; a multiply-add counts two.</summary>
/// <param name="Threads">How many.</param>
/// <param name="PeakGflops">What the same threads reach in registers alone, measured before and after.</param>
/// <param name="ForwardGflops">Y = X·W.</param>
/// <param name="InputGradientGflops">dX = dY·Wᵀ.</param>
/// <param name="WeightGradientGflops">dW = Xᵀ·dY.</param>
/// <param name="AllGflops">The three in turn.</param>
public sealed record GemmProducts(int Threads, Figure PeakGflops, Figure ForwardGflops, Figure InputGradientGflops,
    Figure WeightGradientGflops, Figure AllGflops)
{
    /// <summary>The three in turn, as a share of the peak.</summary>
    public double ShareOfPeak => AllGflops.Median / PeakGflops.Median;
}
