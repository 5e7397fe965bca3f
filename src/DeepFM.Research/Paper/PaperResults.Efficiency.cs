namespace DeepFM.Research.Paper;

/// <summary>A model's training time by that of LR.</summary>
/// <param name="Model">The catalog's name.</param>
/// <param name="Cpu">Training on the CPU.</param>
/// <param name="CpuPretraining">Pre-training on the CPU; 0 for all but FNN.</param>
/// <param name="Gpu">Training on the GPU.</param>
/// <param name="GpuPretraining">Pre-training on the GPU.</param>
public sealed record PublishedTime(string Model, PublishedValue Cpu, PublishedValue CpuPretraining, PublishedValue Gpu,
    PublishedValue GpuPretraining);

public static partial class PaperResults
{
    /// <summary>Figure 6: times of LR on Criteo. Hardware, batch size and epochs are not stated.</summary>
    public static IReadOnlyList<PublishedTime> Figure6 { get; } =
    [
        Time("fnn", 1.89, 1.28, PaperSource.Figure6, 1.32, 0.95),
        Time("lr-dnn", 1.89, 1.41, PaperSource.Figure6),
        Time("fm-dnn", 2.15, 1.32, PaperSource.Figure6),
        Time("ipnn", 37.61, 2.77, PaperSource.Figure6),
        Time("opnn", 1.92, 1.29, PaperSource.Figure6),
        Time("pnn-star", 30.44, 2.19, PaperSource.Figure6),
        Time("deepfm", 2.00, 1.32, PaperSource.Figure6),
    ];

    /// <summary>Figure 9 of the extended version: times of LR on Company*.</summary>
    public static IReadOnlyList<PublishedTime> ExtendedFigure9 { get; } =
    [
        Time("dnn", 4.73, 0.39, PaperSource.ExtendedFigure9),
        Time("fnn", 4.73, 0.39, PaperSource.ExtendedFigure9, 2.93, 1.24),
        Time("ipnn", 208.55, 5.01, PaperSource.ExtendedFigure9),
        Time("opnn", 5.38, 0.41, PaperSource.ExtendedFigure9),
        Time("pnn-star", 211.42, 5.03, PaperSource.ExtendedFigure9),
        Time("fm-dnn", 7.58, 1.32, PaperSource.ExtendedFigure9),
        Time("lr-dnn", 6.52, 1.14, PaperSource.ExtendedFigure9),
        Time("deepfm", 6.78, 1.41, PaperSource.ExtendedFigure9),
        Time("deepfm-ip", 179.61, 4.66, PaperSource.ExtendedFigure9),
        Time("deepfm-op", 5.83, 1.14, PaperSource.ExtendedFigure9),
        Time("deepfm-star", 183.12, 4.68, PaperSource.ExtendedFigure9),
    ];

    static PublishedTime Time(string model, double cpu, double gpu, PaperSource source, double cpuPretraining = 0,
        double gpuPretraining = 0) =>
        new(model, new((decimal)cpu, source), new((decimal)cpuPretraining, source), new((decimal)gpu, source), new((decimal)gpuPretraining, source));
}
