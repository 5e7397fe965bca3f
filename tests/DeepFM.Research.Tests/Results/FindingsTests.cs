using DeepFM.Metrics;
using DeepFM.Models;
using DeepFM.Research.Plans;
using DeepFM.Research.Reporting;
using DeepFM.Research.Results;
using DeepFM.Research.Statistics;
using DeepFM.Training;

namespace DeepFM.Research.Tests.Results;

/// <summary>Tables and sentences that are computed from figures: other figures, other sentences.</summary>
public class FindingsTests
{
    [Fact]
    public void Table1_AgreesWithThePapersInEveryCell()
    {
        ResultTable table = Table1.Build();
        Assert.Contains("The definitions agree with it in every cell.", table.Notes[1], StringComparison.Ordinal);
        Assert.All(table.Rows.Take(4), row => Assert.Equal(row[5], string.Join(' ', row.Skip(1).Take(4))));
        Assert.Equal("PNN (IPNN, OPNN and PNN*)", table.Rows[1][0]);
        Assert.Equal(["LR", "×", null], [table.Rows[4][0], table.Rows[4][2], table.Rows[4][5]]);
    }

    [Fact]
    public void Figure6_SaysWhereTheOrderAgrees_AndWhereNot()
    {
        // As on the paper's CPU but for IPNN, here cheaper than all but LR & DNN.
        IReadOnlyList<string> findings = Figure6.Findings(
        [
            new("lr", 1, 0, 1, 0, 100), new("fnn", 1.9, 1.3, 1.9, 1.3, 50), new("lr-dnn", 1.89, 0, 1.89, 0, 50),
                new("fm-dnn", 2.15, 0, 2.15, 0, 50),
            new("ipnn", 1.9, 0, 1.9, 0, 50), new("opnn", 1.92, 0, 1.92, 0, 50), new("pnn-star", 30, 0, 30, 0, 50),
                new("deepfm", 2.1, 0, 2.1, 0, 50),
        ]);
        Assert.Equal("Pre-training included, the 7 deep models of the paper take from 1.9 times (LR & DNN) to 30.0 times (PNN*) of "
            + "LR here.", findings[0]);
        Assert.Equal("Of the 21 pairs of models, 16 stand in the same order as on the paper's CPU (Kendall's τ 0.52); cheaper here, "
            + "dearer there: "
            + "IPNN before FNN, IPNN before FM & DNN, IPNN before PNN* and IPNN before DeepFM. 1 of the contrary pairs lies within 5 "
            + "% here, which times of "
            + "one machine hardly tell apart.", findings[1]);
        Assert.Equal("Pre-training is 41 % of FNN's time here, 41 % on the paper's CPU.", findings[3]);
        Assert.Equal("The inner products make IPNN 0.9 times as expensive as DeepFM here, 18.8 times on the paper's CPU and 2.1 "
            + "times on its GPU.", findings[4]);
        Assert.Equal("DeepFM is the 4th cheapest of the 7 here, the 3rd cheapest on the paper's CPU.", findings[5]);
    }

    /// <summary>The first epoch compiles and warms up; it is no measure. An even number of epochs has two in the middle.</summary>
    [Theory]
    [InlineData(new double[] { 99, 2, 8, 4 }, 4), InlineData(new double[] { 99, 2, 8 }, 5), InlineData(new double[] { 99, 2, 8, 4, 6 }, 5)]
    [InlineData(new double[] { 7 }, 7)]
    public void Figure6_TakesTheMedianEpoch_WithoutTheFirst(double[] seconds, double expected)
    {
        ReproductionPlan plan = new(new() { Profile = Profile.Get("quick"), Parts = ["figure6"], Models = ["lr", "fnn"] });
        FinishedRun[] runs = [.. plan.Experiments.Runs.Select(run => new FinishedRun(run, Figures(run.Settings.Model, 0.7).Runs[0].Report with
        {
            Settings = run.Settings,
            Training = History(seconds),
            Pretraining = run.Settings.Model == "fnn" ? History([.. seconds.Select(time => time / 2)]) : null,
        }, "", WasThere: true))];
        IReadOnlyList<ModelTime> times = Figure6.Times(plan, new(runs));

        Assert.All(times, time => Assert.Equal((expected, 1.0, 100 / expected), (time.EpochSeconds, time.TimesOfLr, time.SamplesPerSecond)));
        Assert.Equal([(0.0, 0.0, 1.0), (expected / 2, 0.5, 1.5)],
            times.Select(time => (time.PretrainEpochSeconds, time.PretrainTimesOfLr, time.TotalTimesOfLr)));

        static TrainingHistory History(double[] seconds) => new()
        {
            Epochs = [.. seconds.Select((time, i) => new EpochReport { Epoch = i + 1, TrainLoss = 0.5, LearningRate = 0.1f, TrainSeconds = time, EvaluationSeconds = 0 })],
            BestEpoch = 1,
            Outcome = "",
            Rows = 100,
        };
    }

