using DeepFM.Data;
using DeepFM.Models;
using DeepFM.Numerics;

namespace DeepFM.Layers;

/// <summary>What a step's layers share: the batch, its logits and their gradient.</summary>
sealed unsafe class StepState(int batchSize, int fieldCount) : IDisposable
{
    readonly NativeBuffer<float> logits = new(batchSize), gradLogits = new(batchSize);
    readonly NativeBuffer<int> ids = new((long)fieldCount * IdStrideOf(batchSize));

    /// <summary>The data that the batch is drawn from.</summary>
    public RowMemory Data { get; private set; }

    /// <summary>The batch's rows in the data, [BatchSize]; null for <see cref="FirstRow"/> and those that follow it.</summary>
    public int* Rows { get; private set; }

    /// <summary>The first row of a batch of adjoining rows.</summary>
    public int FirstRow { get; private set; }

    /// <summary>B, the rows of this step's batch.</summary>
    public int BatchSize { get; private set; }

    /// <summary>Seed of the step's dropout masks.</summary>
    public ulong DropoutKey { get; set; }

    /// <summary>Whether the gradients that layers write hold the L2 penalties' share.</summary>
    public bool AddsPenalties { get; set; }

    /// <summary>z, [B].</summary>
    public float* Logits => logits.Pointer;

    /// <summary>∂L/∂z, [B].</summary>
    public float* GradLogits => gradLogits.Pointer;

    /// <summary>Field f's ids of the batch, [B]; for a bag, the number of its entries. Written by the lookup in training.</summary>
    public int* Ids(int field) => ids.Pointer + field * IdStride;

    /// <summary>From a field's ids to the next field's.</summary>
    public nint IdStride { get; } = IdStrideOf(batchSize);

    /// <summary>The data's row at a place of the batch.</summary>
    public int RowAt(int place) => Rows == null ? FirstRow + place : Rows[place];

    /// <summary>A layer's dropout mask for a tile, and the number under which the mask knows the tile's first row.</summary>
    /// <remarks>
    /// A mask tells 2³² units apart. A batch of more of them is cut into blocks of rows with a key each; a tile belongs to the block of
    /// its first row.
    /// </remarks>
    public (DropoutMask Mask, int FirstRow) MaskOf(DenseNode node, in Tile tile)
    {
        if (!tile.Training || node.DropRate == 0) { return (DropoutMask.None, tile.FirstRow); }
        ulong key = CounterRandom.Key(DropoutKey, (ulong)node.Index);
        const long units = 1L << 32;
        if ((long)BatchSize * node.Width <= units) { return (DropoutMask.Of(node.DropRate, key), tile.FirstRow); }
        (int block, int row) = Math.DivRem(tile.FirstRow, (int)(units / node.Width) - Tile.MaxRows);
        return (DropoutMask.Of(node.DropRate, block == 0 ? key : CounterRandom.Key(key, (ulong)block)), row);
    }

    /// <summary>Points to a batch.</summary>
    public void Set(in RowMemory data, int* rows, int firstRow, int count)
    {
        Data = data;
        Rows = rows;
        FirstRow = firstRow;
        BatchSize = count;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        logits.Dispose();
        gradLogits.Dispose();
        ids.Dispose();
    }

    // Not a multiple of the page size, so that the same place of several fields does not share a cache set.
    static int IdStrideOf(int batchSize) => (batchSize + 15) / 16 * 16 + 16;
}
