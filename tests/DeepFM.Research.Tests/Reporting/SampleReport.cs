using DeepFM.Research.Reporting;
using DeepFM.Research.Statistics;
using DeepFM.Training;

namespace DeepFM.Research.Tests.Reporting;

/// <summary>A report of the size of a real one: the paper's models, tables and figures, with made-up measurements.</summary>
static class SampleReport
{
    static readonly string[] Nine = ["LR", "FM", "FNN", "IPNN", "OPNN", "PNN*", "LR & DNN", "FM & DNN", "DeepFM"];
    static readonly string[] Deep = ["FNN", "IPNN", "OPNN", "PNN*", "LR & DNN", "FM & DNN", "DeepFM"];

    public static Report Create() => new("The DeepFM paper, reproduced",
        [
            "Data: AppStore, generated, 160,000 training and 40,000 test rows, seed 1",
            "Machine: 2 threads, 512-bit vectors, .NET 10.0.12; seeds 1, 2; total time 4 min 12 s",
        ],
        [
            new NoticeBlock("Made with the quick profile: small sizes and 2 seeds. Differences below 0.002 AUC mean nothing here."),
            new HeadingBlock("Table 2: performance"),
            new TextBlock("What the order of *LR & DNN* and **DeepFM** was:\n\n- DeepFM is first in AUC,\n- LR is last.\n"),
            new TableBlock(Table2()),
            new HeadingBlock("Figure 6: efficiency"),
            new FigureBlock(Figure6()),
            new HeadingBlock("Figure 7: activation functions"),
            new FigureBlock(Figure7()),
            new HeadingBlock("Figure 8: dropout"),
            new FigureBlock(Figure8()),
            new HeadingBlock("Figure 11: network shape"),
            new FigureBlock(Figure11()),
            new HeadingBlock("Runs"),
            new LinksBlock([.. Nine.Select((name, at) => ($"{name}, seed 1", $"runs/{at}-seed1/report.json"))]),
        ]);

    public static ResultTable Table2()
    {
        double[] published = [0.8640, 0.8678, 0.8683, 0.8664, 0.8658, 0.8672, 0.8673, 0.8661, 0.8715];
        double[] publishedLoss = [0.02648, 0.02633, 0.02629, 0.02637, 0.02641, 0.02636, 0.02634, 0.02640, 0.02618];
        Random random = new(1);
        return new("table2", "Table 2: AUC and log loss on the test day",
            [
                new("model", "Model"),
                new("auc", "AUC", "0.0000") { Better = Better.Higher },
                new("log_loss", "Log loss, nats", "0.0000") { Better = Better.Lower },
                new("distance", "To the best reachable AUC", "0.0000"),
                new("parameters", "Parameters", "N0"),
                new("seconds", "Training, s", "0.0"),
                new("v1_auc", "AUC, Company*, arXiv v1", "0.0000") { Published = true, Better = Better.Higher },
                new("v1_log_loss", "Log loss, Company*, arXiv v1", "0.00000") { Published = true, Better = Better.Lower },
            ],
            [
                .. Nine.Select((name, at) => (IReadOnlyList<object?>)
                [
                    name,
                    new Spread(0.79 + 0.04 * (published[at] - 0.864) / 0.0075 + 0.001 * random.NextDouble(),
                        at == 1 ? null : 0.0004 + 0.0002 * at),
                    new Spread(0.42 - 0.02 * (published[at] - 0.864) / 0.0075, 0.0011),
                    at == 3 ? null : 0.05 - 0.004 * at,
                    1_234_567L * (at + 1),
                    Math.Pow(2.1, at) / 3,
                    published[at],
                    publishedLoss[at],
                ]),
            ])
        {
            Notes =
            [
                "Figures on test rows (40,000, 21.3 % positive), mean ± sample standard deviation over seeds 1, 2.",
                "Shaded columns are the paper's, on another data set: compare the order, not the level.",
            ],
        };
    }

    public static Figure Figure6()
    {
        double?[] none = [null, null, null, null, null, null, null];
        double?[] Pre(double value) => [value, .. none.Skip(1)];
        Series Bars(string name, double?[] y, SeriesKind kind, bool published) =>
            new(name, kind, [.. Enumerable.Range(0, 7).Select(at => (double)at)], y) { Published = published };

        return new("figure6", "Figure 6: training time, as a multiple of LR's",
            [
                new Panel("", new("model", Deep), new("time of LR, times", Logarithmic: true),
                [
                    Bars("here, CPU", [6.1, 9.4, 6.9, 9.9, 6.3, 7.2, 6.6], SeriesKind.Bars, false) with
                    {
                        Deviations = [0.3, 0.5, 0.3, 0.4, 0.2, 0.3, null],
                    },
                    Bars("here, pre-training", Pre(2.4), SeriesKind.StackedBars, false),
                    Bars("paper, CPU", [1.89, 37.61, 1.92, 30.44, 1.89, 2.15, 2.00], SeriesKind.Bars, true),
                    Bars("paper, CPU: pre-training", Pre(1.32), SeriesKind.StackedBars, true),
                    Bars("paper, GPU", [1.28, 2.77, 1.29, 2.19, 1.41, 1.32, 1.32], SeriesKind.Bars, true),
                    Bars("paper, GPU: pre-training", Pre(0.95), SeriesKind.StackedBars, true),
                ]),
            ])
        {
            Caption = "Bars with hatches are the paper's, printed under its figure; it does not name its hardware.",
        };
    }

