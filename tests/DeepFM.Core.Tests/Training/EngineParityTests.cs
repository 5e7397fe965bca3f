using DeepFM.Data;
using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Core.Tests;

/// <summary>
/// An engine against PyTorch's golden files and against the reference: logits, loss, gradients, parameters.
/// </summary>
public abstract class EngineParityTests<TEngine>
    where TEngine : IEngineUnderTest
{
    [Theory, MemberData(nameof(Golden.Names), MemberType = typeof(Golden))]
    public void LogitsLossAndGradients_MatchPyTorch(string name)
    {
        Golden golden = Golden.Read(name);
        using EncodedData data = golden.Data();
        using IEngineUnderTest engine =
            TEngine.Create(golden.Definition(), data.Fields, golden.AdamOptions, seed: 1, threads: 2);
        golden.WriteParameters(engine);
        Dictionary<string, double[]> parameters = golden.ParameterValues();
        ReferenceRun evaluated =
            Reference.Run(golden.Definition(), parameters, data, golden.Rows, ReferenceMode.Evaluation);
        ReferenceRun trained =
            Reference.Run(golden.Definition(), parameters, data, golden.Rows, ReferenceMode.WithoutDropout);

        float[] logits = new float[golden.Labels.Length];
        engine.Score(data, firstRow: 0, logits);
        NumericAssert.WithinRounding(Expect(golden.EvaluationLogits, evaluated.Logits), logits, "logit");

        Dictionary<string, float[]> gradients = [];
        Assert.Equal(golden.MeanLoss, engine.Gradients(data, golden.Rows, gradients), tolerance: 1e-6);
        Assert.Equal(golden.Gradients.Keys.Order(), gradients.Keys.Order());
        foreach ((string parameter, GoldenTensor gradient) in golden.Gradients)
        {
            Rounded[] expected = Expect(gradient.Data, trained.Gradients[parameter]);
            NumericAssert.WithinRounding(expected, gradients[parameter], parameter);
        }
    }

    [Theory, MemberData(nameof(Golden.Names), MemberType = typeof(Golden))]
    public void FiveAdamSteps_MatchPyTorch(string name)
    {
        Golden golden = Golden.Read(name);
        TrainingOptions options = golden.AdamOptions;
        foreach ((string parameter, double[] expected, float[] actual) in Train(golden, options, golden.AfterAdam))
        {
            NumericAssert.Close<float>(expected, actual, relative: 1e-6, absolute: 1e-3 * options.LearningRate,
                parameter);
        }
    }

    [Theory, MemberData(nameof(Golden.NamesWithFtrl), MemberType = typeof(Golden))]
    public void FiveFtrlSteps_MatchThePaper(string name)
    {
        Golden golden = Golden.Read(name);
        TrainingOptions options = golden.FtrlOptions;
        foreach ((string parameter, double[] expected, float[] actual) in Train(golden, options, golden.AfterFtrl!))
        {
            NumericAssert.Close<float>(expected, actual, relative: 1e-5, absolute: 1e-6, parameter);
            Assert.Equal(expected.Select(w => w == 0), actual.Select(w => w == 0));         // L1's zeros are exact
        }
    }

    [Theory, MemberData(nameof(Golden.NamesWithAdagrad), MemberType = typeof(Golden))]
    public void FiveAdagradSteps_MatchPyTorch(string name)
    {
        Golden golden = Golden.Read(name);
        TrainingOptions options = golden.AdagradOptions;
        foreach ((string parameter, double[] expected, float[] actual) in Train(golden, options, golden.AfterAdagrad!))
        {
            NumericAssert.Close<float>(expected, actual, relative: 1e-6, absolute: 1e-3 * options.LearningRate,
                parameter);
        }
    }

    [Theory, MemberData(nameof(ParityCases.ModelsAndSizes), MemberType = typeof(ParityCases))]
    public void LogitsLossAndGradients_MatchTheReference(string model, int size)
    {
        (int F, int K, int[] hidden, int B) = ParityCases.Sizes[size];
        (Activation, bool)[] layers = [(Activation.Relu, false), (Activation.Sigmoid, B > 1)];
        foreach ((Activation activation, bool batchNorm) in layers)
        {
            ModelOptions options = new()
            {
                EmbeddingSize = K,
                HiddenWidths = hidden,
                Activation = activation,
                BatchNorm = batchNorm,
                DropRate = 0,
            };
            ModelDefinition definition = TestModels.Named(model, options).Build(F);
            using EncodedData data = TestData.Random(F, rows: B + 2, seed: size);
            Dictionary<string, double[]> parameters =
                TestData.Parameters(definition, data.FeatureCount, seed: size + 1);
            // Not in order, and row 0 comes again.
            int[] batch = [.. Enumerable.Range(0, B).Reverse().Select(row => row % 5 == 4 ? 0 : row)];
            using IEngineUnderTest engine = Create(definition, data, new(), parameters);

            float[] logits = new float[B];
            engine.Score(data, firstRow: 2, logits);
            Rounded[] expected =
                Reference.Run(definition, parameters, data, [.. Enumerable.Range(2, B)],
                    ReferenceMode.Evaluation).Logits;
            NumericAssert.WithinRounding(expected, logits, "logit");

            Dictionary<string, float[]> gradients = [];
            double loss = engine.Gradients(data, batch, gradients);
            ReferenceRun run = Reference.Run(definition, parameters, data, batch, ReferenceMode.WithoutDropout);
            Assert.Equal(run.MeanLoss, loss, tolerance: 1e-6 * Math.Max(1, run.MeanLoss));
            Assert.Equal(run.Gradients.Keys.Order(), gradients.Keys.Order());
            foreach ((string parameter, Rounded[] gradient) in run.Gradients)
            {
                NumericAssert.WithinRounding(gradient, gradients[parameter], parameter);
            }
        }
    }

    [Theory, MemberData(nameof(ParityCases.Rules), MemberType = typeof(ParityCases))]
    public void Steps_MatchTheReference(OptimizerKind optimizer, TableRows updated, TableRows decayed, float clipNorm)
    {
        TrainingOptions options = ParityCases.OptionsOf(optimizer, updated, decayed, clipNorm) with { NetworkL2 = 0.01f };
        ModelDefinition definition =
            new DeepFmModel(TestData.SmallModel with { Activation = Activation.Tanh, BatchNorm = true }).Build(5);
        using EncodedData data = TestData.Random(fieldCount: 5, rows: 17, seed: 31, idsPerField: 11);
        Dictionary<string, double[]> parameters = TestData.Parameters(definition, data.FeatureCount, seed: 32);
        using IEngineUnderTest engine = Create(definition, data, options, parameters);
        using IEngineUnderTest reference =
            ReferenceEngine.Create(definition, data.Fields, options, seed: 1, threads: 1);
        Write(reference, parameters);

        // The last batch is smaller: its mean is over its own rows.
        foreach (int[] batch in new int[][] { [3, 1, 4, 1, 5, 9, 2], [6, 5, 3, 5, 8, 9, 7], [16, 10, 16, 11] })
        {
            Assert.Equal(reference.Step(data, batch), engine.Step(data, batch), tolerance: 1e-5);
        }

        foreach (ParameterShape parameter in definition.Parameters(data.FeatureCount))
        {
            double[] expected = [.. reference.Read(parameter.Name).Select(value => (double)value)];
            NumericAssert.Close<float>(expected, engine.Read(parameter.Name), relative: 1e-5, absolute: 1e-5,
                parameter.Name);
        }
    }

    static IEnumerable<(string Name, double[] Expected, float[] Actual)> Train(Golden golden, TrainingOptions options,
        Dictionary<string, GoldenTensor> expected)
    {
        using EncodedData data = golden.Data();
        using IEngineUnderTest engine = TEngine.Create(golden.Definition(), data.Fields, options, seed: 1, threads: 2);
        golden.WriteParameters(engine);
        for (int step = 0; step < golden.Steps; step++) { engine.Step(data, golden.Rows); }
        return [.. expected.Select(pair => (pair.Key, pair.Value.Data, engine.Read(pair.Key)))];
    }

    static IEngineUnderTest Create(ModelDefinition definition, EncodedData data, TrainingOptions options,
        Dictionary<string, double[]> parameters)
    {
        IEngineUnderTest engine = TEngine.Create(definition, data.Fields, options, seed: 1, threads: 2);
        Write(engine, parameters);
        return engine;
    }

    static void Write(IEngineUnderTest engine, Dictionary<string, double[]> parameters)
    {
        foreach ((string name, double[] values) in parameters)
        {
            engine.Write(name, [.. values.Select(value => (float)value)]);
        }
    }

    static Rounded[] Expect(double[] values, Rounded[] errors) =>
        [.. values.Zip(errors, (value, error) => new Rounded(value, error.Error))];
}

