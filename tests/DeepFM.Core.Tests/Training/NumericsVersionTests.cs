using System.Runtime.InteropServices;
using System.Security.Cryptography;
using DeepFM.Metrics;
using DeepFM.Models;
using DeepFM.Numerics;
using DeepFM.Training;

namespace DeepFM.Core.Tests.Training;

/// <summary>
/// Pins the bits of small trainings: runs of one <see cref="Arithmetic"/> can be put into one table.
/// </summary>
/// <remarks>
/// <c>Golden/numerics.txt</c> has a line for each training and each kind of registers; <c>Golden/renew_numerics.sh</c> writes it anew. All settings are
/// given here, so that no default moves them.
/// </remarks>
public class NumericsVersionTests
{
    const string RenewVariable = "DEEPFM_RENEW_NUMERICS", FileName = "numerics.txt";

    static readonly ModelOptions structure = new()
    {
        EmbeddingSize = 7,
        HiddenWidths = [70, 33],
        Activation = Activation.Relu,
        DropRate = 0.3f,
        BatchNorm = false,
        EmbeddingDeviation = 0.1f,
        WeightInit = WeightInit.Glorot,
    };

    static readonly TrainingOptions training = new()
    {
        Optimizer = OptimizerKind.Adam,
        UpdateRows = TableRows.Touched,
        LearningRate = 0.01f,
        AdamBeta1 = 0.9f,
        AdamBeta2 = 0.999f,
        Epsilon = 1e-8f,
        FtrlBeta = 1,
        FtrlL1 = 0.001f,
        FtrlL2 = 0.01f,
        EmbeddingL2 = 0,
        LinearL2 = 0,
        NetworkL2 = 0,
        L2Rows = TableRows.Touched,
        ClipNorm = 0,
        BatchSize = 96,
        Epochs = 2,
        Patience = 0,
        Monitor = DeepFM.Training.Monitor.LogLoss,
        LearningRateCut = 0.5f,
        MinLearningRate = 1e-6f,
        PretrainEpochs = 1,
        BatchNormMomentum = 0.1f,
        BatchNormEpsilon = 1e-5f,
        GroupField = null,
    };

    static readonly TrainingOptions wholeTable = training with
    {
        UpdateRows = TableRows.All,
        L2Rows = TableRows.All,
        EmbeddingL2 = 0.01f,
        LinearL2 = 0.001f,
        NetworkL2 = 0.001f,
        ClipNorm = 0.5f,
    };

    static (string Name, string Model, ModelOptions Structure, TrainingOptions Training)[] Cases =>
    [
        .. ModelCatalog.Names.Select(model => (model, model, structure, training)),
        ("lr-ftrl", "lr", structure, training with { Optimizer = OptimizerKind.Ftrl, LearningRate = 0.1f }),
        ("fm-adagrad", "fm", structure, training with { Optimizer = OptimizerKind.Adagrad, LearningRate = 0.1f }),
        ("deepfm-sgd", "deepfm", structure, training with { Optimizer = OptimizerKind.Sgd, LearningRate = 0.3f }),
        ("deepfm-ftrl", "deepfm", structure, training with { Optimizer = OptimizerKind.Ftrl, LearningRate = 0.1f }),
        ("deepfm-penalties-on-touched-rows", "deepfm", structure, wholeTable with { UpdateRows = TableRows.Touched, L2Rows = TableRows.Touched }),
        ("deepfm-all-rows", "deepfm", structure, wholeTable),
        ("deepfm-adagrad-all-rows", "deepfm", structure, wholeTable with { Optimizer = OptimizerKind.Adagrad }),
        ("deepfm-batch-norm", "deepfm", structure with { BatchNorm = true }, training),
        ("pnn-star-batch-norm-tanh", "pnn-star", structure with { BatchNorm = true, Activation = Activation.Tanh }, wholeTable),
        ("dnn-sigmoid-without-dropout", "dnn", structure with { Activation = Activation.Sigmoid, DropRate = 0, WeightInit = WeightInit.He }, training),
        ("fnn-wide", "fnn", structure with { EmbeddingSize = 16, HiddenWidths = [130, 20, 5], WeightInit = WeightInit.GlorotNormal }, training),
    ];

