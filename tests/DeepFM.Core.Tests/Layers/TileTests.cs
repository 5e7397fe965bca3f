using DeepFM.Layers;

namespace DeepFM.Core.Tests;

public unsafe class TileTests
{
    [Fact]
    public void EveryRow_IsInExactlyOneTile()
    {
        foreach (int batchSize in Enumerable.Range(1, 20 * Tile.MaxRows).Concat([4095, 4096, 4097, 10_000, 65_536]))
        {
            int next = 0;
            Assert.InRange(Tile.CountOf(batchSize), 1, Tile.MaxCountOf(batchSize));
            for (int index = 0; index < Tile.CountOf(batchSize); index++)
            {
                Tile tile = Tile.Of(index, batchSize, thread: 3, training: true);
                Assert.Equal((index, next, 3, true), (tile.Index, tile.FirstRow, tile.Thread, tile.Training));
                Assert.InRange(tile.RowCount, 1, Tile.MaxRows);
                next += tile.RowCount;
            }
            Assert.Equal(batchSize, next);
        }
    }

    // Else a thread would wait for another at each phase of a step: 64 tiles of 65 rows are 63 and a row.
    [Theory, InlineData(256), InlineData(1024), InlineData(4096), InlineData(10_000)]
    public void Tiles_DifferByABlockOfTheMatrixKernel_AtMost(int batchSize)
    {
        int[] rows = [.. Enumerable.Range(0, Tile.CountOf(batchSize)).Select(index => Tile.Of(index, batchSize, 0, true).RowCount)];
        Assert.InRange(rows.Max() - rows[..^1].Min(), 0, 5);
        Assert.InRange(rows.Max() - rows.Min(), 0, 9);              // the last one may end inside a block
        Assert.All(rows[..^1], count => Assert.Equal(0, count % 5));
    }

    // Every number of a slab is written once; then none was overwritten by another, and none leaves the guards.
    [Theory, InlineData(1), InlineData(16), InlineData(17), InlineData(127), InlineData(128), InlineData(256)]
    public void Slab_OfBatch_GivesEverySampleItsOwnFloats(int width)
    {
        const int batchSize = 2 * Tile.MaxRows + 7;
        using Slab slab = Slab.OfBatch(batchSize, threads: 2, width);
        Assert.True(slab.Stride >= width && slab.Stride % 16 == 0 && slab.Stride % 128 != 0);
        for (int index = 0; index < Tile.CountOf(batchSize); index++)
        {
            Tile tile = Tile.Of(index, batchSize, thread: index % 2, training: true);
            Assert.True(slab.At(tile) == slab.OfWholeBatch() + (nint)tile.FirstRow * slab.Stride);
            for (int r = 0; r < tile.RowCount; r++)
            {
                for (int j = 0; j < width; j++) { slab.At(tile)[r * slab.Stride + j] = Number(tile.FirstRow + r, j); }
            }
        }
        for (int b = 0; b < batchSize; b++)
        {
            float* row = slab.OfWholeBatch() + (nint)b * slab.Stride;
            for (int j = 0; j < width; j++) { Assert.Equal(Number(b, j), row[j]); }
        }
    }

    // While a batch is only scored, its slab serves as one of tiles does, also when it has fewer rows than all threads' tiles.
    [Theory, InlineData(1, true), InlineData(16, true), InlineData(17, true), InlineData(128, true), InlineData(1, false),
        InlineData(17, false), InlineData(128, false)]
    public void Slab_OfTiles_GivesEveryThreadItsOwnFloats(int width, bool ofTiles)
    {
        const int threads = 3;
        using Slab slab = ofTiles ? Slab.OfTiles(threads, width) : Slab.OfBatch(10, threads, width);
        Tile Of(int thread) => Tile.Of(thread, threads * Tile.MaxRows, thread, training: ofTiles);
        for (int thread = 0; thread < threads; thread++)
        {
            for (int r = 0; r < Tile.MaxRows; r++)
            {
                float* row = slab.At(Of(thread)) + r * slab.Stride;
                for (int j = 0; j < width; j++) { row[j] = Number(thread * Tile.MaxRows + r, j); }
            }
        }
        for (int thread = 0; thread < threads; thread++)
        {
            for (int r = 0; r < Tile.MaxRows; r++)
            {
                for (int j = 0; j < width; j++)
                {
                    Assert.Equal(Number(thread * Tile.MaxRows + r, j), slab.At(Of(thread))[r * slab.Stride + j]);
                }
            }
            // A thread's tile does not depend on which tile it is.
            Assert.True(slab.At(Of(thread)) == slab.At(Of(thread) with { Index = 7, FirstRow = 7 * Tile.MaxRows }));
        }
    }

    [Fact]
    public void Slab_ASlice_IsTheSameMemoryFurtherRight()
    {
        using Slab batch = Slab.OfBatch(150, threads: 2, 40), tiles = Slab.OfTiles(2, 40);
        Tile tile = Tile.Of(1, 150, thread: 1, training: false);
        foreach (Slab slab in new[] { batch, tiles })
        {
            Slab slice = slab.Slice(5).Slice(8);
            Assert.True(slice.At(tile) == slab.At(tile) + 13);
            Assert.True(slice.OfWholeBatch() == slab.OfWholeBatch() + 13);
            Assert.Equal(slab.Stride, slice.Stride);
            slice.Dispose();                                // it owns nothing
            slab.At(tile)[0] = 1;
        }
    }

    static float Number(int row, int column) => row * 256 + column;
}
