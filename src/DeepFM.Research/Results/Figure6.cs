using DeepFM.Research.Paper;
using DeepFM.Research.Plans;
using DeepFM.Research.Reporting;
using DeepFM.Research.Statistics;
using DeepFM.Training;
using static System.FormattableString;

namespace DeepFM.Research.Results;

/// <summary>A model's cost beside that of LR.</summary>
/// <param name="Model">The catalog's name.</param>
/// <param name="EpochSeconds">Median time of an epoch's training steps, the first epoch left out.</param>
/// <param name="PretrainEpochSeconds">The same of pre-training; 0 for most models.</param>
/// <param name="TimesOfLr">An epoch by one of LR.</param>
/// <param name="PretrainTimesOfLr">An epoch of pre-training by one of LR.</param>
/// <param name="SamplesPerSecond">Training rows by the time of an epoch.</param>
public sealed record ModelTime(string Model, double EpochSeconds, double PretrainEpochSeconds, double TimesOfLr,
    double PretrainTimesOfLr, double SamplesPerSecond)
{
    /// <summary>Training and pre-training.</summary>
    public double TotalTimesOfLr => TimesOfLr + PretrainTimesOfLr;
}

/// <summary>Figure 6 of the paper: training time divided by that of LR.</summary>
public static class Figure6
{
    /// <summary>Reads the times of the plan's models from the runs that were made alone on the machine.</summary>
    public static IReadOnlyList<ModelTime> Times(ReproductionPlan plan, ResultSet results) => Times(plan, results, plan.TimedModels);

    /// <summary>The same of some models, the first of which is LR.</summary>
    public static IReadOnlyList<ModelTime> Times(ReproductionPlan plan, ResultSet results, IReadOnlyList<string> models)
    {
        (string Model, RunReport Report)[] runs =
            [.. models.Select(model => (model, results.Of(plan.ForTiming(model)).Runs[0].Report))];
        double lr = Epoch(runs[0].Report.Training);
        return [.. runs.Select(run =>
        {
            double own = Epoch(run.Report.Training), before = run.Report.Pretraining is { } first ? Epoch(first) : 0;
            return new ModelTime(run.Model, own, before, own / lr, before / lr, run.Report.Training.Rows / own);
        })];
    }

    /// <summary>The table of times, the published ones beside.</summary>
    public static ResultTable Table(IReadOnlyList<ModelTime> times, RunReport sample)
    {
        const string ratio = "0.00";
        return new("figure6-times", "Training time",
            [
                new("model", "model"),
                new("epoch_seconds", "s per epoch", "0.00"), new("pretrain_epoch_seconds", "pre-training, s per epoch", "0.00"),
                new("samples_per_second", "samples/s", "N0"),
                new("times_of_lr", "times of LR", ratio), new("pretrain_times_of_lr", "pre-training, times of LR", ratio),
                Published("cpu", "CPU, Figure 6"), Published("cpu_pretrain", "CPU, pre-training"),
                Published("gpu", "GPU, Figure 6"), Published("gpu_pretrain", "GPU, pre-training"),
                Published("extended_cpu", "CPU, extended version"), Published("extended_gpu", "GPU, extended version"),
            ],
            [.. times.Select(time =>
            {
                PublishedTime? paper = Find(PaperResults.Figure6, time.Model), longer = Find(PaperResults.ExtendedFigure9, time.Model);
                return (IReadOnlyList<object?>)
                [
                    Words.Name(time.Model), time.EpochSeconds, time.PretrainEpochSeconds > 0 ? time.PretrainEpochSeconds : null,
                    time.SamplesPerSecond, time.TimesOfLr, time.PretrainEpochSeconds > 0 ? time.PretrainTimesOfLr : null,
                    paper?.Cpu.Value, NotZero(paper?.CpuPretraining.Value), paper?.Gpu.Value, NotZero(paper?.GpuPretraining.Value),
                    longer?.Cpu.Value, longer?.Gpu.Value,
                ];
            })])
        {
            Notes =
            [
                Invariant($"Compared is the cost of an epoch of {Counted.Of(sample.Data.Train.Rows, "row")}: the median over the epochs of a ")
                    + Invariant($"run of fixed ")
                    + "length, the first left out; LR's short epochs and those of FNN's factorization machine are repeated more "
                    + "often. Time is that of "
                    + "training steps, without evaluation. Nothing else of the plan ran meanwhile.",
                "Network "
                    + Invariant($"{string.Join('-', sample.Settings.Options.HiddenWidths)}, embedding ")
                    + Invariant($"{sample.Settings.Options.EmbeddingSize}, ")
                    + Invariant($"batch {BatchSizeOf(sample)}, {Counted.Of(sample.Data.FieldCount, "field")}; ")
                    + Invariant($"{sample.Machine.Processor}, {Counted.Of(sample.Threads, "thread")}."),
                $"Published: {PaperSource.Figure6.Citation} (hardware, batch size and epochs not stated); "
                    + $"{PaperSource.ExtendedFigure9.Citation}.",
            ],
        };
    }

