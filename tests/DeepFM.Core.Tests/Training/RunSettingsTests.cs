using System.Text.Json;
using DeepFM.Core.Tests.Data;
using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Core.Tests.Training;

public class RunSettingsTests
{
    public static TheoryData<string, string> PresetsByModel =>
        [.. from preset in Presets.Names from model in ModelCatalog.Names select (preset, model)];

    [Fact]
    public void With_ReadsEveryTypeOfOption()
    {
        RunSettings settings = RunSettings.Default("deepfm")
            .With("embeddingSize=16").With("hiddenWidths=64, 32").With("activation=tanh").With("dropRate=0.25")
            .With("batchNorm=true").With("learningRate=1e-2").With("l2Rows=all").With("groupField=user");

        Assert.Equal(16, settings.Options.EmbeddingSize);
        Assert.Equal([64, 32], settings.Options.HiddenWidths);
        Assert.Equal(Activation.Tanh, settings.Options.Activation);
        Assert.Equal(0.25f, settings.Options.DropRate);
        Assert.True(settings.Options.BatchNorm);
        Assert.Equal(0.01f, settings.Training.LearningRate);
        Assert.Equal(TableRows.All, settings.Training.L2Rows);
        Assert.Equal("user", settings.Training.GroupField);
        Assert.Empty(settings.With("hiddenWidths=").Options.HiddenWidths);
    }

    [Fact]
    public void With_ReachesTheModelTrainedFirst()
    {
        RunSettings settings = RunSettings.Default("fnn").With("batchSize=64").With("pretraining.learningRate=0.5");

        Assert.Equal(1e-3f, settings.Training.LearningRate);
        Assert.Equal(0.5f, settings.Pretraining!.LearningRate);
        Assert.Equal(64, settings.Pretraining.BatchSize);

        RunSettings both = settings.With("learningRate=0.25").With("embeddingL2=0.125");
        Assert.Equal([0.25f, 0.25f], new[] { both.Training, both.Pretraining! }.Select(training => training.LearningRate));
        Assert.Equal([0.125f, 0.125f], new[] { both.Training, both.Pretraining! }.Select(training => training.EmbeddingL2));
    }

