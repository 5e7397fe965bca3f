using DeepFM.Data;
using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Core.Tests.Training;

/// <summary>Bags whose entries are features of their own in pair sums, as the pairs of a libFM line are.</summary>
public class PairsWithinTests
{
    /// <summary>Fields of the rows, as <see cref="TestData.Random(string, int, int, int)"/> names them.</summary>
    static readonly string[] Layouts =
    [
        "pairs", "pairs pairs", "one value pairs bag one", "pairs bag pairs value", "one one pairs",
    ];

    public static MatrixTheoryData<string, string> ModelsAndLayouts =>
        new(TestModels.Names.Select(row => row.Data), Layouts);

    [Theory, MemberData(nameof(ModelsAndLayouts))]
    public void LogitsLossAndGradients_MatchTheReference(string model, string fields)
    {
        if (fields == "pairs" && model is "ipnn" or "pnn-star" or "deepfm-ip" or "deepfm-star") { return; }    // refused
        foreach ((int K, int B) in new[] { (1, 1), (3, 7), (17, 29) })
        {
            using EncodedData data = TestData.Random(fields, rows: B + 2, seed: K);
            ModelOptions options = TestData.SmallModel with { EmbeddingSize = K, Activation = Activation.Tanh };
            ModelDefinition definition = TestModels.Named(model, options).Build(data.FieldCount);
            int[] batch = [.. Enumerable.Range(0, B).Select(row => row % 5 == 4 ? 0 : row + 1)];
            EngineAssert.MatchesReference(definition, TestData.Parameters(definition, data.FeatureCount, seed: 4), data, batch,
                ReferenceMode.WithoutDropout, seed: 1);
        }
    }

    // What no catalog model has: a pair sum that counts twice beside an embedding without one, and no column besides.
    [Theory, InlineData("pairs"), InlineData("one pairs value pairs")]
    public void ModelsOfOnesOwn_MatchTheReference(string fields)
    {
        Func<Inputs, Logit>[] definitions =
        [
            x => x.Embed(1).PairSum(),
            x => { Embedding v = x.Embed(3); return v.PairSum() + v.PairSum() + x.Linear(); },
            x =>
            {
                Embedding v = x.Embed(5), u = x.Embed(2), w = x.Embed(17);
                return w.PairSum() + u.Concat().With(v.Sum()).Dense(3).Output() + v.PairSum();
            },
        ];
        using EncodedData data = TestData.Random(fields, rows: 31, seed: 9);
        foreach (Func<Inputs, Logit> define in definitions)
        {
            ModelDefinition definition = new Defined(define).Build(data.FieldCount);
            EngineAssert.MatchesReference(definition, TestData.Parameters(definition, data.FeatureCount, seed: 4), data,
                [.. Enumerable.Range(0, 31)], ReferenceMode.WithoutDropout, seed: 1);
        }
    }

    [Theory, MemberData(nameof(ParityCases.Rules), MemberType = typeof(ParityCases))]
    public void Steps_MatchTheReference(OptimizerKind optimizer, TableRows updated, TableRows decayed, float clipNorm)
    {
        TrainingOptions options = ParityCases.OptionsOf(optimizer, updated, decayed, clipNorm);
        EngineAssert.StepsMatchReference(new DeepFmModel(TestData.SmallModel with { Activation = Activation.Tanh }), "pairs one pairs", options);
    }

