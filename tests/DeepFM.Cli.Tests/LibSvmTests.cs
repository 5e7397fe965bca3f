using System.Globalization;
using System.Text;
using DeepFM.Training;

namespace DeepFM.Cli.Tests;

/// <summary>Plain libSVM rows, any number of pairs each: what users of libFM and xLearn bring.</summary>
public sealed class LibSvmTests : IDisposable
{
    const string Settings = "--set embeddingSize=4 hiddenWidths=8 dropRate=0 batchSize=50 learningRate=0.02 epochs=30 pretrainEpochs=30 patience=0";

    readonly Workspace workspace = new();
    readonly string schema = Path.Combine(Documents.Root, "data", "schemas", "libsvm.json");

    public LibSvmTests()
    {
        workspace.Write("train.svm", Rows(1500, seed: 1));
        workspace.Write("test.svm", Rows(500, seed: 2));
    }

    public void Dispose() => workspace.Dispose();

    // LR cannot tell such rows at all: what decides is a pair of features of the line.
    [Theory]
    [InlineData("lr", 0.3, 0.7), InlineData("fm", 0.95, 1), InlineData("deepfm", 0.95, 1), InlineData("fnn", 0.95, 1)]
    [InlineData("fm-dnn", 0.95, 1), InlineData("opnn", 0.95, 1), InlineData("lr-dnn", 0.8, 1), InlineData("deepfm-op", 0.95, 1)]
    public void Models_LearnFromThePairsOfALine(string model, double lowest, double highest)
    {
        Outcome trained = Train(model);
        Assert.Equal((0, ""), (trained.Code, trained.Code == 0 ? "" : trained.Error));
        RunReport report = RunReport.Read(workspace["run/report.json"]);
        Assert.InRange(report.Test!.Auc!.Value, lowest, highest);

        Outcome evaluated = workspace.Run("evaluate --model-dir @run/model --data @test.svm --json");
        Assert.Equal((0, ""), (evaluated.Code, evaluated.Error));
        Assert.Contains(report.Test.LogLoss.ToString("R", CultureInfo.InvariantCulture), evaluated.Output, StringComparison.Ordinal);
    }

    [Theory, InlineData("ipnn"), InlineData("pnn-star"), InlineData("deepfm-ip"), InlineData("deepfm-star")]
    public void InnerProductsOfOneField_AreRefused(string model)
    {
        Outcome trained = Train(model);
        Assert.Equal((2, ""), (trained.Code, trained.Output));
        Assert.Contains($"The model '{model}' does not go with these data. Inner products are of fields, and need at least 2; the data have "
            + "1. Give what should pair a field each, in libFM files by the schema's 'columns', or take another model.", trained.Error,
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(workspace["run/model"]));
    }

    // Before anything is trained, not when the run's turn comes.
    [Fact]
    public void Compare_RefusesAModelThatCannotBeTrained_AtOnce()
    {
        Outcome compared = workspace.Run(
            $"compare --schema {schema} --train @train.svm --test @test.svm --models lr,ipnn --seeds 1 --out @run {Settings}");
        Assert.Equal((2, ""), (compared.Code, compared.Output));
        Assert.Contains("The model 'ipnn' does not go with these data.", compared.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(workspace["run/table.md"]));
    }

    [Theory, InlineData("fm"), InlineData("fnn")]
    public void WithoutPairsWithin_FmIsRefused(string model)
    {
        string text = File.ReadAllText(schema).Replace("\"minCount\"", "\"pairsWithin\": false, \"minCount\"", StringComparison.Ordinal);
        Outcome trained = Train(model, workspace.Write("whole.json", text));
        Assert.Equal((2, ""), (trained.Code, trained.Output));
        Assert.Contains($"The model '{model}' does not go with these data. A pair sum needs at least 2 features; the data have one field, "
            + "'features', whose values form no pairs with each other. Set \"pairsWithin\": true for it in the schema, or take another model.",
            trained.Error, StringComparison.Ordinal);
    }

    Outcome Train(string model, string? other = null) => workspace.Run(
        $"train --schema {other ?? schema} --train @train.svm --test @test.svm --model {model} --out @run {Settings}");

    // A click where features 1 and 2 stand together, or 3 and 4; each comes as often without the other, in any place of the line.
    static string Rows(int count, int seed)
    {
        Random random = new(seed);
        StringBuilder text = new();
        for (int row = 0; row < count; row++)
        {
            int first = random.Next(2), second = random.Next(2);
            List<string> pairs = [$"{1 + 2 * first}:1", $"{2 + 2 * second}:1"];
            for (int i = random.Next(4); i > 0; i--) { pairs.Add($"{random.Next(10, 30)}:0.{random.Next(1, 9)}"); }
            string[] line = [.. pairs];
            random.Shuffle(line);
            text.Append(first == second ? "1 " : "-1 ").AppendJoin(' ', line).Append('\n');
        }
        return text.ToString();
    }
}
