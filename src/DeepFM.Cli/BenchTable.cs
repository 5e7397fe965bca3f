using System.Globalization;
using DeepFM.Notebooks.Speed;
using DeepFM.Research.Speed;

namespace DeepFM.Cli;

/// <summary>A measurement for a reader: what, the median, the lowest and the highest.</summary>
sealed record BenchTable(string Title, IReadOnlyList<string[]> Rows)
{
    public static BenchTable Of(PeakReport report) => new(
        "peak",
        [
            Row("multiply-adds, 1 thread", report.OneThreadGflops, "0.0", "GFLOP/s"),
            Row($"multiply-adds, {Threads(report.Threads)}", report.AllThreadsGflops, "0.0", "GFLOP/s"),
            Row("memory reads, 1 thread", report.OneThreadReadGigabytesPerSecond, "0.0", "GB/s"),
            Row($"memory reads, {Threads(report.Threads)}", report.AllThreadsReadGigabytesPerSecond, "0.0", "GB/s"),
        ]);

    public static BenchTable Of(GemmReport report) => new(
        Text($"gemm, X [{report.M}, {report.K}], W [{report.K}, {report.N}]"),
        [
            .. Products(report.OneThread),
            .. report.AllThreads is { } all ? Products(all) : [],
            .. report.Speedup is { } speedup
                ? [Row("all threads against one", Text($"{speedup:0.00} ×"))]
                : Array.Empty<string[]>(),
        ]);

    public static BenchTable Of(StepReport report) => new(
        TitleOf(report),
        [
            .. Batches(report),
            .. report.ShareOfBound is { } share
                ?
                [
                    Row("share of bound", Text($"{share:P1}")),
                    Row("bound at peak", report.PeakGflops, "0.0", "GFLOP/s"),
                ]
                : Array.Empty<string[]>(),
            Row("gather, forward, backward", Milliseconds(report.Phases.Tiles)),
            Row("weight gradients", Milliseconds(report.Phases.WeightGradients)),
            Row("embedding update", Milliseconds(report.Phases.EmbeddingUpdate)),
            Row("packing", Milliseconds(report.Phases.Packing)),
            Row("optimizer", Milliseconds(report.Phases.Optimizer)),
        ]);

    public static BenchTable Of(ScoreReport report) => new(TitleOf(report), Batches(report));

    public static BenchTable Of(AucReport report) => new(
        Text($"auc of {Counted.Of(report.RowCount, "row")}"),
        [
            Row("rate", Text($"{report.RowsPerSecond:N0} rows/s")),
            Row("time", new(report.MedianMilliseconds, report.MinMilliseconds, report.MaxMilliseconds), "0.0", "ms"),
            Row("AUC", Text($"{report.Auc:0.000000}")),
        ]);

    public static BenchTable Of(ReadReport report) => new(
        Text($"read {Counted.Of(report.RowCount, "row")}, {report.FileBytes / 1e6:N0} MB, {Threads(report.Threads)}"),
        [
            Row("both passes", report.RowsPerSecond, "N0", "rows/s"),
            Row("count pass", report.CountPassSeconds, "0.00", "s"),
            Row("encode pass", report.EncodePassSeconds, "0.00", "s"),
            Row("ids", Text($"{report.FeatureCount:N0}")),
            Row("tables of counts", Megabytes(report.CountTableBytes)),
            Row("more for twice the rows", Megabytes(report.ResidentGrowthBytes)),
        ]);

    public static BenchTable Of(KernelReport report) => new(
        Text($"kernel, {Counted.Of(report.Starts, "start")}, {Counted.Of(report.Cells, "cell")} each"),
        [
            Row("ready", report.ReadySeconds, "0.00", "s"),
            Row("first result", report.FirstResultSeconds, "0.00", "s"),
            Row("a cell after it", report.CellMilliseconds, "0.0", "ms"),
            Row("memory for these cells", report.GrowthMegabytes, "0.0", "MB"),
        ]);

    /// <summary>Writes the table, and where it was measured.</summary>
    public void Print(TextWriter output, SpeedReport report)
    {
        output.WriteLine(Title);
        output.WriteLine(Text($"{report.Machine.Processor}, {report.Machine.Cores} cores, {report.RegisterBits}-bit registers"));
        output.WriteLine();
        TextTable.Print(output,
        [
            ["", "median", "min", "max"],
            .. Rows,
            Row("resident at most", Megabytes(report.ResidentBytes)),
        ]);
    }

    static string TitleOf(BatchReport report) =>
        Text($"{report.Benchmark} of {report.Settings.Model}, {Threads(report.Threads)}, {Counted.Of(report.Steps, "batch", "batches")} of ")
        + Text($"{report.Settings.Training.BatchSize}, {Counted.Of(report.Vocabulary, "id")}, {Counted.Of(report.FieldCount, "field")}");

    static IReadOnlyList<string[]> Products(GemmProducts products) =>
    [
        Row($"peak, {Threads(products.Threads)}", products.PeakGflops, "0.0", "GFLOP/s"),
        Row("Y = X·W", products.ForwardGflops, "0.0", "GFLOP/s"),
        Row("dX = dY·Wᵀ", products.InputGradientGflops, "0.0", "GFLOP/s"),
        Row("dW = Xᵀ·dY", products.WeightGradientGflops, "0.0", "GFLOP/s"),
        Row("all three", products.AllGflops, "0.0", "GFLOP/s"),
        Row("share of peak", Text($"{products.ShareOfPeak:P1}")),
    ];

    static IReadOnlyList<string[]> Batches(BatchReport report) =>
    [
        Row("rate", Text($"{report.SamplesPerSecond:N0} samples/s")),
        Row("time of a batch", new(report.MedianMilliseconds, report.MinMilliseconds, report.MaxMilliseconds), "0.000", "ms"),
        Row("allocated by a batch", Text($"{report.AllocatedBytesPerStep:N0} bytes")),
        Row("table and rows", Megabytes(report.TableBytes + report.DataBytes)),
    ];

    static string[] Row(string name, string value) => [name, value, "", ""];

    static string[] Row(string name, Figure figure, string format, string unit) =>
    [
        name,
        $"{Number(figure.Median, format)} {unit}",
        Number(figure.Min, format),
        Number(figure.Max, format),
    ];

    static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    static string Milliseconds(double value) => Text($"{value:0.000} ms");

    static string Megabytes(long bytes) => Text($"{bytes / 1e6:N0} MB");

    static string Threads(int count) => Counted.Of(count, "thread");

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
