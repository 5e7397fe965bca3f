using DeepFM.Data;
using DeepFM.Models;
using DeepFM.Numerics;
using DeepFM.Training;

namespace DeepFM.Core.Tests;

/// <summary>A user's own models, whose parts share inputs in every way that could confuse buffers or gradients.</summary>
public class NetworkTests
{
    static readonly Dictionary<string, Func<Inputs, Logit>> Definitions = new()
    {
        ["an input of a join and of a later layer"] = x =>
        {
            Units v = x.Embed(3).Concat(), join = v.With(v.Dense(4));
            return v.Dense(5).Output() + join.Output();
        },
        ["an input of a join and of an earlier layer"] = x =>
        {
            Units v = x.Embed(3).Concat();
            return v.With(v.Dense(4)).Dense(2).Output();
        },
        ["a join that is output alone, of a dense layer's input"] = x =>
        {
            Units v = x.Embed(2).Concat();
            return v.With(v.Dense(4)).Output();
        },
        ["a sum that is joined and multiplied"] = x =>
        {
            Embedding v = x.Embed(3);
            Units sum = v.Sum(), join = sum.With(v.Concat());
            return join.Dense(4).Output() + sum.OuterProduct().Output();
        },
        ["a nested join"] = x =>
        {
            Embedding v = x.Embed(3), u = x.Embed(2);
            return v.InnerProducts().With(v.Concat().With(u.Sum(), u.Concat()), u.Concat().Dense(3)).Dense(5).Output();
        },
        ["a nested join that a layer between uses"] = x =>
        {
            Embedding v = x.Embed(3);
            Units inner = v.Concat().With(v.Sum());
            return inner.With(inner.Dense(4), v.InnerProducts()).Dense(3).Output();
        },
        ["a nested join that a later layer uses"] = x =>
        {
            Embedding v = x.Embed(3);
            Units inner = v.Concat().With(v.Sum()), outer = inner.With(v.InnerProducts());
            return outer.Dense(3).Output() + inner.Dense(2).Output() + inner.Output();
        },
        ["a nested join of a unit and a join of it"] = x =>
        {
            Embedding v = x.Embed(3);
            Units inner = v.Concat().With(v.Sum());
            return inner.With(v.Concat(), v.Sum()).Dense(3).Output();
        },
        ["the same embedding in two joins"] = x =>
        {
            Embedding v = x.Embed(3);
            return v.Concat().With(v.Sum()).Mlp([4]) + v.InnerProducts().With(v.Concat()).Mlp([5, 2]) + v.PairSum();
        },
        ["the same join in two layers"] = x =>
        {
            Embedding v = x.Embed(3);
            Units join = v.Concat().With(v.InnerProducts());
            return join.Dense(4).Output() + join.Dense(5).Output() + join.Output();
        },
        ["the same embedding twice in a join"] = x =>
        {
            Units v = x.Embed(3).Concat();
            return v.With(v).Dense(4).Output();
        },
        ["the same embedding thrice in a join, and alone"] = x =>
        {
            Embedding v = x.Embed(3);
            return v.Concat().With(v.Sum(), v.Concat(), v.Sum(), v.Concat()).Dense(4).Output() + v.Concat().Output();
        },
        ["the same dense layer twice in a join"] = x =>
        {
            Units hidden = x.Embed(3).Concat().Dense(4);
            return hidden.With(hidden).Dense(3).Output();
        },
        ["the same join twice in a join"] = x =>
        {
            Embedding v = x.Embed(2);
            Units join = v.Concat().With(v.Sum());
            return join.With(join).Dense(3).Output();
        },
        ["dense layers joined"] = x =>
        {
            Units v = x.Embed(3).Concat(), deep = v.Dense(5).Dense(4);
            return v.Dense(4).With(deep, v).Dense(3).Output();
        },
        ["a dense layer joined and continued"] = x =>
        {
            Units hidden = x.Embed(3).Concat().Dense(5), deeper = hidden.Dense(4);
            return hidden.With(deeper).Output() + hidden.Output();
        },
        ["a hidden layer in two dense layers"] = x =>
        {
            Units hidden = x.Embed(3).Concat().Dense(37);
            return hidden.Dense(4).Output() + hidden.Dense(3).Dense(2).Output() + hidden.Output();
        },
        ["a hidden layer and an embedding that are output before others use them"] = x =>
        {
            Units v = x.Embed(3).Concat();
            Logit first = v.Output();
            Units hidden = v.Dense(5);
            return first + hidden.Output() + hidden.Dense(4).Output();
        },
        ["two towers"] = x =>
        {
            Embedding v = x.Embed(3), u = x.Embed(17);
            Units left = v.Concat().Dense(5), right = u.Concat().Dense(3);
            return left.With(right).Mlp([4]) + v.PairSum() + u.PairSum() + x.Linear() + x.Bias();
        },
        ["an embedding in two dense layers"] = x =>
        {
            Units v = x.Embed(3).Concat();
            return v.Mlp([4]) + v.Mlp([5, 3]);
        },
        ["outer products of a join, of a layer, and of an outer product"] = x =>
        {
            Embedding v = x.Embed(2);
            Units hidden = v.Concat().Dense(3);
            return v.Sum().With(hidden).OuterProduct().Output() + hidden.OuterProduct().Dense(2).Output()
                + v.Sum().OuterProduct().OuterProduct().Output();
        },
        ["joins without a dense layer"] = x =>
        {
            Embedding v = x.Embed(3);
            return v.Sum().With(v.InnerProducts(), v.Concat()).Output() + v.Concat().Output() + v.PairSum();
        },
        ["two linear terms and no embedding"] = x => x.Linear() + x.Linear() + x.Bias(),
        ["two biases, three linear terms, three embeddings"] = x =>
        {
            Embedding v = x.Embed(1), u = x.Embed(13), w = x.Embed(4);
            return x.Bias() + x.Linear() + v.PairSum() + x.Linear() + u.PairSum() + x.Bias() + x.Linear()
                + w.Sum().With(u.Sum()).Output();
        },
        ["the pair sum twice"] = x =>
        {
            Embedding v = x.Embed(3);
            return v.PairSum() + v.PairSum() + v.Sum().Output();
        },
        ["embeddings of one number"] = x =>
        {
            Embedding v = x.Embed(1);
            return v.PairSum() + v.Concat().With(v.Sum(), v.InnerProducts()).Dense(2).Output();
        },
        ["units of one number"] = x => x.Embed(2).Concat().Dense(1).Dense(1).OuterProduct().Dense(1).Output(),
    };