    // Ten fields of one id each, and the same ten ids as the entries of one bag, are the same factorization machine.
    [Theory, InlineData("fm"), InlineData("fm-dnn")]
    public void ABagOfOneIdAField_IsTheModelOfTheFields(string model)
    {
        const int F = 10, ids = 7, B = 61;
        EncodedField[] fields = [.. Enumerable.Range(0, F).Select(f => new EncodedField($"field{f}", FieldShape.OneId, f * ids, ids))];
        int[] drawn = [.. Draw.Ints(B * F, ids, seed: 1).Select((id, i) => i % F * ids + id)];
        float[] labels = Draw.Labels(B, seed: 2);
        using EncodedData apart = EncodedData.FromArrays(fields, labels, drawn);
        using EncodedData flat = EncodedData.FromArrays([new("features", FieldShape.Bag, 0, F * ids, PairsWithin: true)], labels,
            [.. Enumerable.Repeat(F, B)], [], drawn, [.. Enumerable.Repeat(1f, B * F)]);
        ModelOptions options = TestData.SmallModel with { HiddenWidths = [] };
        Dictionary<string, double[]> parameters =
            TestData.Parameters(TestModels.Named("fm-dnn", options).Build(1), F * ids, seed: 3);

        (float[] Logits, float[] Embedding, float[] Linear) Train(EncodedData data)
        {
            ModelDefinition definition = TestModels.Named(model, options).Build(data.FieldCount);
            using Engine engine = new(definition, data.Fields, new() { BatchSize = B, Optimizer = OptimizerKind.Sgd, LearningRate = 1 },
                seed: 1, threads: 2);
            foreach (ParameterShape shape in definition.Parameters(data.FeatureCount))
            {
                bool isTable = shape.Shape[0] == F * ids;
                engine.Parameters.Write(shape.Name, isTable ? [.. parameters[shape.Name].Select(value => (float)value)]
                    : new float[shape.Count]);
            }
            float[] logits = new float[B];
            engine.Score(data, 0, logits);
            engine.Step(data, [.. Enumerable.Range(0, B)]);
            return (logits, engine.Parameters.Read("embedding"), engine.Parameters.Read("linear"));
        }

        (float[] logits, float[] embedding, float[] linear) = Train(apart);
        (float[] flatLogits, float[] flatEmbedding, float[] flatLinear) = Train(flat);
        NumericAssert.Close<float>([.. logits.Select(z => (double)z)], flatLogits, relative: 1e-6, absolute: 4e-6, "logit");
        NumericAssert.Close<float>([.. embedding.Select(v => (double)v)], flatEmbedding, relative: 1e-6, absolute: 1e-6, "embedding");
        NumericAssert.Close<float>([.. linear.Select(w => (double)w)], flatLinear, relative: 1e-6, absolute: 1e-6, "linear");
    }

    [Fact]
    public void TheOrderOfEntries_DoesNotMatter()
    {
        const int n = 9, ids = 20;
        int[] drawn = Draw.Ints(n, ids, seed: 5);
        float[] weights = Draw.Floats(n, seed: 6);

        float Score(IEnumerable<int> order)
        {
            using EncodedData data = Bag(ids, [n], [.. order.Select(i => drawn[i])], [.. order.Select(i => weights[i])]);
            using Engine engine = Fm(data);
            return Scores(engine, data)[0];
        }

        float expected = Score(Enumerable.Range(0, n));
        Assert.Equal(expected, Score(Enumerable.Range(0, n).Reverse()), tolerance: 1e-6);
        Assert.Equal(expected, Score(Enumerable.Range(0, n).Select(i => (i * 4 + 2) % n)), tolerance: 1e-6);
    }

    // By hand: the pairs of 2·a, 3·a and 5·b, with a·a = 4, a·b = −2: 2·3·4 + 2·5·(−2) + 3·5·(−2) = −26.
    [Fact]
    public void AnIdThatARowHasTwice_IsTwoFeatures()
    {
        using EncodedData data = Bag(ids: 2, [3, 1, 0], [0, 0, 1, 0], [2, 3, 5, 7]);
        ModelDefinition definition = new Defined(x => x.Embed(2).PairSum()).Build(1);
        using Engine engine = new(definition, data.Fields, new(), seed: 1, threads: 1);
        engine.Parameters.Write("embedding", [2, 0, -1, 8]);
        Assert.Equal([-26, 0, 0], Scores(engine, data));
    }

    // Adam makes full steps of whatever is left of a gradient of 0.
    [Fact]
    public void AFeatureThatIsAloneInItsRow_HasNoGradientFromPairs()
    {
        using EncodedData data = Bag(ids: 5, [1, 1, 1, 1, 1], [0, 1, 2, 3, 4], [0.1f, -0.3f, 0.7f, 1, 11]);
        using Engine engine = Fm(data);
        Dictionary<string, float[]> gradients = [];
        engine.Gradients(data, [0, 1, 2, 3, 4], gradients);
        Assert.All(gradients["embedding"], gradient => Assert.Equal(0, gradient));
        Assert.All(gradients["linear"], gradient => Assert.NotEqual(0, gradient));
    }

