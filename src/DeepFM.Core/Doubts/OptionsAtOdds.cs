using DeepFM.Training;
using static System.FormattableString;

namespace DeepFM.Doubts;

/// <summary>Options that switch each other off, or that do not fit the batch.</summary>
static class OptionsAtOdds
{
    const double FarBeta = 30;      // times that of a batch's mean

    /// <param name="settings">The run.</param>
    /// <param name="batchSize">Rows of its batches.</param>
    /// <param name="firstBatchSize">Rows of those of pre-training; 0 where there is none.</param>
    public static IEnumerable<string> Find(RunSettings settings, int batchSize, int firstBatchSize) =>
        Of(settings.Training, batchSize, "")
            .Concat(firstBatchSize > 0 && settings.Pretraining is { } options ? Of(options, firstBatchSize, "pretraining.") : []);

    static IEnumerable<string> Of(TrainingOptions options, int batchSize, string prefix)
    {
        if (options is { UpdateRows: TableRows.Touched, L2Rows: TableRows.All } && (options.EmbeddingL2 != 0 || options.LinearL2 > 0))
        {
            yield return $"{prefix}l2Rows=all changes every row in every step, so {prefix}updateRows=touched has no effect. Set {prefix}updateRows=all to say "
                + $"so, or {prefix}l2Rows=touched.";
        }
        if (options.Optimizer == OptimizerKind.Ftrl && batchSize > 0 && options.FtrlBeta * batchSize > FarBeta)
        {
            yield return Invariant($"{prefix}ftrlBeta={options.FtrlBeta} is {options.FtrlBeta * batchSize:N0} times 1/batchSize, the β = 1 of FTRL's paper for ")
                + $"means over {batchSize} rows: first steps are that much smaller. Set {prefix}ftrlBeta=0 to have it follow the batch.";
        }
    }
}