    static readonly Dictionary<string, Func<Inputs, Logit>> OneField = new()
    {
        ["one field of one number"] = x =>
        {
            Embedding v = x.Embed(1);
            return x.Linear() + v.Concat().Output();
        },
        ["one field, joined"] = x =>
        {
            Embedding v = x.Embed(1);
            return x.Linear() + v.Concat().With(v.Sum()).Dense(2).Output();
        },
    };

    public static TheoryData<string> Names => [.. Definitions.Keys, .. OneField.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Reference_GradientsAreTheDifferencesOfTheLoss(string name)
    {
        (ModelDefinition definition, EncodedData data) = Build(name, rows: 7,
            TestData.SmallModel with { Activation = Activation.Tanh });
        using (data)
        {
            Dictionary<string, double[]> parameters = TestData.Parameters(definition, data.FeatureCount, seed: 4);
            int[] rows = [6, 0, 3, 3, 1];
            foreach ((string parameter, Rounded[] gradient) in Run(definition, parameters, data, rows).Gradients)
            {
                double[] differences = Reference.Gradient(
                    x => Run(definition, new(parameters) { [parameter] = x }, data, rows).MeanLoss,
                    parameters[parameter]);
                NumericAssert.Close<double>(differences, [.. gradient.Select(number => number.Value)],
                    relative: 1e-7, absolute: 1e-9, parameter);
            }
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Engine_MatchesTheReference(string name)
    {
        foreach (Activation activation in new[] { Activation.Tanh, Activation.Relu })
        {
            // 211 rows are three tiles.
            foreach (int batchSize in new[] { 5, 211 })
            {
                AssertMatches(name, TestData.SmallModel with { Activation = activation }, batchSize);
            }
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Engine_WithDropout_MatchesTheReferenceUnderTheSameMask(string name) =>
        AssertMatches(name, TestData.SmallModel with { Activation = Activation.Tanh, DropRate = 0.4f }, batchSize: 103);

    [Theory, MemberData(nameof(Names))]
    public void Engine_WithBatchNorm_MatchesTheReference(string name) =>
        AssertMatches(name, TestData.SmallModel with { Activation = Activation.Tanh, BatchNorm = true },
            batchSize: 103);

    // Where few units are left, ∂L/∂x is computed for these alone: not where another layer's share of it stands beside.
    [Theory, MemberData(nameof(Names))]
    public void Engine_WithReluBatchNormAndDropout_MatchesTheReference(string name) =>
        AssertMatches(name, TestData.SmallModel with { Activation = Activation.Relu, BatchNorm = true, DropRate = 0.6f },
            batchSize: 103);

    [Theory, MemberData(nameof(Names))]
    public void Engine_SameBits_ForAnyNumberOfThreads(string name)
    {
        ModelOptions options = TestData.SmallModel with { DropRate = 0.3f, BatchNorm = true };
        (ModelDefinition definition, EncodedData data) = Build(name, rows: 307, options);
        using (data)
        {
            uint[] Train(int threads)
            {
                using Engine engine = new(definition, data.Fields, new() { BatchSize = 256 }, seed: 1, threads);
                foreach (int[] batch in Enumerable.Range(0, data.RowCount).Chunk(256)) { engine.Step(data, batch); }
                float[] logits = new float[data.RowCount];
                engine.Score(data, 0, logits);
                return
                [
                    .. definition.Parameters(data.FeatureCount)
                        .SelectMany(shape => Exact.Bits(engine.Parameters.Read(shape.Name))),
                    .. Exact.Bits(logits),
                ];
            }

            uint[] one = Train(1);
            Assert.Equal(one, Train(2));
            Assert.Equal(one, Train(8));
        }
    }

    // A value field has one id, but nothing refuses more; their rows must not fall on top of each other.
    [Fact]
    public void Engine_SumsAValueFieldOfSeveralIds()
    {
        const int B = 200, ids = 100;
        EncodedField[] fields = [new("a", FieldShape.OneId, 0, 2), new("b", FieldShape.Value, 2, ids)];
        int[] drawn = Draw.Ints(B, ids, seed: 1);
        using EncodedData data = EncodedData.FromArrays(fields, Draw.Labels(B, seed: 2),
            [.. drawn.SelectMany(id => new[] { id % 2, 2 + id })], Draw.Floats(B, seed: 3));
        ModelDefinition definition = new FmModel(TestData.SmallModel).Build(2);
        Dictionary<string, double[]> parameters = TestData.Parameters(definition, data.FeatureCount, seed: 4);
        EngineAssert.MatchesReference(definition, parameters, data, [.. Enumerable.Range(0, B)], ReferenceMode.WithoutDropout, seed: 1);
    }

    static void AssertMatches(string name, ModelOptions options, int batchSize)
    {
        const ulong seed = 11;
        (ModelDefinition definition, EncodedData data) = Build(name, batchSize + 2, options);
        using (data)
        {
            Dictionary<string, double[]> parameters = TestData.Parameters(definition, data.FeatureCount, seed: 4);
            int[] batch = [.. Enumerable.Range(0, batchSize).Select(row => row % 5 == 4 ? 0 : row + 1)];
            ReferenceMode mode = new(Training: true,
                Keeps: options.DropRate == 0 ? null : (dense, b, unit) => Keeps(seed, dense, b, unit));
            EngineAssert.MatchesReference(definition, parameters, data, batch, mode, seed);
        }
    }

    // The engine's mask of the first step, as the kernel draws it.
    static bool Keeps(ulong seed, DenseNode dense, int b, int unit)
    {
        ulong key = CounterRandom.Key(CounterRandom.Key(seed, 1, 0), (ulong)dense.Index);
        return DropoutMask.Of(dense.DropRate, key).Apply<SimdScalar, float>(1, (uint)(b * dense.Width + unit)) != 0;
    }

    static ReferenceRun Run(ModelDefinition definition, Dictionary<string, double[]> parameters, EncodedData data,
        int[] rows) =>
        Reference.Run(definition, parameters, data, rows, ReferenceMode.WithoutDropout);

    static (ModelDefinition, EncodedData) Build(string name, int rows, ModelOptions options)
    {
        (Func<Inputs, Logit> define, int F) = Definitions.TryGetValue(name, out Func<Inputs, Logit>? found)
            ? (found, 5) : (OneField[name], 1);
        return (new Defined(options, define).Build(F), TestData.Random(F, rows, seed: 3));
    }

    sealed class Defined(ModelOptions options, Func<Inputs, Logit> define) : CtrModel(options)
    {
        protected override Logit Define(Inputs x) => define(x);
    }
}
