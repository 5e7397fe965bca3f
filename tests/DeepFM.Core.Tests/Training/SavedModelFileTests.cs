using DeepFM.Core.Tests.Data;
using DeepFM.Metrics;
using DeepFM.Training;

namespace DeepFM.Core.Tests.Training;

/// <summary>A saved model whose files are not those that were written together is refused, and names the file.</summary>
public sealed class SavedModelFileTests : IDisposable
{
    static readonly string older = Path.Combine(AppContext.BaseDirectory, "Older");
    static readonly string[] names = ["config.json", "features.json", "manifest.json", "weights.safetensors"];
    readonly TempFolder folder = new();
    readonly string model;

    public SavedModelFileTests()
    {
        using MixedFiles files = new();
        using DataSplits data = files.Load();
        string[] small = ["embeddingSize=2", "hiddenWidths=3", "epochs=1"];
        TrainingRun.Execute(RunSettings.Default("deepfm").With(small), data, seed: 1, threads: 1, folder["run"], RunOutputs.Model,
            cancel: TestContext.Current.CancellationToken);
        model = folder["run/model"];
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Save_WritesTheDigestsOfAllOtherFiles()
    {
        Assert.Equal(names, Directory.GetFiles(model).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        string manifest = File.ReadAllText(Path.Combine(model, "manifest.json"));
        Assert.All(names.Where(name => name != "manifest.json"), name => Assert.Contains(
            $"\"{name}\": \"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(model, name))))}\"",
            manifest, StringComparison.Ordinal));
        using SavedModel saved = SavedModel.Load(model, threads: 1);
        Assert.Empty(saved.Notices);
    }

    [Theory]
    [InlineData("config.json", "\"relu\"", "\"tanh\"")]
    [InlineData("features.json", "a1", "x1")]
    public void AnotherSettingOrValue_IsRefused(string name, string old, string with)
    {
        string path = Path.Combine(model, name), text = File.ReadAllText(path);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(old, with, StringComparison.Ordinal));

        Assert.StartsWith($"{path} has SHA-256 ", Refusal(), StringComparison.Ordinal);
        Assert.EndsWith(": it is not the file that was written with this model, whose scores would be others. "
            + "Put back the files that were written together, or train again.", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void WeightsThatBecameZero_AreRefused()
    {
        string path = Path.Combine(model, "weights.safetensors");
        byte[] bytes = File.ReadAllBytes(path);
        bytes.AsSpan(^40..).Clear();
        File.WriteAllBytes(path, bytes);

        Assert.StartsWith($"{path} has SHA-256 ", Refusal(), StringComparison.Ordinal);
    }

    /// <summary>Whichever byte is another, and wherever a file ends: never a score, never another exception.</summary>
    [Fact]
    public void ADamagedByte_OrAMissingEnd_IsRefused_InEveryFile()
    {
        Random random = new(7);
        foreach (string name in names)
        {
            string path = Path.Combine(model, name);
            byte[] whole = File.ReadAllBytes(path);
            for (int i = 0; i < 60; i++)
            {
                byte[] damaged = i % 3 == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
                if (damaged.Length == whole.Length) { damaged[random.Next(whole.Length)] ^= (byte)(1 << random.Next(8)); }
                File.WriteAllBytes(path, damaged);
                if (name == "manifest.json" && IsTheSameJson(whole, damaged)) { continue; }
                Assert.Contains(name, Refusal(), StringComparison.Ordinal);
            }
            File.WriteAllBytes(path, whole);
        }
        SavedModel.Load(model, threads: 1).Dispose();

        // A blank that became another is no damage.
        static bool IsTheSameJson(byte[] whole, byte[] damaged) =>
            damaged.Where(letter => letter > 32).SequenceEqual(whole.Where(letter => letter > 32));
    }

    [Theory]
    [InlineData("config.json", "null"), InlineData("features.json", "null"), InlineData("manifest.json", "null"), InlineData("manifest.json", "[]")]
    [InlineData("manifest.json", """{ "formatVersion": 2 }""")]
    [InlineData("manifest.json", """{ "formatVersion": 2, "sha256": {} }""")]
    public void AnotherKindOfJson_IsRefused(string name, string text)
    {
        File.WriteAllText(Path.Combine(model, name), text);
        Assert.StartsWith(Path.Combine(model, name == "manifest.json" && text.EndsWith("{} }", StringComparison.Ordinal) ? "config.json" : name),
            Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void ALostManifest_IsMissed()
    {
        File.Delete(Path.Combine(model, "manifest.json"));
        Assert.Equal($"{model}: manifest.json missing. A model directory holds config.json, features.json, weights.safetensors and "
            + "manifest.json; copy it whole, or train again.", Refusal());
    }

    [Fact]
    public void ALaterForm_IsRefusedByItsVersion()
    {
        string path = Path.Combine(model, "manifest.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"formatVersion\": 2", "\"formatVersion\": 3", StringComparison.Ordinal));
        Assert.Equal($"{path} has format version 3; this kit reads models of 2, and those without a manifest. "
            + "Use the kit that wrote it, or train again.", Refusal());
    }

    /// <summary>Form 1: made by the kit before a manifest bound the files. Its report says what its training saw on the same rows.</summary>
    [Fact]
    public void AModelOfTheFirstForm_IsRead_ScoresAsItsTrainingDid_AndSaysWhatCannotBeChecked()
    {
        string directory = Path.Combine(older, "model-1");
        using SavedModel saved = SavedModel.Load(directory, threads: 1);
        EvaluationMetrics expected = RunReport.Read(Path.Combine(older, "report-1.json")).Test!, actual = Evaluation.Evaluate(saved.Engine,
            saved.Features.Read([Path.Combine(older, "rows.csv")]), cancel: TestContext.Current.CancellationToken);

        Assert.Equal(expected.Auc, actual.Auc);
        Assert.Equal(expected.LogLoss, actual.LogLoss, tolerance: 1e-6);       // another width may have written it
        Assert.Equal($"{directory} was written before models had a manifest.json: that config.json and weights.safetensors are as they were "
            + "written cannot be checked. Models that are trained now are checked.", Assert.Single(saved.Notices));
    }

    [Theory]
    [InlineData("features.json", "u1", "u9", "features.json has SHA-256 ")]
    [InlineData("config.json", "\"embeddingSize\": 2", "\"embeddingSize\": 4", "weights.safetensors: tensor 'embedding' is F32 of shape [11, 2], "
        + "but config.json and features.json make it F32 of shape [11, 4].")]
    [InlineData("config.json", "\"deepfm\"", "\"lr\"", "weights.safetensors: the model that config.json and features.json describe has no tensor ")]
    public void AModelOfTheFirstForm_IsCheckedAsFarAsCanBe(string name, string old, string with, string message)
    {
        Directory.Delete(model, recursive: true);
        Directory.CreateDirectory(model);
        foreach (string file in Directory.GetFiles(Path.Combine(older, "model-1"))) { File.Copy(file, Path.Combine(model, Path.GetFileName(file))); }
        string path = Path.Combine(model, name), text = File.ReadAllText(path);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(old, with, StringComparison.Ordinal));

        Assert.StartsWith(Path.Combine(model, message), Refusal(), StringComparison.Ordinal);
    }

    string Refusal() => Assert.Throws<UserErrorException>(() => SavedModel.Load(model, threads: 1).Dispose()).Message;
}
