using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Cli.Tests;

public sealed class HelpTests : IDisposable
{
    readonly Workspace workspace = new();

    public static TheoryData<string> Commands => ["train", "evaluate", "predict", "compare", "describe"];

    public void Dispose() => workspace.Dispose();

    [Fact]
    public void Root_ListsTheCommands()
    {
        Outcome outcome = workspace.Run("--help");
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));
        Assert.All(Commands, command => Assert.Contains($"  {command.Data} ", outcome.Output, StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Commands))]
    public void EveryCommand_HasExamplesThatItCanParse(string command)
    {
        Outcome outcome = workspace.Run($"{command} --help");
        Assert.Equal((0, ""), (outcome.Code, outcome.Error));

        string[] examples = [.. outcome.Output.Split('\n').Select(line => line.Trim())
            .SkipWhile(line => line != "Examples:").Where(line => line.StartsWith("deepfm ", StringComparison.Ordinal))];
        Assert.NotEmpty(examples);
        Assert.All(examples, example =>
        {
            // All options are understood: what is missing is the files.
            Outcome run = workspace.Run(example["deepfm ".Length..]);
            Assert.Equal(2, run.Code);
            Assert.Contains("there is no such", run.Error, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Train_ListsModelsPresetsAndOptions()
    {
        string help = workspace.Run("train --help").Output;
        Assert.All([.. ModelCatalog.Names, .. Presets.Names, .. RunSettings.Keys],
            name => Assert.Contains(name, help, StringComparison.Ordinal));
    }

    [Fact]
    public void Describe_CountsRowsClicksAndFields()
    {
        Outcome text = workspace.Run("describe --schema @schema.json --data @train.csv --against @test.csv");
        Assert.Equal((0, ""), (text.Code, text.Error));
        Assert.StartsWith("401 rows, ", text.Output, StringComparison.Ordinal);
        Assert.Contains("compared with 103 rows", text.Output, StringComparison.Ordinal);
        Assert.Contains("user   categorical", text.Output, StringComparison.Ordinal);

        Outcome json = workspace.Run("describe --schema @schema.json --data @train.csv --json");
        Assert.Equal(3, System.Text.Json.JsonDocument.Parse(json.Output).RootElement.GetProperty("fields").GetArrayLength());
    }
}
