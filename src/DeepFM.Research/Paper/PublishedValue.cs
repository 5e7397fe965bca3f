namespace DeepFM.Research.Paper;

/// <summary>A number that others published, with where: it cannot be had without its source.</summary>
/// <param name="Printed">The number as printed, with as many digits; or as read.</param>
/// <param name="Source">Which publication and which table or figure of it.</param>
/// <param name="ReadByEye">Whether it was read off a drawing, about ±0.0002 in AUC, and is not printed anywhere.</param>
public sealed record PublishedValue(decimal Printed, PaperSource Source, bool ReadByEye = false)
{
    /// <summary>The number, to compute with.</summary>
    public double Value => (double)Printed;
}

/// <summary>Where published numbers stand.</summary>
/// <param name="Name">A short name for headings, such as "IJCAI 2017, Table 2".</param>
/// <param name="Citation">Whole: authors, title, number.</param>
public sealed record PaperSource(string Name, string Citation)
{
    const string First = "Guo, Tang, Ye, Li, He: DeepFM: A Factorization-Machine based Neural Network for CTR Prediction";
    const string Longer = "Guo, Tang, Ye, Li, He, Dong: DeepFM: An End-to-End Wide & Deep Learning Framework for CTR Prediction, "
        + "arXiv 1804.04950v2";
    const string Benchmark = "openbenchmark/BARS, commit 5b5e61f, run with FuxiCTR";

    /// <summary>The first version, March 2017. Its Table 2 differs from the conference's.</summary>
    public static PaperSource V1Table2 { get; } = new("arXiv v1, Table 2", First + ", arXiv 1703.04247v1");

    /// <summary>The conference's version: mean of 5 runs, variances of order 1e-5.</summary>
    public static PaperSource IjcaiTable2 { get; } = new("IJCAI 2017, Table 2", First + ", IJCAI 2017");

    /// <summary>Table 1, the same in all versions.</summary>
    public static PaperSource Table1 { get; } = new("IJCAI 2017, Table 1", First + ", IJCAI 2017");

    /// <summary>The relative improvements that the first version's text states.</summary>
    public static PaperSource V1Text { get; } = new("arXiv v1, section 3.2", First + ", arXiv 1703.04247v1");

    /// <summary>The relative improvements that the conference version's text states.</summary>
    public static PaperSource IjcaiText { get; } = new("IJCAI 2017, section 3.2", First + ", IJCAI 2017");

    /// <summary>Time comparison; the numbers are printed below the bars, the same in both versions.</summary>
    public static PaperSource Figure6 { get; } = new("IJCAI 2017, Figure 6", First + ", IJCAI 2017, on Criteo");

    /// <summary>The hyper-parameter study, drawn and not printed; the same in both versions.</summary>
    public static PaperSource Figures7To11 { get; } =
        new("IJCAI 2017, Figures 7–11, read by eye", First + ", IJCAI 2017, on Company*");

    /// <summary>The extended version's Table IV: mean of 5 runs.</summary>
    public static PaperSource ExtendedTable4 { get; } = new("extended version, Table IV", Longer);

    /// <summary>The extended version's running times.</summary>
    public static PaperSource ExtendedFigure9 { get; } = new("extended version, Figure 9", Longer + ", on Company*");

    /// <summary>The public benchmark's board: each model's best or first run.</summary>
    public static PaperSource Bars(string dataSet) => new($"BARS, {dataSet}", $"{Benchmark}, {dataSet}");
}

/// <summary>AUC and log loss of a model, as published.</summary>
/// <param name="Auc">In [0, 1].</param>
/// <param name="LogLoss">Nats per row.</param>
public sealed record PublishedScore(PublishedValue Auc, PublishedValue LogLoss);