    public static Figure Figure7()
    {
        double[] relu = [.8678, .8644, .8640, .8652, .8660, .8652, .8714], tanh = [.8661, .8660, .8639, .8646, .8655, .8646, .8692];
        return new("figure7", "Figure 7: activation functions",
            [
                Sweep7("AUC", 0.80, relu, tanh),
                Sweep7("Log loss, nats", 0.41, [.. relu.Select(x => 1.73 - x)], [.. tanh.Select(x => 1.73 - x)]),
            ])
        {
            Caption = "Mean over 2 seeds.",
        };
    }

    static Panel Sweep7(string title, double from, double[] relu, double[] tanh) => new(title,
        new("activation function", ["relu", "tanh"]), new(title) { Min = from },
        [
            .. Deep.Select((name, at) => new Series(name, SeriesKind.Bars, [0, 1],
                [from + (relu[at] - relu.Min()) * 4 + 0.01, from + (tanh[at] - tanh.Min()) * 4 + 0.012])
            {
                Deviations = [0.001, 0.002],
            }),
            .. Deep.Select((name, at) => new Series($"{name} (reading)", SeriesKind.Marks, [0, 1],
                [from + (relu[at] - relu.Min()) * 4 + 0.008, from + (tanh[at] - tanh.Min()) * 4 + 0.015])
            {
                Published = true,
            }),
        ]);

    public static Figure Figure11()
    {
        Random random = new(5);
        double[] places = [0, 1, 2, 3];
        Axis shapes = new("network shape, hidden units",
            ["constant 200-200-200", "increasing 100-200-300", "decreasing 300-200-100", "diamond 150-300-150"]);
        Series Line(string name, double level) =>
            new(name, SeriesKind.Line, places, [.. places.Select(_ => (double?)(level + 0.02 * random.NextDouble()))]);
        return new("figure11", "Figure 11: network shape",
            [
                new("AUC", shapes, new("AUC"), [.. Deep.Select(name => Line(name, 0.8))]),
                new("Log loss", shapes, new("log loss, nats"), [.. Deep.Select(name => Line(name, 0.4))]),
                new("AUC less the curve's mean: here, and as read off the paper", shapes, new("AUC − mean of the curve"),
                [
                    .. Deep.Select(name => Line(name, -0.01)),
                    .. Deep.Select(name => Line($"{name}, read off the paper", -0.01) with { Kind = SeriesKind.Marks, Published = true }),
                ]),
            ]);
    }

    public static Figure Figure8()
    {
        double[] keep = [1.0, 0.9, 0.8, 0.7, 0.6, 0.5];
        double[][] published =
        [
            [.8656, .8679, .8682, .8680, .8678, .8668], [.8618, .8661, .8648, .8650, .8630, .8616],
            [.8639, .8641, .8655, .8656, .8658, .8640], [.8645, .8652, .8667, .8667, .8665, .8656],
            [.8647, .8662, .8671, .8674, .8669, .8664], [.8654, .8653, .8655, .8654, .8643, .8622],
            [.8702, .8715, .8713, .8709, .8703, .8693],
        ];
        Random random = new(3);
        Series Measured(int at, double sign) => new(Deep[at], SeriesKind.Line, keep,
            [
                .. published[at].Select((value, place) => at == 2 && place == 3
                    ? (double?)null
                    : sign * (value - 0.8715) + (random.NextDouble() - 0.5) * 0.001),
            ])
        {
            Deviations = [.. keep.Select(_ => (double?)0.0002)],
        };
        Series Reading(int at) => new($"{Deep[at]} (reading)", SeriesKind.Line, keep,
            [.. published[at].Select(value => (double?)(value - 0.8715))])
        {
            Published = true,
        };
        return new("figure8", "Figure 8: dropout",
            [
                new Panel("AUC", new("probability that a unit is kept (1 − drop rate)"), new("AUC, difference to DeepFM's best"),
                    [.. Enumerable.Range(0, 7).Select(at => Measured(at, 1)), .. Enumerable.Range(0, 7).Select(Reading)]),
                new Panel("Log loss", new("probability that a unit is kept (1 − drop rate)"),
                    new("log loss, nats, difference to DeepFM's best"),
                    [.. Enumerable.Range(0, 7).Select(at => Measured(at, -1))]),
            ])
        {
            Caption = "Solid lines are measured here, with deviations over 2 seeds. "
                + "Faint, dotted lines with open marks are read off the paper's figure by eye (± 0.0002).",
        };
    }
}