    // Reports that were written without it have it in their settings.
    static int BatchSizeOf(RunReport report) => report.Training.BatchSize is > 0 and int size ? size : report.Settings.Training.BatchSize;

    /// <summary>The bars: this machine's CPU, the paper's CPU, the paper's GPU.</summary>
    public static Figure Draw(IReadOnlyList<ModelTime> times)
    {
        ModelTime[] deep = [.. Deep(times)];
        Axis axis = new("model", [.. deep.Select(time => Words.Name(time.Model))]);
        PublishedTime?[] paper = [.. deep.Select(time => Find(PaperResults.Figure6, time.Model))];
        return new("figure6", "Figure 6. Training time, times of LR",
        [
            Bars("here, CPU", axis, false, [.. deep.Select(time => (double?)time.TimesOfLr)],
                [.. deep.Select(time => NotZero(time.PretrainTimesOfLr))]),
            Bars("paper, CPU (Criteo)", axis, true, [.. paper.Select(time => time?.Cpu.Value)],
                [.. paper.Select(time => NotZero(time?.CpuPretraining.Value))]),
            Bars("paper, GPU (Criteo)", axis, true, [.. paper.Select(time => time?.Gpu.Value)],
                [.. paper.Select(time => NotZero(time?.GpuPretraining.Value))]),
        ])
        {
            Caption = "Time of training divided by that of LR; FNN's pre-training stacked. The two panels on the right are "
                + "the published bars; each panel has its own scale.",
        };
    }

    /// <summary>Sentences computed from the times: where their order agrees with the paper's, and where not.</summary>
    public static IReadOnlyList<string> Findings(IReadOnlyList<ModelTime> times)
    {
        (ModelTime Here, PublishedTime Paper)[] both = [.. Deep(times)
            .Select(time => (time, Find(PaperResults.Figure6, time.Model)))
            .Where(pair => pair.Item2 is not null).Select(pair => (pair.time, pair.Item2!))];
        if (both.Length < 2) { return []; }

        ModelTime fastest = both.MinBy(pair => pair.Here.TotalTimesOfLr).Here, slowest = both.MaxBy(pair => pair.Here.TotalTimesOfLr).Here;
        List<string> sentences =
        [
            Invariant($"Pre-training included, the {both.Length} deep models of the paper take from {fastest.TotalTimesOfLr:0.0} times ")
                + Invariant($"({Words.Name(fastest.Model)}) to {slowest.TotalTimesOfLr:0.0} times ({Words.Name(slowest.Model)}) of ")
                + Invariant($"LR here."),
            Order(both, "CPU", time => time.Cpu.Value + time.CpuPretraining.Value),
            Order(both, "GPU", time => time.Gpu.Value + time.GpuPretraining.Value),
        ];
        if (both.FirstOrDefault(pair => pair.Here.Model == "fnn") is { Here: { } fnn, Paper: { } paperFnn })
        {
            sentences.Add(Invariant($"Pre-training is {100 * fnn.PretrainTimesOfLr / fnn.TotalTimesOfLr:0} % of FNN's time here, ")
                + Invariant($"{100 * paperFnn.CpuPretraining.Value / (paperFnn.Cpu.Value + paperFnn.CpuPretraining.Value):0} % on ")
                + Invariant($"the paper's CPU."));
        }
        if (both.FirstOrDefault(pair => pair.Here.Model == "ipnn") is { Here: { } ipnn, Paper: { } paperIpnn }
            && both.FirstOrDefault(pair => pair.Here.Model == "deepfm") is { Here: { } deepFm, Paper: { } paperDeepFm })
        {
            int rank = 1 + both.Count(pair => pair.Here.TotalTimesOfLr < deepFm.TotalTimesOfLr);
            double Total(PublishedTime time) => time.Cpu.Value + time.CpuPretraining.Value;
            int paperRank = 1 + both.Count(pair => Total(pair.Paper) < Total(paperDeepFm));
            sentences.Add(Invariant($"The inner products make IPNN {ipnn.TotalTimesOfLr / deepFm.TotalTimesOfLr:0.0} times as ")
                + Invariant($"expensive as DeepFM here, ")
                + Invariant($"{Total(paperIpnn) / Total(paperDeepFm):0.0} times on the paper's CPU and ")
                + Invariant($"{paperIpnn.Gpu.Value / paperDeepFm.Gpu.Value:0.0} times on its GPU."));
            sentences.Add($"DeepFM is {Cheapest(rank)} of the {both.Length} here, {Cheapest(paperRank)} on the paper's CPU.");
        }
        return sentences;
    }

