using System.Security.Cryptography;
using System.Text;
using DeepFM.Models;
using DeepFM.Training;
using static System.FormattableString;

namespace DeepFM.Research.Plans;

/// <summary>A run that a plan asks for: a model's settings and a seed, and what the result is for.</summary>
/// <param name="Settings">What is trained, and how.</param>
/// <param name="Seed">Seed of weights, dropout and row order.</param>
/// <param name="Uses">The tables and figures that it serves, such as "table2"; none for a comparison.</param>
/// <param name="Alone">Whether nothing else may run beside it, because its times are its result.</param>
/// <param name="KeepsScores">Whether it leaves its logits too, for statistics over rows; they take 4 bytes a row.</param>
public sealed record PlannedRun(RunSettings Settings, ulong Seed, IReadOnlyList<string> Uses, bool Alone = false,
    bool KeepsScores = false)
{
    /// <summary>The settings as JSON: runs with the same text and seed are the same run.</summary>
    public string Key { get; } = Settings.ToJson();

    /// <summary>The name of its directory. Unless said otherwise: model, the settings' SHA-256 cut to 8 digits, seed.</summary>
    public string Name
    {
        get => field ?? $"{Settings.Model}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key)))[..8]}-seed{Seed}";
        init;
    }

    /// <summary>"DeepFM, seed 1 (table2, figure7)".</summary>
    public string Title => $"{ModelCatalog.Get(Settings.Model).DisplayName}, seed {Seed}"
        + (Uses.Count == 0 ? "" : $" ({string.Join(", ", Uses)})");

    /// <summary>The title and what tells runs of one title apart: "DeepFM, seed 1 (figure8): relu, drop rate 0.2, layers 64-64-64".</summary>
    public string Description => ModelTraits.Of(Settings.CreateModel()).HighOrder && Settings.Options is { HiddenWidths.Count: > 0 } options
        ? Invariant($"{Title}: {options.Activation.ToString().ToLowerInvariant()}, drop rate {options.DropRate}, ")
            + $"layers {string.Join('-', options.HiddenWidths)}"
        : Title;
}

/// <summary>A run that has its report.</summary>
/// <param name="Run">What was asked for.</param>
/// <param name="Report">What came out.</param>
/// <param name="Directory">Where it is written.</param>
/// <param name="WasThere">Whether an earlier start of the plan had made it.</param>
public sealed record FinishedRun(PlannedRun Run, RunReport Report, string Directory, bool WasThere)
{
    /// <summary>Time of its training steps and of its evaluations on validation rows, pre-training included.</summary>
    public double Seconds => SecondsOf(Report.Training) + (Report.Pretraining is { } first ? SecondsOf(first) : 0);

    static double SecondsOf(TrainingHistory history) => history.TrainSeconds + history.EvaluationSeconds;
}