    [Fact]
    public void Figure6_StacksPretraining_BesideThePapersBars()
    {
        Figure figure = Figure6.Draw([new("lr", 1, 0, 1, 0, 100), new("fnn", 2, 1, 2, 1, 50), new("deepfm", 3, 0, 3, 0, 33)]);
        Assert.Equal([false, true, true], figure.Panels.Select(panel => panel.Series[0].Published));
        Assert.Equal([[2.0, 3.0], [1.0, null]], figure.Panels[0].Series.Select(series => series.Y));
        Assert.Equal([[1.89, 2.00], [1.32, null]], figure.Panels[1].Series.Select(series => series.Y));
        Assert.Equal([[1.28, 1.32], [0.95, null]], figure.Panels[2].Series.Select(series => series.Y));
        Assert.Equal(["FNN", "DeepFM"], figure.Panels[0].X.Categories!);
    }

    [Fact]
    public void Improvements_AreThePapersWay()
    {
        ResultTable table = Improvements.Build(Input(("lr", 0.70, 0.50), ("fm", 0.72, 0.40), ("fnn", 0.75, 0.45), ("fm-dnn", 0.80, 0.35),
            ("deepfm", 0.78, 0.36)))!;
        Assert.Equal([100 * (0.78 / 0.70 - 1), 100 * (0.78 / 0.75 - 1), 100 * (0.78 / 0.80 - 1)], table.Rows
            .Select(row => (double)row[2]!), Close);
        Assert.Equal([100 * (1 - 0.36 / 0.50), 100 * (1 - 0.36 / 0.40), 100 * (1 - 0.36 / 0.35)], table.Rows
            .Select(row => (double)row[4]!), Close);
        Assert.Equal(["LR", "FNN", "FM & DNN"], table.Rows.Select(row => row[1]));
        Assert.Equal(["LR", "FM", "FM & DNN"], table.Rows.Select(row => row[3]));
        Assert.Equal([0.86m, 1.15m, 4.18m, 5.60m, 0.82m, 1.1m, 2.6m, 4.0m], table.Rows[0].Skip(5));
        Assert.Null(Improvements.Build(Input(("lr", 0.7, 0.5))));
    }

    [Fact]
    public void Discussion_HoldsTheResultAgainstTheTruth()
    {
        TruthFacts truth = new(new(0.85, 0.30), [0.75, 0.82, 0.84, 0.85], [0.47, 0.30, 0.06, 0.01, 0.16], 0.03, 0.01);
        string[] findings = [.. Discussion.Of(Input(truth, ("lr", 0.74, 0.4), ("fm", 0.80, 0.38), ("deepfm", 0.83, 0.35)))];
        Assert.Contains("LR came to 0.7400, 0.0100 below that of the true effects up to order 1.", findings);
        Assert.Contains("FM came to 0.8000, 0.0200 below that of the true effects up to order 2. Its lead over LR is +0.0600; with "
            + "the true effects it would be +0.0700.",
            findings);
        Assert.Contains("The best deep model, DeepFM, came to 0.8300, beyond what pairs alone could give, and 0.0200 below the best "
            + "reachable.", findings);
        Assert.Contains("By AUC the order here is DeepFM > FM > LR.", findings);
        Assert.Contains("Of the 3 pairs of models that IJCAI 2017's Table 2 on Company* has too, 3 stand in the same order there "
            + "(Kendall's τ 1.00).", findings);
        Assert.Contains(findings, sentence => sentence.StartsWith("DeepFM is 1st of 3 by mean AUC", StringComparison.Ordinal)
            && sentence.EndsWith("above that of LR, below that of none, and not to be told from that of FM.", StringComparison.Ordinal));

        string[] other = [.. Discussion.Of(Input(truth, ("lr", 0.76, 0.4), ("fm", 0.70, 0.38), ("deepfm", 0.72, 0.35)))];
        Assert.Contains("LR came to 0.7600, 0.0100 above that of the true effects up to order 1: other fields tell it something of "
            + "the higher orders.", other);
        Assert.Contains("Of the 3 pairs of models that IJCAI 2017's Table 2 on Company* has too, 1 stands in the same order there "
            + "(Kendall's τ -0.33).", other);
        Assert.Contains(other, sentence => sentence.StartsWith("DeepFM is 2nd of 3 by mean AUC", StringComparison.Ordinal));
    }

