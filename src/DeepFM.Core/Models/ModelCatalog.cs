using DeepFM.Training;

namespace DeepFM.Models;

/// <summary>A model that is chosen by name.</summary>
/// <param name="Name">What the command takes: lower case, words joined by a hyphen.</param>
/// <param name="DisplayName">The name as the paper writes it.</param>
/// <param name="Create">Makes the model from the structure's settings.</param>
public sealed record CatalogModel(string Name, string DisplayName, Func<ModelOptions, CtrModel> Create)
{
    /// <summary>The structure's settings unless others are asked for.</summary>
    public ModelOptions Options { get; init; } = new();

    /// <summary>The training's settings unless others are asked for.</summary>
    public TrainingOptions Training { get; init; } = new();
}

/// <summary>The models that can be chosen by name: the nine of the paper, and the four that its extended version adds.</summary>
/// <remarks>
/// Where a model's defaults differ from <see cref="ModelOptions"/> and <see cref="TrainingOptions"/>, the line says why.
/// </remarks>
public static class ModelCatalog
{
    /// <summary>All models, in the order of the paper's tables.</summary>
    public static IReadOnlyList<CatalogModel> All { get; } =
    [
        // FTRL: Guo et al. 2017, section 3.1. α = 0.1 is the rate of McMahan et al. 2013 that suits most data, β = 1
        // theirs for gradients of single samples. A mean over B samples makes gradients B times smaller, so β/B is the
        // same rule for batches of B = 4096.
        new("lr", "LR", options => new LrModel(options))
        {
            Training = new() { Optimizer = OptimizerKind.Ftrl, LearningRate = 0.1f, FtrlBeta = 1f / 4096 },
        },
        new("fm", "FM", options => new FmModel(options)),
        new("fnn", "FNN", options => new FnnModel(options)),
        // tanh: Guo et al. 2017, section 3.1.
        new("ipnn", "IPNN", options => new IpnnModel(options)) { Options = new() { Activation = Activation.Tanh } },
        new("opnn", "OPNN", options => new OpnnModel(options)),
        new("pnn-star", "PNN*", options => new PnnStarModel(options)),
        new("lr-dnn", "LR & DNN", options => new LrDnnModel(options)),
        new("fm-dnn", "FM & DNN", options => new FmDnnModel(options)),
        new("deepfm", "DeepFM", options => new DeepFmModel(options)),
        new("dnn", "DNN", options => new DnnModel(options)),
        new("deepfm-ip", "DeepFM-IP", options => new DeepFmInnerModel(options)),
        new("deepfm-op", "DeepFM-OP", options => new DeepFmOuterModel(options)),
        new("deepfm-star", "DeepFM-*P", options => new DeepFmStarModel(options)),
    ];

    /// <summary>The names of all models.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(model => model.Name)];

    /// <summary>What the extended paper (Guo et al. 2018) adds: the plain deep network, and DeepFM with product networks.</summary>
    public static IReadOnlyList<string> ExtendedNames { get; } = ["dnn", "deepfm-ip", "deepfm-op", "deepfm-star"];

    /// <summary>The nine models that the paper compares (Guo et al. 2017, section 3.1).</summary>
    public static IReadOnlyList<string> PaperNames { get; } = [.. Names.Except(ExtendedNames)];

    /// <summary>The model called <paramref name="name"/>.</summary>
    /// <exception cref="UserErrorException">No model has this name; the message lists all and gives the nearest.</exception>
    public static CatalogModel Get(string name) =>
        All.FirstOrDefault(model => model.Name == name) ?? throw UnknownName.Error("model", name, Names);
}
