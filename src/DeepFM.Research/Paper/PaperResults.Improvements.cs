namespace DeepFM.Research.Paper;

/// <summary>Whom a stated improvement compares DeepFM with.</summary>
public enum ImprovementOver
{
    /// <summary>LR, which learns no interactions.</summary>
    Lr,

    /// <summary>The best of the models that learn interactions of one kind alone: FM, FNN, IPNN, OPNN, PNN*.</summary>
    SecondBest,

    /// <summary>The better of the two with separate embeddings, LR &amp; DNN and FM &amp; DNN.</summary>
    WideAndDeep,
}

/// <summary>An improvement as a version's text states it, in percent of the other model's figure.</summary>
/// <param name="Over">Compared with whom.</param>
/// <param name="Data">On which data.</param>
/// <param name="Auc">Percent by which DeepFM's AUC is higher.</param>
/// <param name="LogLoss">Percent by which its log loss is lower.</param>
public sealed record PublishedImprovement(ImprovementOver Over, PaperData Data, PublishedValue Auc, PublishedValue LogLoss);

public static partial class PaperResults
{
    /// <summary>The relative improvements that the two versions' section 3.2 states.</summary>
    /// <remarks>Those of the conference's version match its own table only roughly; those of v1 match to rounding.</remarks>
    public static IReadOnlyList<PublishedImprovement> Improvements { get; } =
    [
        Stated(ImprovementOver.Lr, PaperData.Company, 0.86, 1.15, PaperSource.V1Text),
        Stated(ImprovementOver.Lr, PaperData.Criteo, 4.18, 5.60, PaperSource.V1Text),
        Stated(ImprovementOver.SecondBest, PaperData.Company, 0.37, 0.42, PaperSource.V1Text),
        Stated(ImprovementOver.SecondBest, PaperData.Criteo, 0.25, 0.29, PaperSource.V1Text),
        Stated(ImprovementOver.WideAndDeep, PaperData.Company, 0.48, 0.61, PaperSource.V1Text),
        Stated(ImprovementOver.WideAndDeep, PaperData.Criteo, 0.33, 0.66, PaperSource.V1Text),
        Stated(ImprovementOver.Lr, PaperData.Company, 0.82, 1.1, PaperSource.IjcaiText),
        Stated(ImprovementOver.Lr, PaperData.Criteo, 2.6, 4.0, PaperSource.IjcaiText),
        Stated(ImprovementOver.SecondBest, PaperData.Company, 0.34, 0.34, PaperSource.IjcaiText),
        Stated(ImprovementOver.SecondBest, PaperData.Criteo, 0.41, 0.76, PaperSource.IjcaiText),
        Stated(ImprovementOver.WideAndDeep, PaperData.Company, 0.48, 0.58, PaperSource.IjcaiText),
        Stated(ImprovementOver.WideAndDeep, PaperData.Criteo, 0.44, 0.80, PaperSource.IjcaiText),
    ];

    /// <summary>What the conference's version says of significance; v1 says nothing.</summary>
    public const string Significance = "IJCAI 2017: p-value of DeepFM against FM & DNN in log loss on Company* < 1.5e-3, "
        + "all others on both data sets < 1e-6; arXiv v1 states none.";

    static PublishedImprovement Stated(ImprovementOver over, PaperData data, double auc, double logLoss, PaperSource source) =>
        new(over, data, new(auc, source), new(logLoss, source));
}
