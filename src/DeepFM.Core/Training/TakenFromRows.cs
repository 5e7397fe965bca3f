using DeepFM.Models;
using static System.FormattableString;

namespace DeepFM.Training;

/// <summary>What a run took from its training rows, where its settings leave it to them.</summary>
public static class TakenFromRows
{
    /// <summary>Such as "batchSize=64, embeddingL2=0.05, networkL2=0.01"; empty where all was set. Penalties of parts that the model has.</summary>
    public static string Of(RunReport report)
    {
        TrainingOptions asked = report.Settings.Training;
        TrainingHistory taken = report.Training;
        if (taken.BatchSize == 0) { return ""; }                // a report from before it was written down
        IReadOnlyList<Node> nodes = report.Settings.CreateModel().Build(fieldCount: 3).Nodes;
        return string.Join(", ", new[]
        {
            asked.BatchSize == 0 ? Invariant($"batchSize={taken.BatchSize}") : null,
            asked.FtrlBeta == 0 && asked.Optimizer == OptimizerKind.Ftrl ? Invariant($"ftrlBeta={taken.FtrlBeta:g3}") : null,
            asked.EmbeddingL2 < 0 && nodes.Any(node => node is EmbedNode) ? Invariant($"embeddingL2={taken.EmbeddingL2:g3}") : null,
            asked.NetworkL2 < 0 && nodes.Any(node => node is DenseNode) ? Invariant($"networkL2={taken.NetworkL2:g3}") : null,
        }.OfType<string>());
    }
}
