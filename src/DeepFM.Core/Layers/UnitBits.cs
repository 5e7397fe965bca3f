using DeepFM.Numerics;

namespace DeepFM.Layers;

/// <summary>Which units of a batch are not 0: a bit each, so that products pass over those that relu or dropout made 0.</summary>
/// <param name="batchSize">The largest batch.</param>
/// <param name="threads">Threads of the team.</param>
/// <param name="width">Units of a sample.</param>
sealed unsafe class UnitBits(int batchSize, int threads, int width) : IDisposable
{
    // [B, Words]
    readonly NativeBuffer<ulong> bits = new((long)Tile.PlacesOf(batchSize, threads) * BitMatrix.WordsOf(width));
    readonly int[] counts = new int[Math.Max(Tile.MaxCountOf(batchSize), threads)];

    /// <summary>Words of a sample's bits.</summary>
    public int Words { get; } = BitMatrix.WordsOf(width);

    /// <summary>The tile's first sample.</summary>
    public ulong* At(in Tile tile) => bits.Pointer + (nint)tile.Place * Words;

    /// <summary>The batch's first sample.</summary>
    public ulong* OfWholeBatch() => bits.Pointer;

    /// <summary>Looks at a tile's units.</summary>
    /// <returns>Whether so many are 0 that a product which passes over them is the faster one.</returns>
    public bool Find(Slab units, in Tile tile)
    {
        int count = Kernels.Current.NonZeros(units.At(tile), units.Stride, tile.RowCount, width, At(tile));
        counts[CountPlace(tile)] = count;
        return IsBelow(Kernels.Current.DensityLimit, count, tile.RowCount);
    }

    /// <summary>The same of a whole batch, all of whose tiles were looked at.</summary>
    public bool IsSparse(int batchSize)
    {
        long count = 0;
        for (int tile = 0; tile < Tile.CountOf(batchSize); tile++) { count += counts[tile]; }
        return IsBelow(Kernels.Current.DensityLimit, count, batchSize);
    }

    /// <summary>
    /// Of a tile that was looked at: whether so many of its units are 0 that the gradients of the others alone are the faster product.
    /// </summary>
    public bool SelectsFew(in Tile tile) => IsBelow(Kernels.SelectionLimit, counts[CountPlace(tile)], tile.RowCount);

    /// <inheritdoc/>
    public void Dispose() => bits.Dispose();

    static int CountPlace(in Tile tile) => tile.Training ? tile.Index : tile.Thread;

    bool IsBelow(float share, long count, int rows) => count < share * rows * width;
}
