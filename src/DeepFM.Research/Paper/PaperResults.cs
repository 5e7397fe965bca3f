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
    static readonly (string Model, decimal, decimal, decimal, decimal)[] v1 =
    [
        ("lr", 0.8640m, 0.02648m, 0.7686m, 0.47762m),
        ("fm", 0.8678m, 0.02633m, 0.7892m, 0.46077m),
        ("fnn", 0.8683m, 0.02629m, 0.7963m, 0.45738m),
        ("ipnn", 0.8664m, 0.02637m, 0.7972m, 0.45323m),
        ("opnn", 0.8658m, 0.02641m, 0.7982m, 0.45256m),
        ("pnn-star", 0.8672m, 0.02636m, 0.7987m, 0.45214m),
        ("lr-dnn", 0.8673m, 0.02634m, 0.7981m, 0.46772m),       // its AUC and the next one's look swapped in the source
        ("fm-dnn", 0.8661m, 0.02640m, 0.7850m, 0.45382m),
        ("deepfm", 0.8715m, 0.02618m, 0.8007m, 0.45083m),
    ];

    static readonly (string Model, decimal, decimal, decimal, decimal)[] ijcai =
    [
        ("lr", 0.8641m, 0.02648m, 0.7804m, 0.46782m),
        ("fm", 0.8679m, 0.02632m, 0.7894m, 0.46059m),
        ("fnn", 0.8684m, 0.02628m, 0.7959m, 0.46350m),
        ("ipnn", 0.8662m, 0.02639m, 0.7971m, 0.45347m),
        ("opnn", 0.8657m, 0.02640m, 0.7981m, 0.45293m),
        ("pnn-star", 0.8663m, 0.02638m, 0.7983m, 0.45330m),
        ("lr-dnn", 0.8671m, 0.02635m, 0.7858m, 0.46596m),
        ("fm-dnn", 0.8658m, 0.02639m, 0.7980m, 0.45343m),
        ("deepfm", 0.8715m, 0.02619m, 0.8016m, 0.44985m),
    ];

    // Model; then AUC on Company*, Criteo-Random and Criteo-Sequential, and log loss on the same.
    static readonly (string Model, decimal, decimal, decimal, decimal, decimal, decimal)[] extended =
    [
        ("lr", 0.8641m, 0.7804m, 0.7777m, 0.02648m, 0.46782m, 0.4794m),
        ("fm", 0.8679m, 0.7894m, 0.7843m, 0.02632m, 0.46059m, 0.4739m),
        ("dnn", 0.8650m, 0.7860m, 0.7953m, 0.02643m, 0.4697m, 0.4580m),
        ("fnn", 0.8684m, 0.7959m, 0.8038m, 0.02628m, 0.46350m, 0.4507m),
        ("ipnn", 0.8662m, 0.7971m, 0.7995m, 0.02639m, 0.45347m, 0.4543m),
        ("opnn", 0.8657m, 0.7981m, 0.8002m, 0.02640m, 0.45293m, 0.4536m),
        ("pnn-star", 0.8663m, 0.7983m, 0.8005m, 0.02638m, 0.453305m, 0.4533m),
        ("lr-dnn", 0.8671m, 0.7858m, 0.7973m, 0.02635m, 0.46596m, 0.4565m),
        ("fm-dnn", 0.8658m, 0.7980m, 0.7985m, 0.02639m, 0.45343m, 0.4551m),
        ("deepfm", 0.8715m, 0.8016m, 0.8048m, 0.02619m, 0.44985m, 0.4497m),
        ("deepfm-ip", 0.8720m, 0.8019m, 0.8019m, 0.02616m, 0.4496m, 0.4525m),
        ("deepfm-op", 0.8713m, 0.8008m, 0.8020m, 0.02619m, 0.4510m, 0.4524m),
        ("deepfm-star", 0.8716m, 0.7995m, 0.8015m, 0.02619m, 0.4515m, 0.4530m),
    ];

    /// <summary>Table 2 of arXiv v1, by model; null where it has no such cell.</summary>
    public static PublishedScore? V1(string model, PaperData data) => Find(v1, model, data, PaperSource.V1Table2);

    /// <summary>Table 2 of the conference's version, by model; null where it has no such cell.</summary>
    public static PublishedScore? Ijcai(string model, PaperData data) => Find(ijcai, model, data, PaperSource.IjcaiTable2);

    /// <summary>Table IV of the extended version, by model; null for a model that it does not have.</summary>
    public static PublishedScore? Extended(string model, PaperData data)
    {
        foreach ((string name, decimal company, decimal random, decimal sequential, decimal companyLoss, decimal randomLoss,
            decimal sequentialLoss) in extended)
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

    static PublishedScore? Find((string, decimal, decimal, decimal, decimal)[] table, string model, PaperData data,
        PaperSource source)
    {
        foreach ((string name, decimal companyAuc, decimal companyLoss, decimal criteoAuc, decimal criteoLoss) in table)
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

    static PublishedScore Score(decimal auc, decimal logLoss, PaperSource source) => new(new(auc, source), new(logLoss, source));
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
