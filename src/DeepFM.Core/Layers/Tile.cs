namespace DeepFM.Layers;

/// <summary>Some sixty adjoining rows of a batch, few enough that their activations stay in a core's cache.</summary>
/// <param name="Index">0-based.</param>
/// <param name="FirstRow">The first row's place in the batch.</param>
/// <param name="RowCount">At least 1.</param>
/// <param name="Thread">The thread that works on it.</param>
/// <param name="Training">False in evaluation: no dropout, running statistics in batch norm.</param>
readonly record struct Tile(int Index, int FirstRow, int RowCount, int Thread, bool Training)
{
    /// <summary>The most rows of a tile.</summary>
    public const int MaxRows = 65;

    const int Rows = 64;            // the number aimed at: of an activation, 100 KiB

    // Counts that 2, 4 and 8 threads share out evenly.
    const int CountMultiple = 8;

    const int BlockRows = 5;        // of the matrix kernel

    /// <summary>Tiles of a batch; how rows are cut depends on the batch alone, never on the number of threads.</summary>
    public static int CountOf(int batchSize) => (batchSize + RowsOf(batchSize) - 1) / RowsOf(batchSize);

    /// <summary>The most tiles of any batch up to this size.</summary>
    public static int MaxCountOf(int batchSize) => RoundUp((batchSize + Rows - 1) / Rows, CountMultiple);

    /// <summary>The tile of this index.</summary>
    public static Tile Of(int index, int batchSize, int thread, bool training)
    {
        int rows = RowsOf(batchSize);
        return new(index, index * rows, Math.Min(rows, batchSize - index * rows), thread, training);
    }

    static int RowsOf(int batchSize)
    {
        int count = MaxCountOf(batchSize);
        return RoundUp((batchSize + count - 1) / count, BlockRows);
    }

    static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
