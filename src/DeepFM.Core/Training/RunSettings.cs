using DeepFM.Data;
using DeepFM.Models;

namespace DeepFM.Training;

/// <summary>Everything that defines a run besides its data, its seed and its number of threads.</summary>
/// <remarks>
/// Written as JSON with names in camelCase. A record that holds a list is not equal by value: compare the JSON.
/// </remarks>
public sealed record RunSettings
{
    /// <summary>A name of <see cref="ModelCatalog"/>.</summary>
    public required string Model { get; init; }

    /// <summary>The structure's settings.</summary>
    public ModelOptions Options { get; init; } = new();

    /// <summary>The training's settings.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>
    /// The settings of the model that is trained first, where there is one (FNN); null takes <see cref="Training"/>.
    /// Its most passes are <see cref="TrainingOptions.PretrainEpochs"/> of <see cref="Training"/> in either case.
    /// </summary>
    public TrainingOptions? Pretraining { get; init; }

    /// <summary>
    /// What a model is trained with unless asked otherwise: the catalog's settings, with batch size, FTRL's β, the penalties and the
    /// output's bias taken from the training rows, so that they suit files of any size.
    /// </summary>
    /// <remarks>
    /// The epoch is kept by log loss, which sees calibration, and which is what training lowers. Of Criteo's first 10,000 rows, 20 splits,
    /// LR's calibration on validation rows is 1.00 ± 0.07, and 1.04 ± 0.18 where AUC keeps it; its AUC is 0.746 and 0.748, DeepFM's 0.749
    /// and 0.750. From 26,000 rows on (Adult, MovieLens, Frappe) both keep the same epoch in 11 of 12 trainings.
    /// </remarks>
    /// <exception cref="UserErrorException">No model has this name.</exception>
    public static RunSettings Default(string model)
    {
        RunSettings settings = Fixed(model);
        return settings with
        {
            Training = settings.Training with
            {
                BatchSize = 0,
                FtrlBeta = 0,
                EmbeddingL2 = -1,
                NetworkL2 = -1,
                OutputBias = OutputBias.BaseRate,
                PatienceSteps = 200,
                Monitor = Monitor.LogLoss,
            },
        };
    }

    /// <summary>The settings of a model that its catalog entry gives: none is taken from the rows.</summary>
    /// <exception cref="UserErrorException">No model has this name.</exception>
    public static RunSettings Fixed(string model)
    {
        CatalogModel entry = ModelCatalog.Get(model);
        return new() { Model = model, Options = entry.Options, Training = entry.Training };
    }

    /// <summary>The model itself.</summary>
    /// <exception cref="UserErrorException">No model has the name.</exception>
    public CtrModel CreateModel() => ModelCatalog.Get(Model).Create(Options);

    /// <summary>Refuses data that the model, or the one that is trained first, cannot take, before anything is trained.</summary>
    /// <exception cref="UserErrorException">The fields form no pairs; the message names the model.</exception>
    public void RequireFields(IReadOnlyList<EncodedField> fields)
    {
        try
        {
            CtrModel model = CreateModel();
            model.Build(fields.Count).RequireFields(fields);
            model.Pretraining?.Model.Build(fields.Count).RequireFields(fields);
        }
        catch (ArgumentException wrong)
        {
            throw new UserErrorException($"The model '{Model}' does not go with these data. {wrong.Message}", wrong);
        }
    }

    /// <summary>These settings with one option changed.</summary>
    /// <param name="assignment">
    /// <c>key=value</c>: the key is an option's name in camelCase (<c>embeddingSize=16</c>). It counts for the model trained
    /// first, too; with <c>pretraining.</c> before it, for that model alone. With a model's name before it (<c>fm.epochs=5</c>), it
    /// counts for that one and leaves the settings of others as they are. Lists are separated by commas
    /// (<c>hiddenWidths=400,400</c>).
    /// </param>
    /// <exception cref="UserErrorException">The key is unknown, or the value is outside what the option allows.</exception>
    public RunSettings With(string assignment)
    {
        int equals = assignment.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            throw new UserErrorException(
                $"'{assignment}' is not an assignment; write key=value, for example embeddingSize=16.");
        }
        string key = assignment[..equals].Trim(), value = assignment[(equals + 1)..].Trim();

        int dot = key.IndexOf('.', StringComparison.Ordinal);
        if (dot > 0 && ModelCatalog.Names.Contains(key[..dot]))
        {
            string rest = $"{key[(dot + 1)..]}={value}";
            if (key[..dot] == Model) { return With(rest); }
            Default(key[..dot]).With(rest);                 // a mistake in it is one whoever it is for
            return this;
        }
        if (OptionText.Has<ModelOptions>(key)) { return this with { Options = OptionText.Set(Options, key, value) }; }
        if (OptionText.Has<TrainingOptions>(key))
        {
            return this with
            {
                Training = OptionText.Set(Training, key, value),
                Pretraining = Pretraining is null ? null : OptionText.Set(Pretraining, key, value),
            };
        }
        if (key.StartsWith(PretrainingPrefix, StringComparison.Ordinal)
            && OptionText.Has<TrainingOptions>(key[PretrainingPrefix.Length..]))
        {
            return this with
            {
                Pretraining = OptionText.Set(Pretraining ?? Training, key[PretrainingPrefix.Length..], value),
            };
        }
        throw OwnName(key) is { } own
            ? new UserErrorException($"There is no option '{ShownText.Short(key)}'; here it is called {own}.")
            : UnknownName.Error("option", key, Keys);
    }

    /// <summary>What an option is called here that other kits call otherwise; null when none does.</summary>
    public static string? OwnName(string name) => PeerNames.Find(name[(name.LastIndexOf('.') + 1)..], Keys);

    /// <summary>These settings with several options changed, one after the other.</summary>
    /// <exception cref="UserErrorException">As for one.</exception>
    public RunSettings With(IEnumerable<string> assignments) =>
        assignments.Aggregate(this, (settings, assignment) => settings.With(assignment));

    /// <summary>The keys that <see cref="With(string)"/> takes, without those for the model trained first.</summary>
    public static IReadOnlyList<string> Keys { get; } =
        [.. OptionText.Keys<ModelOptions>(), .. OptionText.Keys<TrainingOptions>()];

    /// <summary>The settings as indented JSON.</summary>
    public string ToJson() => JsonFiles.ToJson(this);

    const string PretrainingPrefix = "pretraining.";
}