/// <summary>The cases that engines are compared on.</summary>
static class ParityCases
{
    /// <summary>F, K, hidden widths (0 = none), B; odd, so that no vector width divides them.</summary>
    public static readonly (int F, int K, int[] Hidden, int B)[] Sizes =
    [
        (2, 1, [1], 1), (3, 17, [33], 29), (5, 3, [], 7), (7, 5, [11, 3], 13), (11, 2, [19, 17, 5], 5),
    ];

    public static MatrixTheoryData<string, int> ModelsAndSizes =>
        new(TestModels.Names.Select(row => row.Data), Enumerable.Range(0, Sizes.Length));

    /// <summary>Options of a rule, with first-order and embedding penalties.</summary>
    public static TrainingOptions OptionsOf(OptimizerKind optimizer, TableRows updated, TableRows decayed, float clipNorm) => new()
    {
        Optimizer = optimizer,
        UpdateRows = updated,
        L2Rows = decayed,
        LearningRate = 0.05f,
        Epsilon = 1e-3f,            // large, so that a gradient's rounding is not divided by its own size
        EmbeddingL2 = 0.03f,
        LinearL2 = 0.02f,
        ClipNorm = clipNorm,
        FtrlL1 = 0.01f,
        FtrlL2 = 0.02f,
    };

    /// <summary>Optimizer, rows it changes, rows the penalty decays, bound of the gradient's norm.</summary>
    public static TheoryData<OptimizerKind, TableRows, TableRows, float> Rules
    {
        get
        {
            TheoryData<OptimizerKind, TableRows, TableRows, float> rules = [];
            foreach (OptimizerKind optimizer in Enum.GetValues<OptimizerKind>())
            {
                foreach (TableRows updated in Enum.GetValues<TableRows>())
                {
                    rules.Add(optimizer, updated, TableRows.Touched, 0);
                    rules.Add(optimizer, updated, TableRows.All, 0.5f);
                }
            }
            return rules;
        }
    }
}