    [Fact]
    public void SmallTrainings_HaveTheBitsOfThisVersion()
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "Bits are pinned for x64 alone.");
        string width = $"{Kernels.Current.Bits}/{Kernels.WidestBits}";
        string[] actual = [.. Cases.Select(one => $"{width} {one.Name} {DigestOf(one.Model, one.Structure, one.Training)}")];
        if (Environment.GetEnvironmentVariable(RenewVariable) is { Length: > 0 } path)
        {
            Renew(path, width, actual);
            return;
        }

        string[] lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Golden", FileName));
        const string how = "and then let tests/DeepFM.Core.Tests/Golden/renew_numerics.sh write Golden/" + FileName + " anew.";
        Assert.True(lines[0] == $"version {Arithmetic.CurrentVersion}",
            $"{FileName} pins {lines[0]}, but Arithmetic.CurrentVersion is {Arithmetic.CurrentVersion}: make sure that it was meant to be raised, {how}");
        string[] changed = [.. actual.Except(lines).Select(line => line.Split(' ')[1])];
        Assert.True(changed.Length == 0 && lines.Count(line => line.StartsWith($"{width} ", StringComparison.Ordinal)) == actual.Length,
            $"Trainings give other bits than version {Arithmetic.CurrentVersion} with registers of {width} bits (used/widest): {string.Join(", ", changed)}. "
            + $"If that is meant, raise Arithmetic.CurrentVersion, so that no table mixes the runs of before and after, {how}");
    }

    // All weights and running statistics, the logits, and the figures.
    static string DigestOf(string model, ModelOptions structure, TrainingOptions options)
    {
        using EncodedData train = Rows(331, seed: 1), valid = Rows(151, seed: 2);
        Trainer trainer = new(ModelCatalog.Get(model).Create(structure), options, seed: 5, threads: 2);
        using TrainedModel trained = trainer.Train(train, valid, [0, 30], TestContext.Current.CancellationToken);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ParameterShape shape in trained.Engine.Parameters.Shapes)
        {
            hash.AppendData(MemoryMarshal.AsBytes(trained.Engine.Parameters.Read(shape.Name).AsSpan()));
        }
        float[] logits = new float[valid.RowCount];
        trained.Engine.Score(valid, 0, logits);
        hash.AppendData(MemoryMarshal.AsBytes(logits.AsSpan()));
        EvaluationMetrics figures = Evaluation.Evaluate(trained.Engine, valid, "field0", TestContext.Current.CancellationToken);
        hash.AppendData(MemoryMarshal.AsBytes<double>(
            [figures.Auc!.Value, figures.LogLoss, figures.GroupedAuc!.ImpressionWeighted!.Value, trained.Training.Epochs[^1].TrainLoss]));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    /// <summary>Fields of each shape, ids that come again within a batch, by a generator of this file's own.</summary>
    static EncodedData Rows(int count, uint seed)
    {
        EncodedField[] fields =
        [
            new("field0", FieldShape.OneId, 0, 23), new("field1", FieldShape.Value, 23, 1), new("field2", FieldShape.OneId, 24, 11),
            new("field3", FieldShape.Bag, 35, 17), new("field4", FieldShape.OneId, 52, 40),
        ];
        List<float> labels = [], values = [], weights = [];
        List<int> ids = [], bag = [];
        for (int row = 0; row < count; row++)
        {
            int user = Next(23), length = Next(4);
            labels.Add(Next(100) < 20 + user * 2 ? 1 : 0);
            values.Add(Next(2001) / 1000f - 1);
            ids.AddRange([user, 23, 24 + Next(11), length, 52 + Next(40)]);
            for (int i = 0; i < length; i++)
            {
                bag.Add(35 + Next(17));
                weights.Add(0.25f + Next(100) / 100f);
            }
        }
        return EncodedData.FromArrays(fields, [.. labels], [.. ids], [.. values], [.. bag], [.. weights]);

        int Next(int below)
        {
            seed = seed * 1_664_525 + 1_013_904_223;
            return (int)((ulong)seed * (uint)below >> 32);
        }
    }

    // The other widths' lines stay.
    static void Renew(string path, string width, string[] actual)
    {
        string[] others = File.Exists(path)
            ? [.. File.ReadLines(path).Skip(1).Where(line => !line.StartsWith($"{width} ", StringComparison.Ordinal))]
            : [];
        File.WriteAllLines(path, [$"version {Arithmetic.CurrentVersion}", .. others.Concat(actual).Order(StringComparer.Ordinal)]);
    }
}