    [Fact]
    public void With_AModelsName_IsForThatModel()
    {
        RunSettings Set(string model) => RunSettings.Default(model).With("epochs=7").With("fm.epochs=3").With("fnn.pretraining.epochs=5");

        Assert.Equal((7, 3), (Set("lr").Training.Epochs, Set("fm").Training.Epochs));
        Assert.Equal(5, Set("fnn").Pretraining!.Epochs);
        Assert.Null(Set("fm").Pretraining);
        Assert.StartsWith("There is no option 'epoch'; here it is called epochs.",
            Assert.Throws<UserErrorException>(() => RunSettings.Default("deepfm").With("fm.epoch=3")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("embeddingSise=8",
        "There is no option 'embeddingSise'; did you mean 'embeddingSize'? There are: embeddingSize, hiddenWidths, ")]
    [InlineData("embeddingSize=0", "embeddingSize=0 is not allowed: EmbeddingSize must be in [1, 1024].")]
    [InlineData("embeddingSize=ten", "embeddingSize=ten is not allowed: embeddingSize must be a whole number.")]
    [InlineData("dropRate=NaN", "dropRate=NaN is not allowed: dropRate must be a number.")]
    [InlineData("dropRate=1", "dropRate=1 is not allowed: DropRate must be in [0, 0.99].")]
    [InlineData("hiddenWidths=400,x", "hiddenWidths=400,x is not allowed: hiddenWidths must be whole numbers separated by commas, such as 400,400.")]
    [InlineData("hiddenWidths=0", "hiddenWidths=0 is not allowed: HiddenWidths must be in [1, 65536].")]
    [InlineData("batchNorm=1", "batchNorm=1 is not allowed: batchNorm must be true or false.")]
    [InlineData("optimizer=adamw", "There is no optimizer 'adamw'; did you mean 'adam'? There are: adam, ftrl, adagrad, sgd.")]
    [InlineData("embeddingSize", "'embeddingSize' is not an assignment; write key=value, for example embeddingSize=16.")]
    public void With_SaysWhatIsWrong(string assignment, string message) =>
        Assert.StartsWith(message,
            Assert.Throws<UserErrorException>(() => RunSettings.Default("deepfm").With(assignment)).Message,
            StringComparison.Ordinal);

    [Theory, MemberData(nameof(PresetsByModel))]
    public void Json_KeepsEveryPreset(string preset, string model)
    {
        RunSettings settings = Presets.Get(preset).For(model);
        string json = settings.ToJson();

        Assert.Equal(model, settings.Model);
        Assert.Equal(json, JsonSerializer.Deserialize<RunSettings>(json, JsonFiles.Options)!.ToJson());
    }

    [Fact]
    public void BarsFrappe_IsThePublishedConfiguration()
    {
        RunSettings deepFm = Presets.Get("bars-frappe").For("deepfm"), fnn = Presets.Get("bars-frappe").For("fnn");

        Assert.True(deepFm.Options is { DropRate: 0.2f, BatchNorm: true, EmbeddingDeviation: 1e-4f, EmbeddingSize: 10 });
        Assert.True(deepFm.Training is
        {
            Optimizer: OptimizerKind.Adam, UpdateRows: TableRows.All, L2Rows: TableRows.All, EmbeddingL2: 0.05f,
            LinearL2: 0.05f, NetworkL2: 0, ClipNorm: 10, BatchSize: 4096, LearningRate: 1e-3f, LearningRateCut: 0.1f,
            MinLearningRate: 1e-6f, Patience: 2, Epochs: 100, Monitor: DeepFM.Training.Monitor.Auc,
        });
        Assert.Equal(3, Presets.Get("bars-frappe").For("ipnn").Training.Patience);
        Assert.True(fnn is { Training.EmbeddingL2: 0.05f, Pretraining.EmbeddingL2: 5e-6f });
    }

    /// <summary>The configurations that the benchmark logged: drop rate, λ of the whole table, batch norm, patience.</summary>
    [Theory]
    [InlineData("bars-frappe", "lr", 0, 1e-5f, false, 2), InlineData("bars-frappe", "fm", 0, 5e-6f, false, 2)]
    [InlineData("bars-frappe", "dnn", 0.2f, 0.05f, true, 2), InlineData("bars-frappe", "ipnn", 0.3f, 0.05f, false, 3)]
    [InlineData("bars-frappe", "lr-dnn", 0.6f, 0.1f, true, 2), InlineData("bars-frappe", "deepfm", 0.2f, 0.05f, true, 2)]
    [InlineData("bars-movielens", "lr", 0, 5e-6f, false, 2), InlineData("bars-movielens", "fm", 0, 5e-6f, false, 2)]
    [InlineData("bars-movielens", "dnn", 0.4f, 0.005f, true, 2), InlineData("bars-movielens", "ipnn", 0.1f, 0.01f, false, 3)]
    [InlineData("bars-movielens", "lr-dnn", 0.1f, 0.01f, true, 2), InlineData("bars-movielens", "deepfm", 0.3f, 0.01f, true, 2)]
    [InlineData("bars-criteo-x1", "lr", 0, 5e-7f, false, 2), InlineData("bars-criteo-x1", "fm", 0, 5e-6f, false, 2)]
    [InlineData("bars-criteo-x1", "dnn", 0.1f, 1e-5f, false, 2), InlineData("bars-criteo-x1", "ipnn", 0.1f, 1e-5f, true, 3)]
    [InlineData("bars-criteo-x1", "lr-dnn", 0.1f, 1e-5f, true, 2), InlineData("bars-criteo-x1", "deepfm", 0.1f, 1e-5f, true, 2)]
    public void Bars_IsThePublishedConfigurationOfEachModel(string preset, string model, float dropRate, float l2, bool batchNorm, int patience)
    {
        RunSettings settings = Presets.Get(preset).For(model);
        Assert.Equal((dropRate, batchNorm), (settings.Options.DropRate, settings.Options.BatchNorm));
        Assert.Equal((l2, l2, patience), (settings.Training.EmbeddingL2, settings.Training.LinearL2, settings.Training.Patience));
    }

    /// <summary>Models that the benchmark did not run take the row of their nearest relative.</summary>
    [Theory, InlineData("fnn", "dnn"), InlineData("opnn", "ipnn"), InlineData("pnn-star", "ipnn"), InlineData("fm-dnn", "deepfm")]
    [InlineData("deepfm-ip", "deepfm"), InlineData("deepfm-op", "deepfm"), InlineData("deepfm-star", "deepfm")]
    public void Bars_OthersAreSetAsTheirRelative(string model, string relative)
    {
        foreach (string preset in new[] { "bars-frappe", "bars-movielens", "bars-criteo-x1" })
        {
            RunSettings own = Presets.Get(preset).For(model), other = Presets.Get(preset).For(relative);
            Assert.Equal((own with { Model = relative, Pretraining = null }).ToJson(), other.ToJson());
            Assert.Equal(model == "fnn" ? Presets.Get(preset).For("fm").Training : null, own.Pretraining);
        }
    }

    [Fact]
    public void UnknownPreset_GivesTheNearestAndTheList() =>
        Assert.Equal("There is no preset 'bars-frape'; did you mean 'bars-frappe'? There are: paper-criteo, bars-frappe, "
            + "bars-movielens, bars-criteo-x1.",
            Assert.Throws<UserErrorException>(() => Presets.Get("bars-frape")).Message);

    [Fact]
    public void ReadingSettings_NamesTheFileAndWhatIsWrong()
    {
        using TempFolder folder = new();
        string path = folder["config.json"];
        Assert.Equal($"{path}: there is no such file.",
            Assert.Throws<UserErrorException>(() => JsonFiles.Read<RunSettings>(path)).Message);

        JsonFiles.WriteText(path, """{ "model": "lr", "options": { "embeddingSize": 0 } }""");
        Assert.Equal($"{path}: EmbeddingSize must be in [1, 1024].",
            Assert.Throws<UserErrorException>(() => JsonFiles.Read<RunSettings>(path)).Message);

        JsonFiles.WriteText(path, """{ "model": "lr", "trainig": { } }""");
        Assert.Contains("trainig", Assert.Throws<UserErrorException>(() => JsonFiles.Read<RunSettings>(path)).Message,
            StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));

        JsonFiles.WriteText(path, "{ \"model\": \"lr\",\n \"options\": { \"embeddingSize\": \"ten\" } }");
        Assert.StartsWith($"{path}, line 2, options.embeddingSize: it is not a whole number of its range.",
            Assert.Throws<UserErrorException>(() => JsonFiles.Read<RunSettings>(path)).Message, StringComparison.Ordinal);
    }
}
