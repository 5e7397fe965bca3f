using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Research.Plans;

/// <summary>Which runs the paper's tables and figures need.</summary>
public sealed class ReproductionPlan
{
    readonly ReproductionOptions options;

    /// <summary>Works out the runs.</summary>
    /// <exception cref="UserErrorException">A setting is unknown or not allowed.</exception>
    public ReproductionPlan(ReproductionOptions options)
    {
        this.options = options;
        Sweeps = [.. Sweep.All(SweepWidth())
            .Where(sweep => options.Parts.Contains(sweep.Name))
            .Select(sweep => sweep with { Models = [.. sweep.Models.Where(options.Models.Contains)] })
            .Where(sweep => sweep.Models.Count > 0)];
        IReadOnlyList<ulong> seeds = options.EffectiveSeeds;
        List<PlannedRun> runs = [];
        if (Has("table2")) { runs.AddRange(ExperimentPlan.Cross(options.Models.Select(For), seeds, "table2", keepsScores: true)); }
        foreach (Sweep sweep in Sweeps)
        {
            runs.AddRange(ExperimentPlan.Cross(
                from model in sweep.Models from place in Enumerable.Range(0, sweep.Places.Count) select At(sweep, model, place),
                seeds, sweep.Name));
        }
        // Time does not depend on the seed: one is enough, its epochs are the repetitions.
        if (Has("figure6")) { runs.AddRange(ExperimentPlan.Cross(TimedModels.Select(ForTiming), [seeds[0]], "figure6", alone: true)); }
        Experiments = new(runs);
        if (runs.Count == 0 && options.Parts.Any(part => part != "table1"))
        {
            throw new UserErrorException($"{string.Join(", ", options.Parts)}: nothing to train with {string.Join(", ", options.Models)}. "
                + $"Figures 7 to 11 are of {string.Join(", ", Sweep.All(SweepWidth()).SelectMany(sweep => sweep.Models).Distinct())}.");
        }
    }

    /// <summary>The runs.</summary>
    public ExperimentPlan Experiments { get; }

    /// <summary>Figures 7–11 as far as they are asked for.</summary>
    public IReadOnlyList<Sweep> Sweeps { get; }

    /// <summary>The models of Figure 6: LR, by which all are divided, and those that the papers time.</summary>
    public IReadOnlyList<string> TimedModels =>
        ["lr", .. Sweep.DeepModels.Concat(ModelCatalog.ExtendedNames).Where(options.Models.Contains)];

    /// <summary>A model's settings in Table 2.</summary>
    public RunSettings For(string model) =>
        (options.Preset is { } preset ? preset.For(model) : options.Profile.For(model)).With(options.Assignments);

    /// <summary>A model's settings at a place of a sweep.</summary>
    public RunSettings At(Sweep sweep, string model, int place) => sweep.At(SweepBase(model), place);

    /// <summary>
    /// A model's settings in Figure 6: the paper's network (or the preset's), and a fixed number of epochs, since the
    /// figure is about the cost of one. LR and the FM that is trained first have short epochs, so they are timed more often.
    /// </summary>
    public RunSettings ForTiming(string model)
    {
        int epochs = options.Profile.TimingEpochs;
        RunSettings settings = (options.Preset is { } preset ? preset.For(model) : RunSettings.Fixed(model)).With(options.Assignments);
        return settings with
        {
            Training = settings.Training with
            {
                Epochs = model == "lr" ? LrTimings * epochs : epochs,
                PretrainEpochs = PretrainTimings * epochs,
                Patience = 0,
            },
            Pretraining = settings.Pretraining is null ? null : settings.Pretraining with { Patience = 0 },
        };
    }

    const int LrTimings = 10, PretrainTimings = 3;

    bool Has(string part) => options.Parts.Contains(part);

    int SweepWidth() => SweepBase("deepfm").Options.HiddenWidths is [int first, ..] ? first : 400;

    RunSettings SweepBase(string model) =>
        (options.Preset is { } preset ? preset.For(model) : options.Profile.ForSweeps(model)).With(options.Assignments);
}
