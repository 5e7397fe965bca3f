using DeepFM.Core.Tests.Data;
using DeepFM.Metrics;
using DeepFM.Training;

namespace DeepFM.Core.Tests.Training;

public sealed class RunReportTests
{
    [Fact]
    public void Reports_AreReadBackAsWritten_AndThoseOfAnotherVersionAreRefused()
    {
        using TempFolder folder = new();
        string path = folder["report.json"];
        RunReport report = new()
        {
            DisplayName = "FNN",
            Settings = RunSettings.Default("fnn"),
            Seed = 3,
            Threads = 2,
            Data = new("0123456789abcdef", "given files", 3, 17, new(100_000, 0.25), null, new(200, 0.5)),
            ParameterCount = 1234,
            Training = History(seconds: 5),
            Pretraining = History(seconds: 3),
            Test = new() { Rows = 200, ClickRate = 0.5, Auc = 0.8, LogLoss = 0.4, Calibration = 1, RelativeInformationGain = 0.1 },
            Machine = MachineReport.Current,
            Date = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc),
        };

        report.Write(path);

        Assert.Equal(report.ToJson(), RunReport.Read(path).ToJson());
        JsonFiles.WriteText(path, report.ToJson().Replace("\"formatVersion\": 1", "\"formatVersion\": 9", StringComparison.Ordinal));
        Assert.Equal($"{path} has format version 9; this kit reads 1. Run it again.",
            Assert.Throws<UserErrorException>(() => RunReport.Read(path)).Message);
    }

    static TrainingHistory History(double seconds) => new()
    {
        Epochs = [new() { Epoch = 1, TrainLoss = 0.6, LearningRate = 1e-3f, TrainSeconds = seconds, EvaluationSeconds = 0.5 }],
        BestEpoch = 1,
        Outcome = "The last epoch was kept.",
        Rows = 100_000,
    };
}
