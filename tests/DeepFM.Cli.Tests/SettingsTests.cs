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
    public void WhatRowsMakeOfTheDefaults_IsTheTableOfTheReadme()
    {
        string[] lines = workspace.Run("settings").Output.Split('\n');
        string[][] table = [.. lines.SkipWhile(line => !line.StartsWith("training rows ", StringComparison.Ordinal)).Skip(1)
            .Where(line => line.Length > 0).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];

        Assert.Equal(4, table.Length);
        Assert.All(table, cells => Assert.Contains($"\n| {cells[0]} | {cells[1]} | {cells[3]} | {cells[4]} |\n", Documents.Read("README.md"),
            StringComparison.Ordinal));
        Assert.DoesNotContain("\ntraining rows ", workspace.Run("settings --preset bars-frappe").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_IsThatOfTheRun()
    {
        Outcome outcome = workspace.Run("settings --model fm --set learningRate=0.25 --json");
        RunSettings settings = JsonSerializer.Deserialize<RunSettings>(outcome.Output, JsonFiles.Options)!;
        Assert.Equal(("fm", 0.25f), (settings.Model, settings.Training.LearningRate));
    }
}
