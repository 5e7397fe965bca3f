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
    /// <remarks>Those of the conference's version match its own table only roughly; those of v1 match to rounding, but for LR by up to 0.02.</remarks>
    public static IReadOnlyList<PublishedImprovement> Improvements { get; } =
    [
        Stated(ImprovementOver.Lr, PaperData.Company, 0.86m, 1.15m, PaperSource.V1Text),
        Stated(ImprovementOver.Lr, PaperData.Criteo, 4.18m, 5.60m, PaperSource.V1Text),
        Stated(ImprovementOver.SecondBest, PaperData.Company, 0.37m, 0.42m, PaperSource.V1Text),
        Stated(ImprovementOver.SecondBest, PaperData.Criteo, 0.25m, 0.29m, PaperSource.V1Text),
        Stated(ImprovementOver.WideAndDeep, PaperData.Company, 0.48m, 0.61m, PaperSource.V1Text),
        Stated(ImprovementOver.WideAndDeep, PaperData.Criteo, 0.33m, 0.66m, PaperSource.V1Text),
        Stated(ImprovementOver.Lr, PaperData.Company, 0.82m, 1.1m, PaperSource.IjcaiText),
        Stated(ImprovementOver.Lr, PaperData.Criteo, 2.6m, 4.0m, PaperSource.IjcaiText),
        Stated(ImprovementOver.SecondBest, PaperData.Company, 0.34m, 0.34m, PaperSource.IjcaiText),
        Stated(ImprovementOver.SecondBest, PaperData.Criteo, 0.41m, 0.76m, PaperSource.IjcaiText),
        Stated(ImprovementOver.WideAndDeep, PaperData.Company, 0.48m, 0.58m, PaperSource.IjcaiText),
        Stated(ImprovementOver.WideAndDeep, PaperData.Criteo, 0.44m, 0.80m, PaperSource.IjcaiText),
    ];

    /// <summary>What the conference's version says of significance; v1 says nothing.</summary>
    public const string Significance = "IJCAI 2017: p-value of DeepFM against FM & DNN in log loss on Company* < 1.5e-3, "
        + "all others on both data sets < 1e-6; arXiv v1 states none.";

    static PublishedImprovement Stated(ImprovementOver over, PaperData data, decimal auc, decimal logLoss, PaperSource source) =>
        new(over, data, new(auc, source), new(logLoss, source));
}
