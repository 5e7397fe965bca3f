using DeepFM.Training;

namespace DeepFM.Research.Paper;

/// <summary>The public benchmark's board for one data set.</summary>
/// <param name="Name">As the benchmark calls it.</param>
/// <param name="SchemaName">The name of the schema that reads its files; what files it read, <paramref name="Rows"/> tells.</param>
/// <param name="Rows">The benchmark's rows.</param>
/// <param name="Scores">By the catalog's model names; the benchmark has no FNN, OPNN, PNN* and FM &amp; DNN.</param>
public sealed record BarsBoard(string Name, string SchemaName, PublishedRows Rows, IReadOnlyDictionary<string, PublishedScore> Scores);

public static partial class PaperResults
{
    /// <summary>Criteo's whole training file, which the papers and the benchmark divide.</summary>
    public static PublishedRows CriteoRows { get; } = new(null, 45_840_617, 11_745_438);

    /// <summary>
    /// Boards of BARS: the best or first run of each model, not a mean. Its Wide &amp; Deep is the paper's LR &amp; DNN; its DNN
    /// has two networks by its parameter count.
    /// </summary>
    public static IReadOnlyList<BarsBoard> Bars { get; } =
    [
        Board("Frappe_x1", "frappe", new((202_027, 57_722, 28_860), 288_609, 96_203), ("lr", 0.9356m, 0.3076m), ("fm", 0.9671m, 0.2065m), ("dnn", 0.9833m, 0.1622m),
            ("ipnn", 0.9841m, 0.1540m), ("lr-dnn", 0.9841m, 0.1490m), ("deepfm", 0.9842m, 0.1482m)),
        Board("MovielensLatest_x1", "movielens-latest", new((1_404_801, 401_372, 200_686), 2_006_859, 668_953), ("lr", 0.9342m, 0.3201m), ("fm", 0.9434m, 0.2729m), ("dnn", 0.9678m, 0.2388m),
            ("ipnn", 0.9699m, 0.2095m), ("lr-dnn", 0.9688m, 0.2161m), ("deepfm", 0.9685m, 0.2130m)),
        Board("Criteo_x1", "criteo", new((33_003_326, 8_250_124, 4_587_167), CriteoRows.Count, CriteoRows.Positives), ("lr", 0.7886m, 0.4609m), ("fm", 0.8022m, 0.4491m), ("dnn", 0.8137m, 0.4382m),
            ("ipnn", 0.8137m, 0.4383m), ("lr-dnn", 0.8139m, 0.4380m), ("deepfm", 0.8137m, 0.4381m)),
    ];

    /// <summary>The board of rows; null when they are none of the benchmark's.</summary>
    public static BarsBoard? BarsFor(DataReport rows) => Bars.FirstOrDefault(board => board.Rows.Are(rows));

    static BarsBoard Board(string name, string schemaName, PublishedRows published, params (string Model, decimal Auc, decimal LogLoss)[] rows) =>
        new(name, schemaName, published, rows.ToDictionary(row => row.Model, row => Score(row.Auc, row.LogLoss, PaperSource.Bars(name))));
}
