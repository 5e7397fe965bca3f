using System.Text.Json;
using System.Text.Json.Serialization;
using DeepFM.Data;
using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Core.Tests;

/// <summary>A golden file: a small model with its inputs, and what PyTorch in float64 makes of it.</summary>
/// <remarks><c>make_golden.py</c> beside the files writes them; <see cref="About"/> says with which versions.</remarks>
sealed record Golden(string About,
    string Model, int EmbeddingSize, int[] HiddenWidths, Activation Activation, bool BatchNorm,
    EncodedField[] Fields, float[] Labels, int[] Ids, float[] Values, int[] BagIds, float[] BagWeights,
    Dictionary<string, GoldenTensor> Parameters, double[] EvaluationLogits, double[] Logits, double MeanLoss,
    Dictionary<string, GoldenTensor> Gradients, int Steps,
    TrainingOptions Adam, Dictionary<string, GoldenTensor> AfterAdam,
    TrainingOptions? Ftrl, Dictionary<string, GoldenTensor>? AfterFtrl,
    TrainingOptions? Adagrad, Dictionary<string, GoldenTensor>? AfterAdagrad)
{
    static readonly JsonSerializerOptions Json =
        new(JsonSerializerOptions.Web) { Converters = { new JsonStringEnumConverter() } };

    static string Folder => Path.Combine(AppContext.BaseDirectory, "Golden");

    /// <summary>The names of all golden files.</summary>
    public static TheoryData<string> Names =>
    [
        .. Directory.GetFiles(Folder, "*.json").Select(path => Path.GetFileNameWithoutExtension(path)!)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The names of those with FTRL steps.</summary>
    public static TheoryData<string> NamesWithFtrl =>
        [.. Names.Select(row => row.Data).Where(name => Read(name).Ftrl is not null)];

    /// <summary>The names of those with Adagrad steps.</summary>
    public static TheoryData<string> NamesWithAdagrad =>
        [.. Names.Select(row => row.Data).Where(name => Read(name).Adagrad is not null)];

    /// <summary>Reads a file by its name.</summary>
    public static Golden Read(string name) =>
        JsonSerializer.Deserialize<Golden>(File.ReadAllText(Path.Combine(Folder, $"{name}.json")), Json)!;

    /// <summary>0 … B−1, the batch of every step.</summary>
    public int[] Rows => [.. Enumerable.Range(0, Labels.Length)];

    public EncodedData Data() => EncodedData.FromArrays(Fields, Labels, Ids, Values, BagIds, BagWeights);

    public ModelDefinition Definition() => TestModels.Named(Model, new()
    {
        EmbeddingSize = EmbeddingSize,
        HiddenWidths = HiddenWidths,
        Activation = Activation,
        BatchNorm = BatchNorm,
        DropRate = 0,
    }).Build(Fields.Length);

    /// <summary>Adam's settings as the kit's options: all rows, as in PyTorch.</summary>
    public TrainingOptions AdamOptions => Adam with
    {
        Optimizer = OptimizerKind.Adam,
        UpdateRows = TableRows.All,
        L2Rows = TableRows.All,
    };

    /// <summary>FTRL's settings as the kit's options.</summary>
    public TrainingOptions FtrlOptions => Ftrl! with { Optimizer = OptimizerKind.Ftrl };

    /// <summary>Adagrad's settings as the kit's options.</summary>
    public TrainingOptions AdagradOptions => Adagrad! with { Optimizer = OptimizerKind.Adagrad };

    /// <summary>Gives an engine the parameters; they are float32 numbers, so nothing is lost.</summary>
    public void WriteParameters(IEngineUnderTest engine)
    {
        foreach ((string name, GoldenTensor tensor) in Parameters)
        {
            engine.Write(name, [.. tensor.Data.Select(value => (float)value)]);
        }
    }

    public Dictionary<string, double[]> ParameterValues() =>
        Parameters.ToDictionary(pair => pair.Key, pair => pair.Value.Data);
}

/// <summary>A tensor of a golden file, row-major.</summary>
sealed record GoldenTensor(int[] Shape, double[] Data);