    /// <summary>An interval over rows says nothing of another choice of seeds.</summary>
    [Fact]
    public void Discussion_SaysWhereTheSeedsAgree()
    {
        Table2Input input = Input(("lr", 0.70, 0.5), ("fm", 0.72, 0.4), ("deepfm", 0.78, 0.36));
        static ModelDifference Difference(string model, double p) =>
            new(model, new(0.02, 0.01, 0.03, 100), new(0.02, 3, 2, p), new(-0.01, -3, 2, p));
        string Last(double lr, double fm) =>
            Discussion.Of(input with { Differences = [Difference("lr", lr), Difference("fm", fm)] })[^1];

        Assert.EndsWith("(p after Holm below 0.05) agrees on LR and FM.", Last(0.01, 0.02), StringComparison.Ordinal);
        Assert.EndsWith("agrees on LR.", Last(0.01, 0.06), StringComparison.Ordinal);
        Assert.EndsWith("agrees on none.", Last(0.03, 0.06), StringComparison.Ordinal);      // 0.03 of two tests is 0.06
        Assert.Equal("All of this is one seed's: what another would change is not known.", Discussion.Of(input)[^1]);
    }

    [Fact]
    public void Differences_StandUnderTheirNames()
    {
        Table2Input input = Input(("lr", 0.70, 0.5), ("fm", 0.72, 0.4), ("deepfm", 0.78, 0.36));
        ModelDifference[] rows = [new("lr", new(0.08, 0.06, 0.11, 100), new(0.08, 3, 2, 0.01), new(-0.14, -3, 2, 0.02)),
            new("fm", new(0.06, 0.03, 0.07, 100), new(0.06, 3, 2, 0.30), new(-0.04, -3, 2, 0.40))];
        ResultTable table = Table2.Differences(input with { Differences = rows })!;
        Assert.Equal(["model", "auc_difference", "auc_low", "auc_high", "auc_p", "auc_p_holm", "log_loss_difference", "log_loss_p",
            "log_loss_p_holm"], table.Columns.Select(column => column.Name));
        Assert.Equal(["LR", 0.08, 0.06, 0.11, new PValue(0.01), new PValue(0.02), -0.14, new PValue(0.02), new PValue(0.04)], table.Rows[0]);
        Assert.Equal(["FM", 0.06, 0.03, 0.07, new PValue(0.30), new PValue(0.30), -0.04, new PValue(0.40), new PValue(0.40)], table.Rows[1]);
    }

    [Fact]
    public void PublishedFigures_HaveTheDigitsThatWerePrinted()
    {
        string published = ResultTableText.ToMarkdown(Table2.Published(["fnn", "pnn-star", "deepfm-ip"]));
        Assert.Contains(" 0.46350 ", published, StringComparison.Ordinal);
        Assert.Contains(" 0.453305 ", published, StringComparison.Ordinal);
        Assert.Contains(" 0.4496 ", published, StringComparison.Ordinal);
        Assert.Contains(" 0.8720 ", published, StringComparison.Ordinal);
        string improvements = ResultTableText.ToMarkdown(Improvements.Build(Input(("lr", 0.70, 0.50), ("deepfm", 0.78, 0.36)))!);
        Assert.Contains(" 2.6 |", improvements, StringComparison.Ordinal);
        Assert.Contains(" 5.60 |", improvements, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.0123, "0.0123", "0.0123"), InlineData(0.00004, "< 0.0001", "4E-05"), InlineData(0, "< 0.0001", "0")]
    public void APValue_IsNeverZeroForAReader(double p, string text, string csv)
    {
        ResultTable table = new("t", "t", [new("p", "p", "0.0000")], [[new PValue(p)]]);
        Assert.Equal(text, CellText.Of(table.Rows[0][0], table.Columns[0]));
        Assert.Equal($"p\n{csv}\n", ResultTableText.ToCsv(table));
    }

