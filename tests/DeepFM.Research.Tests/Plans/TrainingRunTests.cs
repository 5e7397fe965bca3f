using DeepFM.Data;
using DeepFM.Training;

namespace DeepFM.Research.Tests.Plans;

public sealed class TrainingRunTests : IDisposable
{
    readonly TinyData data = new();

    public void Dispose() => data.Dispose();

    /// <summary>A report must not stand beside the model or the scores of the run that it replaced.</summary>
    [Fact]
    public void ARunThatIsReplaced_LeavesNothingOfItself()
    {
        using DataSplits rows = data.Load();
        string[] Left(string model, RunOutputs outputs)
        {
            TrainingRun.Execute(RunSettings.Default(model).With("epochs=1"), rows, seed: 1, threads: 1, data["run"], outputs,
                cancel: TestContext.Current.CancellationToken);
            return [.. Directory.GetFileSystemEntries(data["run"]).Select(entry => Path.GetFileName(entry)).Order(StringComparer.Ordinal)];
        }

        Assert.Equal(["model", "report.json", "scores.safetensors"], Left("lr", RunOutputs.Model | RunOutputs.Scores));
        Assert.Equal(["model", "report.json"], Left("fm", RunOutputs.Model));
        Assert.Equal(["report.json", "scores.safetensors"], Left("lr", RunOutputs.Scores));
        Assert.Equal(["report.json"], Left("fm", RunOutputs.Report));
    }
}
