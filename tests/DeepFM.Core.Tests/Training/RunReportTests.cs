using DeepFM.Core.Tests.Data;
using DeepFM.Metrics;
using DeepFM.Training;

namespace DeepFM.Core.Tests.Training;

public sealed class RunReportTests
{
    /// <summary>A report in which all that there can be is there.</summary>
    internal static RunReport Example { get; } = new()
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

    [Fact]
    public void Reports_AreReadBackAsWritten_AndThoseOfAnotherVersionAreRefused()
    {
        using TempFolder folder = new();
        string path = folder["report.json"];
        RunReport report = Example;

        report.Write(path);

        Assert.Equal(report.ToJson(), RunReport.Read(path).ToJson());
        JsonFiles.WriteText(path, report.ToJson().Replace("\"formatVersion\": 2", "\"formatVersion\": 9", StringComparison.Ordinal));
        Assert.Equal($"{path} has format version 9; this kit reads 1 and 2. Run it again.",
            Assert.Throws<UserErrorException>(() => RunReport.Read(path)).Message);
    }

    /// <summary>Form 1: written by the kit before its arithmetic had a version.</summary>
    [Fact]
    public void AReportOfTheFirstForm_IsRead_AndCountsAsOtherArithmetic()
    {
        RunReport report = RunReport.Read(Path.Combine(AppContext.BaseDirectory, "Older", "report-1.json"));

        Assert.Equal((1, "DeepFM", 0.7669172932330827), (report.FormatVersion, report.DisplayName, report.Test!.Auc));
        Assert.Equal(new(null, 512, null, "ded43a6aee27ec133aa74d929dc703b2a090a636"), report.Arithmetic);
        Assert.NotEqual(Arithmetic.Current, report.Arithmetic);
        Assert.Equal("numerics of commit ded43a6aee27, from before they had a version, 512-bit vectors", $"{report.Arithmetic}");
    }

    [Fact]
    public void ARun_SaysItsArithmetic()
    {
        using TempFolder folder = new();
        using MixedFiles files = new();
        using DataSplits data = files.Load();
        RunReport report = TrainingRun.Execute(RunSettings.Default("lr"), data, 1, 1, folder["run"], RunOutputs.Report,
            cancel: TestContext.Current.CancellationToken);

        Assert.Equal(Arithmetic.Current, report.Arithmetic);
        Assert.Equal(Arithmetic.Current, RunReport.Read(folder["run/report.json"]).Arithmetic);
        Assert.Contains($"\"numericsVersion\": {Arithmetic.CurrentVersion},", File.ReadAllText(folder["run/report.json"]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(512, 512, "512-bit vectors"), InlineData(256, 512, "256-bit vectors on a processor with 512-bit ones"), InlineData(128, 0, "128-bit vectors in software")]
    public void Arithmetic_NamesTheRegisters(int used, int widest, string words) =>
        Assert.Equal($"numerics version 3, {words}", $"{new Arithmetic(3, used, widest)}");

    [Fact]
    public void AReportOfRowsOfOneClass_IsReadBack()
    {
        using TempFolder folder = new();
        RunReport report = Example with { Test = Example.Test! with { Auc = null, Calibration = null, RelativeInformationGain = null } };
        report.Write(folder["report.json"]);
        Assert.Equal(report.ToJson(), RunReport.Read(folder["report.json"]).ToJson());
    }

    static TrainingHistory History(double seconds) => new()
    {
        Epochs = [new() { Epoch = 1, TrainLoss = 0.6, LearningRate = 1e-3f, TrainSeconds = seconds, EvaluationSeconds = 0.5 }],
        BestEpoch = 1,
        Outcome = "The last epoch was kept.",
        Rows = 100_000,
    };
}