    [Theory, InlineData("fm"), InlineData("fnn"), InlineData("fm-dnn"), InlineData("deepfm"), InlineData("deepfm-star")]
    public void SameSeed_SameBits_ForAnyNumberOfThreads(string model)
    {
        using EncodedData data = TestData.Random("pairs one pairs", rows: 307, seed: 71, idsPerField: 23);
        ModelDefinition definition = TestModels.Named(model, TestData.SmallModel with { DropRate = 0.3f, BatchNorm = true }).Build(3);

        uint[] Train(int threads, float clipNorm)
        {
            TrainingOptions options = new() { EmbeddingL2 = 1e-3f, BatchSize = 128, ClipNorm = clipNorm };
            using Engine engine = new(definition, data.Fields, options, seed: 1, threads);
            foreach (int[] batch in Enumerable.Range(0, data.RowCount).Chunk(options.BatchSize)) { engine.Step(data, batch); }
            return Exact.Bits([.. definition.Parameters(data.FeatureCount).SelectMany(shape => engine.Parameters.Read(shape.Name)),
                .. Scores(engine, data)]);
        }

        foreach (float clipNorm in new[] { 0, 0.5f })
        {
            uint[] one = Train(1, clipNorm);
            Assert.Equal(one, Train(2, clipNorm));
            Assert.Equal(one, Train(8, clipNorm));
        }
    }

    // A label that only a pair of features tells: exclusive or.
    [Theory, InlineData("fm"), InlineData("deepfm"), InlineData("fnn"), InlineData("opnn")]
    public void Trainer_LearnsWhatOnlyPairsTell(string model)
    {
        const int B = 400;
        int[] a = Draw.Ints(B, 2, seed: 1), b = Draw.Ints(B, 2, seed: 2);
        int[] ids = [.. Enumerable.Range(0, B).SelectMany(row => row % 2 == 0 ? new[] { a[row], 2 + b[row] } : [2 + b[row], a[row]])];
        using EncodedData data = EncodedData.FromArrays([new("features", FieldShape.Bag, 0, 4, PairsWithin: true)],
            [.. a.Zip(b, (x, y) => (float)(x ^ y))], [.. Enumerable.Repeat(2, B)], [], ids, [.. Enumerable.Repeat(1f, 2 * B)]);
        RunSettings settings = RunSettings.Default(model);
        foreach (string set in new[] { "batchSize=50", "learningRate=0.05", "epochs=20", "pretrainEpochs=20", "hiddenWidths=8", "dropRate=0",
            "embeddingDeviation=0.1", "embeddingL2=0", "networkL2=0" })
        {
            settings = settings.With(set);
        }

        using TrainedModel trained = Trainer.For(settings, seed: 3, threads: 2).Train(data, null, []);

        Assert.True(Evaluation.Evaluate(trained.Engine, data).LogLoss < 0.1);
        if (model == "fnn") { Assert.True(trained.Pretraining!.Epochs[^1].TrainLoss < 0.1); }
    }

    static EncodedData Bag(int ids, int[] lengths, int[] entries, float[] weights) =>
        EncodedData.FromArrays([new("features", FieldShape.Bag, 0, ids, PairsWithin: true)], new float[lengths.Length], lengths, [],
            entries, weights);

    static Engine Fm(EncodedData data)
    {
        ModelDefinition definition = new FmModel(TestData.SmallModel with { EmbeddingSize = 19 }).Build(1);
        Engine engine = new(definition, data.Fields, new(), seed: 1, threads: 1);
        foreach ((string name, double[] values) in TestData.Parameters(definition, data.FeatureCount, seed: 7))
        {
            engine.Parameters.Write(name, [.. values.Select(value => (float)value)]);
        }
        return engine;
    }

    static float[] Scores(Engine engine, EncodedData data)
    {
        float[] logits = new float[data.RowCount];
        engine.Score(data, 0, logits);
        return logits;
    }

    sealed class Defined(Func<Inputs, Logit> define) : CtrModel(TestData.SmallModel)
    {
        protected override Logit Define(Inputs x) => define(x);
    }
}
