namespace DeepFM.Research.Paper;

/// <summary>The public benchmark's board for one data set.</summary>
/// <param name="Name">As the benchmark calls it.</param>
/// <param name="SchemaName">The name of the schema whose rows are those of the benchmark.</param>
/// <param name="Scores">By the catalog's model names; the benchmark has no FNN, OPNN, PNN* and FM &amp; DNN.</param>
public sealed record BarsBoard(string Name, string SchemaName, IReadOnlyDictionary<string, PublishedScore> Scores);

public static partial class PaperResults
{
    /// <summary>
    /// Boards of BARS: the best or first run of each model, not a mean. Its Wide &amp; Deep is the paper's LR &amp; DNN; its DNN
    /// has two networks by its parameter count.
    /// </summary>
    public static IReadOnlyList<BarsBoard> Bars { get; } =
    [
        Board("Frappe_x1", "frappe", ("lr", 0.9356, 0.3076), ("fm", 0.9671, 0.2065), ("dnn", 0.9833, 0.1622),
            ("ipnn", 0.9841, 0.1540), ("lr-dnn", 0.9841, 0.1490), ("deepfm", 0.9842, 0.1482)),
        Board("MovielensLatest_x1", "movielens-latest", ("lr", 0.9342, 0.3201), ("fm", 0.9434, 0.2729), ("dnn", 0.9678, 0.2388),
            ("ipnn", 0.9699, 0.2095), ("lr-dnn", 0.9688, 0.2161), ("deepfm", 0.9685, 0.2130)),
        Board("Criteo_x1", "criteo", ("lr", 0.7886, 0.4609), ("fm", 0.8022, 0.4491), ("dnn", 0.8137, 0.4382),
            ("ipnn", 0.8137, 0.4383), ("lr-dnn", 0.8139, 0.4380), ("deepfm", 0.8137, 0.4381)),
    ];

    /// <summary>The board of a schema's data set; null when the benchmark has none.</summary>
    public static BarsBoard? BarsFor(string schemaName) => Bars.FirstOrDefault(board => board.SchemaName == schemaName);

    static BarsBoard Board(string name, string schemaName, params (string Model, double Auc, double LogLoss)[] rows) =>
        new(name, schemaName, rows.ToDictionary(row => row.Model, row => Score(row.Auc, row.LogLoss, PaperSource.Bars(name))));
}
