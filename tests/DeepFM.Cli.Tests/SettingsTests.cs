using System.Text.Json;
using DeepFM.Training;

namespace DeepFM.Cli.Tests;

public sealed class SettingsTests : IDisposable
{
    readonly Workspace workspace = new();

    public void Dispose() => workspace.Dispose();

    [Fact]
    public void EveryKey_HasItsValueAndItsMeaning()
    {
        Outcome outcome = workspace.Run("settings --model fnn --preset bars-frappe --set epochs=3 fm.epochs=4");
        string[] lines = outcome.Output.Split('\n');

        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Assert.StartsWith("FNN with the preset bars-frappe: ", lines[0], StringComparison.Ordinal);
        Assert.All(RunSettings.Keys, key => Assert.Matches($@"^{key} +\S+ +[A-Zλ]\S*.{{10,}}\.$", lines.Single(
            line => line.StartsWith($"{key} ", StringComparison.Ordinal))));
        Assert.Contains(lines, line => line.StartsWith("epochs ", StringComparison.Ordinal) && line.Contains(" 3 ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith("One of: adam, ftrl, adagrad, sgd.", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("pretraining.embeddingL2 ", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.StartsWith("pretraining.batchSize ", StringComparison.Ordinal));     // as the other
        Assert.DoesNotContain('<', outcome.Output);
    }

    [Fact]
    public void Json_IsThatOfTheRun()
    {
        Outcome outcome = workspace.Run("settings --model fm --set learningRate=0.25 --json");
        RunSettings settings = JsonSerializer.Deserialize<RunSettings>(outcome.Output, JsonFiles.Options)!;
        Assert.Equal(("fm", 0.25f), (settings.Model, settings.Training.LearningRate));
    }
}