    [Fact]
    public void Table2_HasDistanceAndPublishedFigures()
    {
        TruthFacts truth = new(new(0.85, 0.30), [0.75, 0.82, 0.84, 0.85], [0.47, 0.30, 0.06, 0.01, 0.16], 0.03, 0.01);
        ResultTable table = Table2.Build(Input(truth, ("lr", 0.74, 0.4), ("deepfm-ip", 0.80, 0.38)));
        string[] names = [.. table.Columns.Select(column => column.Name)];
        object? Cell(int row, string name) => table.Rows[row][Array.IndexOf(names, name)];
        Assert.Equal(0.11, (double)Cell(0, "auc_below_best")!, Close);
        Assert.Equal(0.08, (double)Cell(1, "log_loss_above_best")!, Close);
        Assert.Equal([0.8641m, 0.02648m, 0.8720m, 0.02616m],
            [Cell(0, "auc_company"), Cell(0, "log_loss_company"), Cell(1, "auc_company"), Cell(1, "log_loss_company")]);
        Assert.Contains(table.Notes, note => note.Contains("extended version, Table IV", StringComparison.Ordinal));
    }

    /// <summary>A name in a schema says nothing of a file; published figures stand beside the published rows alone.</summary>
    [Theory]
    [InlineData("frappe", 202_027, 57_722, 28_860, 67_604, 19_063, 9_536, "auc_bars,log_loss_bars", "")]
    [InlineData("mine", 202_027, 57_722, 28_860, 67_604, 19_063, 9_536, "auc_bars,log_loss_bars", "")]
    [InlineData("frappe", 401, 101, 103, 200, 50, 51, "", "No published figures stand beside these: those of BARS, Frappe_x1, are of 202,027 "
        + "training, 57,722 validation and 28,860 test rows with 96,203 positives, and here are 401 training, 101 validation and 103 test rows "
        + "with 301 positives.")]
    [InlineData("criteo", 8_000, 1_000, 1_000, 2_000, 250, 260, "", "No published figures stand beside these: those of the paper and of BARS are "
        + "of 45,840,617 rows with 11,745,438 positives, and here are 10,000 rows with 2,510 positives.")]
    [InlineData("criteo", 33_003_326, 8_250_124, 4_587_167, 8_456_369, 2_113_717, 1_175_352, "auc_criteo,log_loss_criteo,auc_bars,log_loss_bars", "")]
    [InlineData("shop", 401, 101, 103, 200, 50, 51, "", "No published figures stand beside these: by their numbers, the rows are none that the kit "
        + "has published figures of.")]
    public void PublishedFigures_StandBesideThePublishedRowsAlone(string schema, int train, int valid, int test, int trainClicks, int validClicks,
        int testClicks, string columns, string note)
    {
        Table2Input generated = Input(("lr", 0.74, 0.4), ("deepfm", 0.80, 0.38));
        Table2Input input = generated with
        {
            Data = new()
            {
                SchemaName = schema,
                Description = "rows",
                Rows = new(new string('0', 64), "given files", 3, 10, new(train, (double)trainClicks / train),
                    new(valid, (double)validClicks / valid), new(test, (double)testClicks / test)),
            },
        };
        ResultTable table = Table2.Build(input);

        Assert.Equal(columns, string.Join(',', table.Columns.Where(column => column.Published).Select(column => column.Name)));
        Assert.Equal(note, string.Join('\n', table.Notes.Where(sentence => sentence.Contains("No published", StringComparison.Ordinal))));
        Assert.Equal(columns.Contains("bars", StringComparison.Ordinal),
            Discussion.Of(input).Any(sentence => sentence.Contains("that BARS ", StringComparison.Ordinal)));
        bool isCriteo = columns.Contains("auc_criteo", StringComparison.Ordinal);
        Assert.Equal(isCriteo, Discussion.Of(input).Any(sentence => sentence.Contains("Table 2 on Criteo", StringComparison.Ordinal)));
        string[] improvements = [.. Improvements.Build(input)!.Columns.Where(column => column.Published).Select(column => column.Title)];
        Assert.Equal(isCriteo ? 4 : 0, improvements.Length);
        Assert.All(improvements, title => Assert.Contains("Criteo", title, StringComparison.Ordinal));
    }

    [Fact]
    public void GeneratedRows_HaveTheCompanysFigures_AsThoseOfOtherRows()
    {
        ResultTable table = Table2.Build(Input(("lr", 0.74, 0.4), ("deepfm", 0.80, 0.38)));
        Assert.Equal(["AUC, published, Company* (other rows)", "log loss, published, Company* (other rows)"],
            table.Columns.Where(column => column.Published).Select(column => column.Title));
    }

