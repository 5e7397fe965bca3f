namespace DeepFM.Layers;

/// <summary>About a hundred adjoining rows of a batch, small enough that their activations stay in a core's cache.</summary>
/// <param name="Index">0-based.</param>
/// <param name="FirstRow">The first row's place in the batch.</param>
/// <param name="RowCount">At least 1.</param>
/// <param name="Thread">The thread that works on it.</param>
/// <param name="Training">False in evaluation: no dropout, running statistics in batch norm.</param>
readonly record struct Tile(int Index, int FirstRow, int RowCount, int Thread, bool Training)
{
    /// <summary>Rows of all tiles but the last. A multiple of the matrix kernel's 5 rows.</summary>
    public const int MaxRows = 100;

    /// <summary>Tiles of a batch; how rows are cut depends on the batch alone, never on the number of threads.</summary>
    public static int CountOf(int batchSize) => (batchSize + MaxRows - 1) / MaxRows;

    /// <summary>The tile of this index.</summary>
    public static Tile Of(int index, int batchSize, int thread, bool training) =>
        new(index, index * MaxRows, Math.Min(MaxRows, batchSize - index * MaxRows), thread, training);
}
