using DeepFM.Core.Tests.Data;
using DeepFM.Data;
using DeepFM.Metrics;
using DeepFM.Training;

namespace DeepFM.Core.Tests.Doubts;

/// <summary>Data and reports with one thing that is doubtful, and what is said of them.</summary>
static class Doubt
{
    /// <summary>The notices of rows that are read with a schema of the columns y and x.</summary>
    public static IReadOnlyCollection<string> OfFiles(Schema schema, string train, string? valid = null, string? test = null)
    {
        using TempFolder folder = new();
        using DataSplits data = DataLoader.Load(new()
        {
            Schema = schema,
            TrainFiles = [folder.Write("train.csv", train)],
            ValidFiles = valid is null ? [] : [folder.Write("valid.csv", valid)],
            TestFiles = test is null ? [] : [folder.Write("test.csv", test)],
        });
        return data.Notices;
    }

    /// <summary>Rows "y,x" with the labels' share of positives exactly.</summary>
    public static string Rows(int negatives, int positives, Func<int, string>? x = null) => string.Concat(
        Enumerable.Range(0, negatives + positives).Select(row => $"{(row < positives ? 1 : 0)},{x?.Invoke(row) ?? "a"}\n"));

    /// <summary>A report in which nothing is doubtful.</summary>
    public static RunReport Report(RunSettings settings, params IReadOnlyList<double> validAucs) => new()
    {
        DisplayName = "DeepFM",
        Settings = settings,
        Seed = 1,
        Threads = 1,
        Data = new("0123456789abcdef", "given files", 3, 17, new(100_000, 0.5), new(1000, 0.5), new(1000, 0.5)),
        ParameterCount = 1234,
        Training = History(validAucs),
        Test = Figures(0.75),
        Machine = MachineReport.Current,
        Date = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc),
    };

    public static TrainingHistory History(params IReadOnlyList<double> validAucs) => new()
    {
        Epochs = [.. validAucs.Select((auc, i) => new EpochReport
        {
            Epoch = i + 1, TrainLoss = 0.6, LearningRate = 1e-3f, TrainSeconds = 1, EvaluationSeconds = 1, Valid = Figures(auc),
        })],
        BestEpoch = validAucs.ToList().IndexOf(validAucs.Max()) + 1,
        Outcome = "An epoch was kept.",
        Rows = 100_000,
    };

    public static EvaluationMetrics Figures(double auc, double logLoss = 0.5, double clickRate = 0.5, int rows = 1000) => new()
    {
        Rows = rows,
        ClickRate = clickRate,
        Auc = auc,
        LogLoss = logLoss,
        Calibration = 1,
        RelativeInformationGain = 0.1,
    };
}