    /// <summary>A network of 64 units stands for the paper's 400; what the paper found, it found at its own.</summary>
    [Fact]
    public void Sweeps_OfOtherWidths_NameThePapersPlacesAsThePaperDoes()
    {
        Sweep neurons = Sweep.All(64)[2] with { Models = ["deepfm"] }, shapes = Sweep.All(64)[4] with { Models = ["deepfm"] };
        ModelFigures[] rising = [Figures("deepfm", 0.70), Figures("deepfm", 0.71), Figures("deepfm", 0.72), Figures("deepfm", 0.73)];
        string Best(Sweep sweep) => new SweepFigure(sweep, new Dictionary<string, IReadOnlyList<ModelFigures>> { ["deepfm"] = rising })
            .Findings()[1];
        Assert.Contains("DeepFM 128 (800) (paper: 400).", Best(neurons), StringComparison.Ordinal);
        Assert.Contains("DeepFM diamond 24-48-24 (paper: constant 200-200-200).", Best(shapes), StringComparison.Ordinal);
    }

    [Fact]
    public void ADifferenceThatRoundsToNothing_HasNoSign()
    {
        ResultTable table = Improvements.Build(Input(("lr", 0.7, 0.5), ("deepfm", 0.699999, 0.5)))!;
        Assert.Contains("| over LR | LR | 0.00 | LR | 0.00 |", ResultTableText.ToMarkdown(table), StringComparison.Ordinal);
    }

    [Fact]
    public void Sweeps_NameTheirBestPlaces()
    {
        Sweep sweep = Sweep.All(400)[3] with { Models = ["fnn", "deepfm"] };
        SweepFigure figure = new(sweep, new Dictionary<string, IReadOnlyList<ModelFigures>>
        {
            ["fnn"] = [Figures("fnn", 0.70), Figures("fnn", 0.71), Figures("fnn", 0.74), Figures("fnn", 0.72)],
            ["deepfm"] = [Figures("deepfm", 0.73), Figures("deepfm", 0.72), Figures("deepfm", 0.72), Figures("deepfm", 0.71)],
        });
        IReadOnlyList<string> findings = figure.Findings();
        Assert.StartsWith("Highest mean AUC of each model: FNN 5 (paper: 3); DeepFM 1 (paper: 3). Between a model's best and worst "
            + "place lie 0.0200 to 0.0400 AUC",
            findings[1], StringComparison.Ordinal);
        Assert.Equal("DeepFM has the highest AUC at 2 of the 4 places here; in the paper at every one.", findings[2]);

        Panel shape = figure.Draw().Panels[2];
        Assert.Equal([false, false, true, true], shape.Series.Select(series => series.Published));
        Assert.All(shape.Series, series => Assert.Equal(0, series.Y.Sum()!.Value, Close));
        Assert.Equal(0.8715 - (0.8700 + 0.8715 + 0.8715 + 0.8711) / 4, shape.Series[3].Y[1]!.Value, Close);
    }

    static readonly IEqualityComparer<double> Close = EqualityComparer<double>.Create((a, b) => Math.Abs(a - b) < 1e-9, _ => 0);

    static Table2Input Input(params (string Model, double Auc, double LogLoss)[] rows) => Input(null, rows);

    static Table2Input Input(TruthFacts? truth, params (string Model, double Auc, double LogLoss)[] rows)
    {
        ModelFigures[] models = [.. rows.Select(row => Figures(row.Model, row.Auc, row.LogLoss))];
        ModelDifference[] differences = models.All(row => row.Model != "deepfm") ? [] : [.. models.Where(row => row.Model != "deepfm")
            .Select(row => new ModelDifference(row.Model, row.Model == "lr" ? new(0.1, 0.05, 0.15, 100) : new(0.01, -0.01, 0.03, 100),
                null, null))];
        return new(models, differences, new()
        {
            SchemaName = "app-store",
            Description = "rows",
            Rows = models[0].Runs[0].Report.Data,
            IsGenerated = true,
            Truth = truth,
        });
    }

    static ModelFigures Figures(string model, double auc, double logLoss = 0.4)
    {
        EvaluationMetrics test = new()
        {
            Rows = 10,
            ClickRate = 0.2,
            LogLoss = logLoss,
            Auc = auc,
            Calibration = 1,
            RelativeInformationGain = 0
        };
        PlannedRun run = new(RunSettings.Default(model), 1, ["table2"]);
        RunReport report = new()
        {
            DisplayName = ModelCatalog.Get(model).DisplayName,
            Settings = run.Settings,
            Seed = 1,
            Threads = 1,
            Data = new(new string('0', 64), "given files", 3, 10, new(100, 0.2), null, new(10, 0.2)),
            ParameterCount = 10,
            Training = new() { Epochs = [], BestEpoch = 0, Outcome = "", Rows = 100 },
            Test = test,
            Machine = MachineReport.Current,
            Date = DateTime.UnixEpoch,
        };
        return new(model, [new(run, report, "", false)], [auc], [logLoss]);
    }
}
