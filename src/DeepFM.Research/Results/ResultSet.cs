using DeepFM.Data;
using DeepFM.Metrics;
using DeepFM.Models;
using DeepFM.Research.Plans;
using DeepFM.Research.Statistics;
using DeepFM.Training;

namespace DeepFM.Research.Results;

/// <summary>The finished runs of a plan, to be looked up by their settings.</summary>
public sealed class ResultSet
{
    readonly Dictionary<string, FinishedRun[]> byKey;

    /// <summary>Takes the runs of a plan.</summary>
    /// <param name="runs">At least one; all on the same data.</param>
    public ResultSet(IReadOnlyList<FinishedRun> runs)
    {
        Runs = runs;
        OnTest = runs.All(run => run.Report.Test is not null);
        byKey = runs.GroupBy(run => run.Run.Key).ToDictionary(group => group.Key, group => group.OrderBy(run => run.Run.Seed).ToArray());
    }

    /// <summary>Reads a plan's runs from a directory that a reproduction has written, such as one that is committed.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="directory">Has <c>runs/NAME/report.json</c>; scores need not be there.</param>
    /// <exception cref="UserErrorException">A run of the plan is missing, or damaged.</exception>
    public static ResultSet Read(ExperimentPlan plan, string directory) => new([.. plan.Runs.Select(run =>
    {
        string folder = Path.Combine(directory, "runs", run.Name);
        return new FinishedRun(run, RunReport.Read(Path.Combine(folder, TrainingRun.ReportName)), folder, WasThere: true);
    })]);

    /// <summary>All of them.</summary>
    public IReadOnlyList<FinishedRun> Runs { get; }

    /// <summary>Whether the figures are those on test rows; otherwise on validation rows.</summary>
    public bool OnTest { get; }

    /// <summary>Whether the runs of a model's settings are there, of each of these seeds.</summary>
    public bool Has(RunSettings settings, params IEnumerable<ulong> seeds) => byKey.TryGetValue(settings.ToJson(), out FinishedRun[]? there)
        && seeds.All(seed => there.Any(run => run.Run.Seed == seed));

    /// <summary>The figures of a model's settings over the seeds.</summary>
    /// <exception cref="KeyNotFoundException">The plan has no run of these settings.</exception>
    public ModelFigures Of(RunSettings settings)
    {
        FinishedRun[] runs = byKey[settings.ToJson()];
        EvaluationMetrics[] metrics = [.. runs.Select(run => OnTest ? run.Report.Test! : run.Report.Valid!)];
        return new(settings.Model, runs, [.. metrics.Select(figures => figures.Auc ?? double.NaN)],
            [.. metrics.Select(figures => figures.LogLoss)]);
    }

    /// <summary>The logits that a run left for the rows that are reported on.</summary>
    /// <exception cref="UserErrorException">The file is missing or damaged.</exception>
    public float[] Scores(FinishedRun run)
    {
        using SafeTensorsFile file = SafeTensorsFile.Open(Path.Combine(run.Directory, TrainingRun.ScoresName));
        string name = OnTest ? TrainingRun.TestScores : TrainingRun.ValidScores;
        float[] scores = new float[file[name].ElementCount];
        file.Read(name, scores.AsSpan());
        return scores;
    }
}

/// <summary>A model's figures, one a seed.</summary>
/// <param name="Model">The catalog's name.</param>
/// <param name="Runs">In the order of the seeds.</param>
/// <param name="Aucs">In [0, 1], in the same order.</param>
/// <param name="LogLosses">Nats per row, in the same order.</param>
public sealed record ModelFigures(string Model, IReadOnlyList<FinishedRun> Runs, IReadOnlyList<double> Aucs,
    IReadOnlyList<double> LogLosses)
{
    /// <summary>The model's name as the papers write it.</summary>
    public string DisplayName => ModelCatalog.Get(Model).DisplayName;

    /// <summary>AUC: mean and deviation over the seeds.</summary>
    public Spread Auc => Spread.Of(Aucs);

    /// <summary>Log loss: mean and deviation over the seeds.</summary>
    public Spread LogLoss => Spread.Of(LogLosses);
}
