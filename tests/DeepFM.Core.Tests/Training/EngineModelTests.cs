using DeepFM.Data;
using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Core.Tests;

/// <summary>Properties that every model has in every engine.</summary>
public abstract class EngineModelTests<TEngine>
    where TEngine : IEngineUnderTest
{
    [Theory, MemberData(nameof(TestModels.Names), MemberType = typeof(TestModels))]
    public void EveryParameter_GetsAGradient(string model)
    {
        // tanh: a unit of relu may rest for all rows
        ModelDefinition definition =
            TestModels.Named(model, TestData.SmallModel with { Activation = Activation.Tanh }).Build(5);
        using EncodedData data = TestData.Random(fieldCount: 5, rows: 13, seed: 51);
        using IEngineUnderTest engine = Create(definition, data, new());
        int[] rows = [.. Enumerable.Range(0, data.RowCount)];
        HashSet<int> touched = Reference.TouchedIds(data, rows);
        Dictionary<string, float[]> gradients = [];

        engine.Gradients(data, rows, gradients);

        foreach (ParameterShape parameter in definition.Parameters(data.FeatureCount))
        {
            float[] gradient = gradients[parameter.Name];
            Assert.Equal(parameter.Count, gradient.Length);
            bool isTable = parameter.Name.StartsWith("linear", StringComparison.Ordinal)
                || parameter.Name.StartsWith("embedding", StringComparison.Ordinal);
            int width = gradient.Length / parameter.Shape[0];
            for (int i = 0; i < gradient.Length; i++)
            {
                Assert.True(gradient[i] != 0 == (!isTable || touched.Contains(i / width)),
                    $"{parameter.Name}[{i}] has {gradient[i]}.");
            }
        }
    }

    [Theory, MemberData(nameof(TestModels.Names), MemberType = typeof(TestModels))]
    public void Learns32SamplesByHeart(string model)
    {
        // The first field tells the rows apart, so that LR can learn them too.
        EncodedField[] fields =
            [new("row", FieldShape.OneId, 0, 32), new("b", FieldShape.OneId, 32, 3), new("c", FieldShape.OneId, 35, 5)];
        int[] b = Draw.Ints(32, 3, seed: 61), c = Draw.Ints(32, 5, seed: 62), rows = [.. Enumerable.Range(0, 32)];
        using EncodedData data = EncodedData.FromArrays(fields, Draw.Labels(32, seed: 63),
            [.. rows.SelectMany(row => new[] { row, 32 + b[row], 35 + c[row] })]);
        ModelOptions options =
            TestData.SmallModel with { EmbeddingSize = 4, HiddenWidths = [8], Activation = Activation.Tanh };
        using IEngineUnderTest engine =
            Create(TestModels.Named(model, options).Build(3), data, new() { LearningRate = 0.05f });

        double loss = double.PositiveInfinity;
        for (int step = 0; step < 300 && loss >= 0.05; step++) { loss = engine.Step(data, rows); }

        Assert.True(loss < 0.05, $"The loss is still {loss}.");
    }

    [Theory, MemberData(nameof(TestModels.Names), MemberType = typeof(TestModels))]
    public void SameSeed_SameBits_ForAnyNumberOfThreads(string model)
    {
        ModelDefinition definition =
            TestModels.Named(model, TestData.SmallModel with { DropRate = 0.3f, BatchNorm = true }).Build(5);
        using EncodedData data = TestData.Random(fieldCount: 5, rows: 307, seed: 71, idsPerField: 23);
        int[] order = [.. Enumerable.Range(0, data.RowCount)];
        new Random(72).Shuffle(order);

        // Every parameter after an epoch of batches of 128, 128 and 51, then the logits.
        float[] Train(ulong seed, int threads)
        {
            TrainingOptions options = new() { ClipNorm = 0.5f, EmbeddingL2 = 1e-3f, BatchSize = 128 };
            using IEngineUnderTest engine = TEngine.Create(definition, data.Fields, options, seed, threads);
            foreach (int[] batch in order.Chunk(options.BatchSize)) { engine.Step(data, batch); }
            float[] logits = new float[data.RowCount];
            engine.Score(data, 0, logits);
            return [.. definition.Parameters(data.FeatureCount).SelectMany(parameter => engine.Read(parameter.Name)),
                .. logits];
        }

        float[] one = Train(seed: 1, threads: 1);
        Assert.All(one, number => Assert.True(float.IsFinite(number)));
        Assert.Equal(Bits(one), Bits(Train(seed: 1, threads: 1)));
        Assert.Equal(Bits(one), Bits(Train(seed: 1, threads: 2)));
        Assert.Equal(Bits(one), Bits(Train(seed: 1, threads: 8)));
        if (model != "lr")                                  // LR has nothing random if it starts from zeros
        {
            Assert.NotEqual(Bits(one), Bits(Train(seed: 2, threads: 1)));
        }
    }

    // Without batch norm the first layer's gradient is shared out by units where ∂L/∂z has zeros: 85 inputs make one task for one
    // thread and three for eight, of which some begin inside a word of bits, and some have no units at all.
    // More inputs than 400 are taken in pieces.
    [Theory, InlineData(1, 17), InlineData(7, 17), InlineData(131, 17), InlineData(131, 83)]
    public void SameSeed_SameBits_HoweverTheFirstLayersGradientIsCut(int width, int embeddingSize)
    {
        ModelOptions settings = TestData.SmallModel with { EmbeddingSize = embeddingSize, HiddenWidths = [width, 5], DropRate = 0.3f };
        ModelDefinition definition = TestModels.Named("deepfm", settings).Build(5);
        using EncodedData data = TestData.Random(fieldCount: 5, rows: 200, seed: 73, idsPerField: 23);
        int[] order = [.. Enumerable.Range(0, data.RowCount)];

        float[] Train(int threads)
        {
            TrainingOptions options = new() { NetworkL2 = 0.01f, BatchSize = 128 };
            using IEngineUnderTest engine = TEngine.Create(definition, data.Fields, options, seed: 1, threads);
            foreach (int[] batch in order.Chunk(options.BatchSize)) { engine.Step(data, batch); }
            return [.. definition.Parameters(data.FeatureCount).SelectMany(parameter => engine.Read(parameter.Name))];
        }

        float[] one = Train(threads: 1);
        Assert.All(one, number => Assert.True(float.IsFinite(number)));
        Assert.Equal(Bits(one), Bits(Train(threads: 2)));
        Assert.Equal(Bits(one), Bits(Train(threads: 8)));
    }

    [Fact]
    public void Scores_HaveTheSameBits_WhateverBatchSizeAndNumberOfThreads()
    {
        ModelOptions settings = TestData.SmallModel with { EmbeddingSize = 7, HiddenWidths = [70, 33, 20] };
        ModelDefinition definition = TestModels.Named("deepfm", settings).Build(5);
        using EncodedData data = TestData.Random(fieldCount: 5, rows: 331, seed: 74, idsPerField: 23);

        uint[] Score(int batchSize, int threads)
        {
            using IEngineUnderTest engine = TEngine.Create(definition, data.Fields, new() { BatchSize = batchSize }, seed: 1, threads);
            float[] logits = new float[data.RowCount];
            engine.Score(data, 0, logits);
            return Bits(logits);
        }

        uint[] expected = Score(batchSize: 4096, threads: 1);
        foreach ((int batchSize, int threads) in new[] { (1, 1), (7, 3), (59, 2), (60, 1), (61, 8), (150, 2), (4096, 8) })
        {
            Assert.Equal(expected, Score(batchSize, threads));
        }
    }

    [Fact]
    public void TheOrderOfFields_DoesNotMatterToFm()
    {
        const int F = 5, K = 3, ids = 7, B = 11;
        EncodedField[] fields =
            [.. Enumerable.Range(0, F).Select(f => new EncodedField($"field{f}", FieldShape.OneId, f * ids, ids))];
        int[] own = Draw.Ints(B * F, ids, seed: 81);        // within the field
        float[] labels = Draw.Labels(B, seed: 82);
        float[] linear = Draw.Floats(F * ids, seed: 83), embedding = Draw.Floats(F * ids * K, seed: 84);
        ModelDefinition definition = new FmModel(TestData.SmallModel).Build(F);

        float[] Score(Func<int, int> place)                 // field f stands at place(f)
        {
            int[] placedIds = new int[B * F];
            float[] placedLinear = new float[linear.Length], placedEmbedding = new float[embedding.Length];
            for (int f = 0; f < F; f++)
            {
                for (int b = 0; b < B; b++) { placedIds[b * F + place(f)] = place(f) * ids + own[b * F + f]; }
                linear.AsSpan(f * ids, ids).CopyTo(placedLinear.AsSpan(place(f) * ids));
                embedding.AsSpan(f * ids * K, ids * K).CopyTo(placedEmbedding.AsSpan(place(f) * ids * K));
            }
            using EncodedData data = EncodedData.FromArrays(fields, labels, placedIds);
            using IEngineUnderTest engine = TEngine.Create(definition, fields, new(), seed: 1, threads: 2);
            engine.Write("linear", placedLinear);
            engine.Write("embedding", placedEmbedding);
            float[] logits = new float[B];
            engine.Score(data, 0, logits);
            return logits;
        }

        double[] inOrder = [.. Score(f => f).Select(logit => (double)logit)];
        NumericAssert.Close<float>(inOrder, Score(f => F - 1 - f), relative: 1e-6, absolute: 2e-6);
        NumericAssert.Close<float>(inOrder, Score(f => (f + 2) % F), relative: 1e-6, absolute: 2e-6);
    }

    [Fact]
    public void Fm_WithoutEmbeddings_IsLr()
    {
        using EncodedData data = TestData.Random(fieldCount: 5, rows: 11, seed: 91);
        using IEngineUnderTest fm = Create(new FmModel(TestData.SmallModel).Build(5), data, new());
        using IEngineUnderTest lr = Create(new LrModel(TestData.SmallModel).Build(5), data, new());
        fm.Write("embedding", new float[data.FeatureCount * 3]);
        lr.Write("bias", fm.Read("bias"));
        lr.Write("linear", fm.Read("linear"));
        float[] ofFm = new float[11], ofLr = new float[11];

        fm.Score(data, 0, ofFm);
        lr.Score(data, 0, ofLr);

        NumericAssert.Close<float>([.. ofLr.Select(logit => (double)logit)], ofFm, relative: 1e-6, absolute: 1e-6);
    }

    [Theory, MemberData(nameof(TestModels.Names), MemberType = typeof(TestModels))]
    public void Evaluation_HasNoDropout_AndKnowsNoBatch(string model)
    {
        ModelDefinition definition =
            TestModels.Named(model, TestData.SmallModel with { DropRate = 0.5f, BatchNorm = true }).Build(5);
        using EncodedData data = TestData.Random(fieldCount: 5, rows: 19, seed: 101);
        using IEngineUnderTest engine = Create(definition, data, new() { LearningRate = 0.1f });
        engine.Step(data, [0, 1, 2, 3, 4, 5, 6]);
        Dictionary<string, double[]> parameters = definition.Parameters(data.FeatureCount).ToDictionary(
            parameter => parameter.Name,
            parameter => engine.Read(parameter.Name).Select(value => (double)value).ToArray());
        float[] logits = new float[19], again = new float[19], alone = new float[1];

        engine.Score(data, 0, logits);
        engine.Score(data, 0, again);
        engine.Score(data, 7, alone);

        Rounded[] expected =
            Reference.Run(definition, parameters, data, [.. Enumerable.Range(0, 19)], ReferenceMode.Evaluation).Logits;
        NumericAssert.WithinRounding(expected, logits, "logit");
        Assert.Equal(Bits(logits), Bits(again));
        Assert.Equal(logits[7], alone[0], tolerance: 1e-5);
        foreach ((string name, double[] values) in parameters)
        {
            Assert.Equal(values, engine.Read(name).Select(value => (double)value));     // scoring changed nothing
        }
    }

    // As PyTorch, which refuses such a batch, has no statistics of it either.
    [Fact]
    public void BatchNorm_LearnsNothingFromABatchOfOneRow()
    {
        ModelDefinition definition = new DnnModel(TestData.SmallModel with { BatchNorm = true }).Build(5);
        using EncodedData data = TestData.Random(fieldCount: 5, rows: 19, seed: 102);
        using IEngineUnderTest engine = Create(definition, data, new() { LearningRate = 0.1f });
        string[] statistics = [.. definition.Parameters(data.FeatureCount).Where(shape => !shape.Trained).Select(shape => shape.Name)];
        Assert.NotEmpty(statistics);
        float[][] Statistics() => [.. statistics.Select(engine.Read)];
        engine.Step(data, [0, 1, 2, 3, 4]);
        float[][] before = Statistics();

        engine.Step(data, [7]);
        Assert.Equal(before, Statistics());
        engine.Step(data, [7, 8]);
        Assert.NotEqual(before, Statistics());
    }

    // A network whose hidden units are all 1 and whose output weights are all 0: after one step of plain descent on one
    // row of no click, an output weight is −½ × (0 or 1/(1 − p)), so the step shows the mask.
    [Fact]
    public void Dropout_ZeroesTheShareOfUnits_AndScalesTheOthers()
    {
        const int width = 2003;
        const float dropRate = 0.3f;
        ModelOptions model =
            TestData.SmallModel with { HiddenWidths = [width], DropRate = dropRate, Activation = Activation.Identity };
        TrainingOptions training = new() { Optimizer = OptimizerKind.Sgd, LearningRate = 1 };
        ModelDefinition definition = new DnnModel(model).Build(1);
        using EncodedData data = EncodedData.FromArrays([new("a", FieldShape.OneId, 0, 1)], [0f], [0]);

        bool[] Kept(ulong seed)
        {
            using IEngineUnderTest engine = TEngine.Create(definition, data.Fields, training, seed, threads: 2);
            engine.Write("dense1.weight", new float[3 * width]);
            engine.Write("dense1.bias", [.. Enumerable.Repeat(1f, width)]);
            engine.Write("output.weight", new float[width]);
            engine.Write("output.bias", [0f]);
            engine.Step(data, [0]);
            float[] weights = engine.Read("output.weight");
            Assert.All(weights.Where(weight => weight != 0),
                weight => Assert.Equal(-0.5f / (1 - dropRate), weight, tolerance: 1e-6f));
            return [.. weights.Select(weight => weight != 0)];
        }

        bool[] kept = Kept(seed: 1), others = Kept(seed: 2);
        double deviation = Math.Sqrt(dropRate * (1 - dropRate) / width);
        Assert.InRange(kept.Count(unit => !unit) / (double)width, dropRate - 5 * deviation, dropRate + 5 * deviation);
        // Independent masks differ in 2p(1−p) of the units.
        double differing = kept.Zip(others).Count(pair => pair.First != pair.Second) / (double)width;
        Assert.InRange(differing, 0.42 - 0.06, 0.42 + 0.06);
    }

    // Units of 1 and output weights of 0, as above: which weights a step moves is its mask.
    [Fact]
    public void Dropout_DrawsAnotherMaskForEachStep()
    {
        const int width = 499;
        ModelOptions model = TestData.SmallModel with { HiddenWidths = [width], DropRate = 0.5f, Activation = Activation.Identity };
        ModelDefinition definition = new DnnModel(model).Build(1);
        using EncodedData data = EncodedData.FromArrays([new("a", FieldShape.OneId, 0, 1)], [0f], [0]);
        using IEngineUnderTest engine =
            TEngine.Create(definition, data.Fields, new() { Optimizer = OptimizerKind.Sgd, LearningRate = 1 }, seed: 1, threads: 1);

        bool[] Mask()
        {
            engine.Write("dense1.weight", new float[3 * width]);
            engine.Write("dense1.bias", [.. Enumerable.Repeat(1f, width)]);
            engine.Write("output.weight", new float[width]);
            engine.Write("output.bias", [0f]);
            engine.Step(data, [0]);
            return [.. engine.Read("output.weight").Select(weight => weight != 0)];
        }

        bool[] first = Mask(), second = Mask();
        Assert.InRange(first.Zip(second).Count(pair => pair.First != pair.Second), width / 3, 2 * width / 3);
    }

    static IEngineUnderTest Create(ModelDefinition definition, EncodedData data, TrainingOptions options)
    {
        IEngineUnderTest engine = TEngine.Create(definition, data.Fields, options, seed: 1, threads: 2);
        foreach ((string name, double[] values) in TestData.Parameters(definition, data.FeatureCount, seed: 5))
        {
            engine.Write(name, [.. values.Select(value => (float)value)]);
        }
        return engine;
    }

    static uint[] Bits(float[] numbers) => [.. numbers.Select(BitConverter.SingleToUInt32Bits)];
}