    static string Cheapest(int rank) => rank == 1 ? "the cheapest" : $"the {Words.Ordinal(rank)} cheapest";

    static string Order((ModelTime Here, PublishedTime Paper)[] both, string device, Func<PublishedTime, double> paper)
    {
        KendallTau tau = KendallTau.Of([.. both.Select(pair => pair.Here.TotalTimesOfLr)], [.. both.Select(pair => paper(pair.Paper))]);
        (ModelTime Cheap, ModelTime Dear)[] contrary = [.. from cheap in both
                                                           from dear in both
                                                           where cheap.Here.TotalTimesOfLr < dear.Here.TotalTimesOfLr
                                                               && paper(cheap.Paper) > paper(dear.Paper)
                                                           select (cheap.Here, dear.Here)];
        string[] clear = [.. contrary.Where(pair => pair.Dear.TotalTimesOfLr > Noise * pair.Cheap.TotalTimesOfLr)
            .Select(pair => $"{Words.Name(pair.Cheap.Model)} before {Words.Name(pair.Dear.Model)}")];
        string close = clear.Length == contrary.Length ? ""
            : Invariant($" {contrary.Length - clear.Length} of the contrary pairs {Words.Verb(contrary.Length - clear.Length, "lie")} within ")
                + Invariant($"{100 * (Noise - 1):0} % here, which times of one machine hardly tell apart.");
        return Invariant($"Of the {tau.Pairs} pairs of models, {tau.Agreeing} {Words.Verb(tau.Agreeing, "stand")} in the same order as on the paper's {device}")
            + (tau.Tau is { } value ? Invariant($" (Kendall's τ {value:0.00})") : "")
            + (clear.Length == 0 ? "." : $"; cheaper here, dearer there: {Words.List(clear)}.") + close;
    }

    const double Noise = 1.05;

    static IEnumerable<ModelTime> Deep(IEnumerable<ModelTime> times) => times.Where(time => time.Model != "lr");

    static Panel Bars(string title, Axis axis, bool published, double?[] training, double?[] pretraining)
    {
        double[] places = [.. Enumerable.Range(0, training.Length).Select(place => (double)place)];
        return new(title, axis, new("times of LR"),
        [
            new("training", SeriesKind.StackedBars, places, training) { Published = published },
            new("pre-training", SeriesKind.StackedBars, places, pretraining) { Published = published },
        ]);
    }

    static double Epoch(TrainingHistory history)
    {
        double[] sorted = [.. history.Epochs.Skip(history.Epochs.Count > 1 ? 1 : 0).Select(epoch => epoch.TrainSeconds).Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    static PublishedTime? Find(IEnumerable<PublishedTime> times, string model) => times.FirstOrDefault(time => time.Model == model);

    static double? NotZero(double? value) => value is 0 ? null : value;

    static ResultColumn Published(string name, string title) => new($"published_{name}", title, "0.00") { Published = true };
}
