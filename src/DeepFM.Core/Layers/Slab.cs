using DeepFM.Numerics;

namespace DeepFM.Layers;

/// <summary>Memory for a vector of numbers per sample: of the whole batch, or of the tile that a thread works on.</summary>
/// <remarks>
/// Where a batch is only scored nothing needs it whole: each thread uses the same rows again, which its cache then holds.
/// Before and past its ends there is room for two registers that may be read, and past rows be overwritten.
/// </remarks>
sealed unsafe class Slab : IDisposable
{
    const int Guard = 64;           // floats, four registers of 512 bits

    readonly NativeBuffer<float>? memory;
    readonly float* origin;
    readonly nint threadStride;
    readonly bool perBatch;

    Slab(NativeBuffer<float>? memory, float* origin, int stride, nint threadStride, bool perBatch)
    {
        this.memory = memory;
        this.origin = origin;
        this.threadStride = threadStride;
        this.perBatch = perBatch;
        Stride = stride;
    }

    /// <summary>Floats from one sample to the next.</summary>
    public int Stride { get; }

    /// <summary>Keeps every sample of a batch in training.</summary>
    public static Slab OfBatch(int batchSize, int threads, int width) =>
        Allocate(Tile.PlacesOf(batchSize, threads), 1, width, perBatch: true);

    /// <summary>Keeps the samples of the tile in work, one tile a thread.</summary>
    public static Slab OfTiles(int threads, int width) => Allocate(Tile.MaxRows, threads, width, perBatch: false);

    /// <summary>Columns of this slab from <paramref name="offset"/> on, as a slab.</summary>
    public Slab Slice(int offset) => new(null, origin + offset, Stride, threadStride, perBatch);

    /// <summary>The tile's first sample.</summary>
    public float* At(in Tile tile) =>
        perBatch ? origin + (nint)tile.Place * Stride : origin + tile.Thread * threadStride;

    /// <summary>The batch's first sample.</summary>
    public float* OfWholeBatch() => origin;

    /// <inheritdoc/>
    public void Dispose() => memory?.Dispose();

    /// <summary>Memory of such a slab, bytes.</summary>
    public static long BytesOf(int batchSize, int threads, int width, bool perBatch) =>
        sizeof(float) * (perBatch ? FloatsOf(Tile.PlacesOf(batchSize, threads), width) : threads * FloatsOf(Tile.MaxRows, width));

    /// <summary>Memory of this slab by itself, bytes.</summary>
    public long Bytes => sizeof(float) * (memory?.Length ?? 0);

    static Slab Allocate(int rows, int threads, int width, bool perBatch)
    {
        nint threadStride = (nint)FloatsOf(rows, width);
        NativeBuffer<float> memory = new(threads * threadStride);
        return new(memory, memory.Pointer + Guard, StrideOf(width), threadStride, perBatch);
    }

    static int StrideOf(int width)
    {
        int stride = (width + 15) / 16 * 16;
        return stride % 128 == 0 ? stride + 16 : stride;        // rows at a multiple of 512 bytes would share cache sets
    }

    static long FloatsOf(int rows, int width) => (long)rows * StrideOf(width) + 2 * Guard;
}
