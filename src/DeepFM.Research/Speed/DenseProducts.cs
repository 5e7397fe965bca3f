using DeepFM.Layers;
using DeepFM.Numerics;

namespace DeepFM.Research.Speed;

/// <summary>The products of a dense layer on memory of its own, without bias, activation and dropout.</summary>
/// <remarks>X is [m, k], W [k, n], Y [m, n]; rows lie as far apart as those of a layer's activations.</remarks>
sealed unsafe class DenseProducts : IDisposable
{
    readonly int m, k, n;
    readonly ThreadTeam team;
    readonly Slab x, y, gradX, gradY;
    readonly NativeBuffer<float> weight, gradWeight, packed, packedTransposed, scratch;
    readonly int gradientRows, scratchLength;
    readonly Action<int, int> pack, packTransposed, multiply, multiplyTransposed, weightGradient;

    public DenseProducts(int m, int k, int n, ThreadTeam team)
    {
        (this.m, this.k, this.n, this.team) = (m, k, n, team);
        (x, y, gradX, gradY) = (NewSlab(k), NewSlab(n), NewSlab(k), NewSlab(n));
        weight = new((long)k * n);
        gradWeight = new((long)k * n);
        packed = new(Kernels.Current.PackedLength(k, n));
        packedTransposed = new(Kernels.Current.PackedLength(n, k));
        gradientRows = DenseLayer.GradientRowsFor(k, team.Count);
        scratchLength = Kernels.Current.TransposedScratchLength(gradientRows, n);
        scratch = new((long)team.Count * scratchLength);
        Fill(x, k, 1);
        Fill(gradY, n, 2);
        for (long i = 0; i < weight.Length; i++) { weight.Pointer[i] = Draw(3, (ulong)i); }

        pack = (panel, _) => Kernels.Current.PackPanel(weight.Pointer, n, false, k, n, panel, packed.Pointer);
        packTransposed = (panel, _) =>
            Kernels.Current.PackPanel(weight.Pointer, n, true, n, k, panel, packedTransposed.Pointer);
        multiply = (tile, thread) => Multiply(x, packed, k, n, y, tile, thread);
        multiplyTransposed = (tile, thread) => Multiply(gradY, packedTransposed, n, k, gradX, tile, thread);
        weightGradient = MultiplyTransposed;
    }

    /// <summary>Packs W and writes Y = X·W.</summary>
    public void Forward()
    {
        team.Run(Kernels.Current.PanelCount(n), pack);
        team.Run(Tile.CountOf(m), multiply);
    }

    /// <summary>Packs Wᵀ and writes dX = dY·Wᵀ.</summary>
    public void InputGradient()
    {
        team.Run(Kernels.Current.PanelCount(k), packTransposed);
        team.Run(Tile.CountOf(m), multiplyTransposed);
    }

    /// <summary>Writes dW = Xᵀ·dY.</summary>
    public void WeightGradient() => team.Run((k + gradientRows - 1) / gradientRows, weightGradient);

    public void Dispose()
    {
        foreach (Slab slab in new[] { x, y, gradX, gradY }) { slab.Dispose(); }
        foreach (NativeBuffer<float> buffer in new[] { weight, gradWeight, packed, packedTransposed, scratch })
        {
            buffer.Dispose();
        }
    }

    static float Draw(ulong key, ulong position) => CounterRandom.Uniform(CounterRandom.Key(key), position) - 0.5f;

    Slab NewSlab(int width) => Slab.OfBatch(m, team.Count, width);

    void Fill(Slab slab, int width, ulong key)
    {
        for (int row = 0; row < m; row++)
        {
            float* to = slab.OfWholeBatch() + (nint)row * slab.Stride;
            for (int j = 0; j < width; j++) { to[j] = Draw(key, (ulong)row * (ulong)width + (ulong)j); }
        }
    }

    void Multiply(Slab from, NativeBuffer<float> matrix, int depth, int columns, Slab to, int index, int thread)
    {
        Tile tile = Tile.Of(index, m, thread, training: true);
        Kernels.Current.Multiply(from.At(tile), from.Stride, tile.RowCount, matrix.Pointer, depth, columns,
            to.At(tile), to.Stride, add: false);
    }

    void MultiplyTransposed(int task, int thread)
    {
        int first = task * gradientRows;
        Kernels.Current.MultiplyTransposed(x.OfWholeBatch() + first, x.Stride, Math.Min(gradientRows, k - first),
            gradY.OfWholeBatch(), gradY.Stride, m, n, gradWeight.Pointer + (nint)first * n,
            scratch.Pointer + (nint)thread * scratchLength);
    }
}
