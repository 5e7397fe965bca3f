using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Research.Plans;

/// <summary>How much of everything a reproduction does: sizes of the generated data, seeds, networks, epochs.</summary>
/// <remarks>
/// Rates, penalties and epochs of quick and standard were chosen on validation rows of the generated data; test rows were
/// not looked at. Full keeps the catalog's settings. What a profile
/// changes against <see cref="RunSettings.Fixed"/> is written as assignments, which the report prints. Nothing is taken from the rows, so
/// that a profile means the same on any.
/// </remarks>
public sealed record Profile
{
    /// <summary>What the command takes.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for, one sentence.</summary>
    public required string Description { get; init; }

    /// <summary>A sentence that stands on top of the report; null for none.</summary>
    public string? Notice { get; init; }

    /// <summary>Rows of the generated training days; a tenth of them validates.</summary>
    public required int TrainRows { get; init; }

    /// <summary>Rows of the generated test day.</summary>
    public required int TestRows { get; init; }

    /// <summary>Users of the generated data.</summary>
    public required int UserCount { get; init; }

    /// <summary>Apps of the generated data.</summary>
    public required int AppCount { get; init; }

    /// <summary>Seeds of the runs, 1 to this number.</summary>
    public required int SeedCount { get; init; }

    /// <summary>Changes for deep models in Table 2.</summary>
    public required IReadOnlyList<string> Deep { get; init; }

    /// <summary>Changes for FM, which FNN is pre-trained with too.</summary>
    public required IReadOnlyList<string> Fm { get; init; }

    /// <summary>Changes for LR.</summary>
    public required IReadOnlyList<string> Lr { get; init; }

    /// <summary>Changes on top for Figures 7–11, which have many more runs.</summary>
    public required IReadOnlyList<string> Sweeps { get; init; }

    /// <summary>Epochs of the runs that are timed for Figure 6. At least 2: the first warms up.</summary>
    public required int TimingEpochs { get; init; }

    /// <summary>Runs side by side unless asked otherwise: small ones use the cores better one a core.</summary>
    public int? Jobs { get; init; }

    /// <summary>A model's settings in Table 2.</summary>
    /// <exception cref="UserErrorException">No model has this name.</exception>
    public RunSettings For(string model)
    {
        IReadOnlyList<string> changes = model switch { "lr" => Lr, "fm" => Fm, _ => Deep };
        RunSettings settings = RunSettings.Fixed(model).With(changes);
        return settings.CreateModel().Pretraining is null ? settings
            : settings.With(Fm.Select(PretrainingChange));
    }

    /// <summary>A model's settings in Figures 7–11, before the sweep's own. FNN starts from the same FM as in Table 2.</summary>
    /// <exception cref="UserErrorException">No model has this name.</exception>
    public RunSettings ForSweeps(string model)
    {
        RunSettings settings = For(model);
        return settings.With(Sweeps) with { Pretraining = settings.Pretraining };
    }

    /// <summary>All profiles, the smallest first.</summary>
    public static IReadOnlyList<Profile> All { get; } =
    [
        new()
        {
            Name = "quick",
            Description = "everything present with small sizes and 2 seeds, within five minutes on two cores",
            Notice = "Made with the quick profile: few rows, small networks, few epochs and 2 seeds. It shows that everything "
                + "works and what it looks like; for conclusions run --profile standard.",
            TrainRows = 100_000, TestRows = 40_000, UserCount = 1_000, AppCount = 200,
            SeedCount = 2,
            Deep =
            [
                "hiddenWidths=64,64,64", "dropRate=0.2", "batchSize=1024", "learningRate=0.003", "embeddingL2=0.001", "epochs=6",
                "pretrainEpochs=4",
            ],
            Fm = ["batchSize=1024", "learningRate=0.003", "embeddingL2=0.001", "epochs=8"],
            Lr = ["batchSize=1024", "ftrlBeta=0.0009765625", "epochs=6"],
            Sweeps = ["learningRate=0.005", "epochs=3", "pretrainEpochs=3"],
            TimingEpochs = 2,
            Jobs = Environment.ProcessorCount,
        },
        new()
        {
            Name = "standard",
            Description = "3 seeds, the paper's network in Table 2 and Figure 6, networks of a quarter of its width in Figures 7–11; "
                + "within an hour on two cores",
            TrainRows = 500_000, TestRows = 150_000, UserCount = 4_000, AppCount = 600,
            SeedCount = 3,
            Deep = ["dropRate=0.2", "batchSize=2048", "embeddingL2=0.0003", "epochs=5", "patience=1", "pretrainEpochs=6"],
            Fm = ["batchSize=2048", "learningRate=0.004", "embeddingL2=0.0003", "epochs=10", "patience=1"],
            Lr = ["batchSize=2048", "ftrlBeta=0.00048828125", "epochs=8", "patience=1"],
            Sweeps = ["hiddenWidths=100,100,100", "epochs=3", "learningRate=0.003", "pretrainEpochs=3"],
            TimingEpochs = 3,
            Jobs = Environment.ProcessorCount,
        },
        new()
        {
            Name = "full",
            Description = "5 seeds and the paper's sizes: as many rows as Criteo has, networks of 400-400-400; made to run for days "
                + "and to be stopped and resumed",
            TrainRows = 41_256_555, TestRows = 4_584_062, UserCount = 1_000_000, AppCount = 20_000,
            SeedCount = 5,
            Deep = ["epochs=3", "patience=1", "pretrainEpochs=3"],
            Fm = ["epochs=5", "patience=1"],
            Lr = ["epochs=5", "patience=1"],
            Sweeps = [],
            TimingEpochs = 2,
            Jobs = 1,
        },
    ];

    /// <summary>The names of all profiles.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(profile => profile.Name)];

    /// <summary>The profile called <paramref name="name"/>.</summary>
    /// <exception cref="UserErrorException">No profile has this name; the message lists all and gives the nearest.</exception>
    public static Profile Get(string name) =>
        All.FirstOrDefault(profile => profile.Name == name) ?? throw UnknownName.Error("profile", name, Names);

    // The FM that is trained first takes FM's settings, but its number of epochs stands in the deep model's own.
    static string PretrainingChange(string change) => $"pretraining.{change}";
}
