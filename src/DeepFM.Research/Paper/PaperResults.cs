namespace DeepFM.Research.Paper;

/// <summary>The data sets that the papers report on.</summary>
public enum PaperData
{
    /// <summary>The log of an app store, which is not public.</summary>
    Company,

    /// <summary>Criteo's display advertising challenge; the extended paper's "Criteo-Random".</summary>
    Criteo,

    /// <summary>The same, the last day as test rows: "Criteo-Sequential" of the extended paper.</summary>
    CriteoSequential,
}

/// <summary>The published numbers that reports show beside measured ones. Each has its source.</summary>
/// <remarks>
/// There are two Table 2s: the first arXiv version and the conference print different numbers. Models go by their names
/// in <see cref="Models.ModelCatalog"/>.
/// </remarks>
public static partial class PaperResults
{
    /// <summary>Table 1: the four properties of a row, in the order of <see cref="Models.ModelTraits.InOrder"/>.</summary>
    public static IReadOnlyList<PublishedTraits> Table1 { get; } =
    [
        new("FNN", ["fnn"], [false, true, false, true]),
        new("PNN", ["ipnn", "opnn", "pnn-star"], [true, true, false, true]),
        new("Wide & Deep", ["lr-dnn"], [true, true, true, false]),
        new("DeepFM", ["deepfm"], [true, true, true, true]),
    ];

    // Model; then AUC and log loss on Company*, and on Criteo.
    static readonly (string Model, double, double, double, double)[] v1 =
    [
        ("lr", 0.8640, 0.02648, 0.7686, 0.47762),
        ("fm", 0.8678, 0.02633, 0.7892, 0.46077),
        ("fnn", 0.8683, 0.02629, 0.7963, 0.45738),
        ("ipnn", 0.8664, 0.02637, 0.7972, 0.45323),
        ("opnn", 0.8658, 0.02641, 0.7982, 0.45256),
        ("pnn-star", 0.8672, 0.02636, 0.7987, 0.45214),
        ("lr-dnn", 0.8673, 0.02634, 0.7981, 0.46772),       // its AUC and the next one's look swapped in the source
        ("fm-dnn", 0.8661, 0.02640, 0.7850, 0.45382),
        ("deepfm", 0.8715, 0.02618, 0.8007, 0.45083),
    ];

    static readonly (string Model, double, double, double, double)[] ijcai =
    [
        ("lr", 0.8641, 0.02648, 0.7804, 0.46782),
        ("fm", 0.8679, 0.02632, 0.7894, 0.46059),
        ("fnn", 0.8684, 0.02628, 0.7959, 0.46350),
        ("ipnn", 0.8662, 0.02639, 0.7971, 0.45347),
        ("opnn", 0.8657, 0.02640, 0.7981, 0.45293),
        ("pnn-star", 0.8663, 0.02638, 0.7983, 0.45330),
        ("lr-dnn", 0.8671, 0.02635, 0.7858, 0.46596),
        ("fm-dnn", 0.8658, 0.02639, 0.7980, 0.45343),
        ("deepfm", 0.8715, 0.02619, 0.8016, 0.44985),
    ];

    // Model; then AUC on Company*, Criteo-Random and Criteo-Sequential, and log loss on the same.
    static readonly (string Model, double, double, double, double, double, double)[] extended =
    [
        ("lr", 0.8641, 0.7804, 0.7777, 0.02648, 0.46782, 0.4794),
        ("fm", 0.8679, 0.7894, 0.7843, 0.02632, 0.46059, 0.4739),
        ("dnn", 0.8650, 0.7860, 0.7953, 0.02643, 0.4697, 0.4580),
        ("fnn", 0.8684, 0.7959, 0.8038, 0.02628, 0.46350, 0.4507),
        ("ipnn", 0.8662, 0.7971, 0.7995, 0.02639, 0.45347, 0.4543),
        ("opnn", 0.8657, 0.7981, 0.8002, 0.02640, 0.45293, 0.4536),
        ("pnn-star", 0.8663, 0.7983, 0.8005, 0.02638, 0.453305, 0.4533),
        ("lr-dnn", 0.8671, 0.7858, 0.7973, 0.02635, 0.46596, 0.4565),
        ("fm-dnn", 0.8658, 0.7980, 0.7985, 0.02639, 0.45343, 0.4551),
        ("deepfm", 0.8715, 0.8016, 0.8048, 0.02619, 0.44985, 0.4497),
        ("deepfm-ip", 0.8720, 0.8019, 0.8019, 0.02616, 0.4496, 0.4525),
        ("deepfm-op", 0.8713, 0.8008, 0.8020, 0.02619, 0.4510, 0.4524),
        ("deepfm-star", 0.8716, 0.7995, 0.8015, 0.02619, 0.4515, 0.4530),
    ];

    /// <summary>Table 2 of arXiv v1, by model; null where it has no such cell.</summary>
    public static PublishedScore? V1(string model, PaperData data) => Find(v1, model, data, PaperSource.V1Table2);

    /// <summary>Table 2 of the conference's version, by model; null where it has no such cell.</summary>
    public static PublishedScore? Ijcai(string model, PaperData data) => Find(ijcai, model, data, PaperSource.IjcaiTable2);

    /// <summary>Table IV of the extended version, by model; null for a model that it does not have.</summary>
    public static PublishedScore? Extended(string model, PaperData data)
    {
        foreach ((string name, double company, double random, double sequential, double companyLoss, double randomLoss,
            double sequentialLoss) in extended)
        {
            if (name != model) { continue; }
            return data switch
            {
                PaperData.Company => Score(company, companyLoss, PaperSource.ExtendedTable4),
                PaperData.Criteo => Score(random, randomLoss, PaperSource.ExtendedTable4),
                _ => Score(sequential, sequentialLoss, PaperSource.ExtendedTable4),
            };
        }
        return null;
    }

    static PublishedScore? Find((string, double, double, double, double)[] table, string model, PaperData data,
        PaperSource source)
    {
        foreach ((string name, double companyAuc, double companyLoss, double criteoAuc, double criteoLoss) in table)
        {
            if (name != model) { continue; }
            return data switch
            {
                PaperData.Company => Score(companyAuc, companyLoss, source),
                PaperData.Criteo => Score(criteoAuc, criteoLoss, source),
                _ => null,
            };
        }
        return null;
    }

    static PublishedScore Score(double auc, double logLoss, PaperSource source) => new(new(auc, source), new(logLoss, source));
}

/// <summary>A row of the published Table 1.</summary>
/// <param name="Name">As printed.</param>
/// <param name="Models">The catalog's models that it speaks of.</param>
/// <param name="Traits">No pre-training, high order, low order, no feature engineering.</param>
public sealed record PublishedTraits(string Name, IReadOnlyList<string> Models, IReadOnlyList<bool> Traits)
{
    /// <summary>Where it is printed.</summary>
    public PaperSource Source { get; } = PaperSource.Table1;
}
