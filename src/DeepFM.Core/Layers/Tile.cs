using DeepFM.Numerics;

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

    /// <summary>Rows of a tile that is only scored, the last of a call aside: whole groups of every kernel.</summary>
    public const int ScoredRows = 3 * Kernels.RowMultiple;

    const int Rows = 64;            // the number aimed at: of an activation, 100 KiB

    // Counts that 2, 4 and 8 threads share out evenly.
    const int CountMultiple = 8;

    const int BlockRows = 5;        // of the matrix kernel, where registers are many

    /// <summary>Tiles of a batch; how rows are cut depends on the batch alone, never on the number of threads.</summary>
    public static int CountOf(int batchSize) => Math.Min(MaxCountOf(batchSize), BlocksOf(batchSize));

    /// <summary>The most tiles of any batch up to this size.</summary>
    public static int MaxCountOf(int batchSize) => RoundUp((batchSize + Rows - 1) / Rows, CountMultiple);

    /// <summary>The tile of this index.</summary>
    /// <remarks>Whole blocks of the matrix kernel are shared out, one more to each of the first; the last takes what is left.</remarks>
    public static Tile Of(int index, int batchSize, int thread, bool training)
    {
        int first = FirstRowOf(index, batchSize);
        return new(index, first, FirstRowOf(index + 1, batchSize) - first, thread, training);
    }

    /// <summary>Tiles of rows that are only scored.</summary>
    public static int ScoredCountOf(int rows) => (rows + ScoredRows - 1) / ScoredRows;

    /// <summary>One of these: of the same number of rows whatever the batch, so that a score does not depend on its size.</summary>
    public static Tile OfScored(int index, int rows, int thread) =>
        new(index, index * ScoredRows, Math.Min(ScoredRows, rows - index * ScoredRows), thread, Training: false);

    /// <summary>Where its rows stand in memory that keeps a batch while it trains; what is only scored, each thread overwrites.</summary>
    public int Place => Training ? FirstRow : Thread * MaxRows;

    /// <summary>Rows of such memory.</summary>
    public static int PlacesOf(int batchSize, int threads) => Math.Max(batchSize, threads * MaxRows);

    static int FirstRowOf(int index, int batchSize)
    {
        (int blocks, int more) = Math.DivRem(BlocksOf(batchSize), CountOf(batchSize));
        return Math.Min(batchSize, BlockRows * (index * blocks + Math.Min(index, more)));
    }

    static int BlocksOf(int batchSize) => (batchSize + BlockRows - 1) / BlockRows;

    static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
