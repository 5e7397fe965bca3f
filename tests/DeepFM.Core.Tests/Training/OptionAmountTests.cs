using DeepFM.Data;
using DeepFM.Metrics;
using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Core.Tests.Training;

/// <summary>Each option changes what it says, by as much as it says; <see cref="OptionEffectTests"/> has that it changes anything.</summary>
public class OptionAmountTests
{
    const double Rate = 0.125;
    static readonly EncodedData train = TestData.Random(5, rows: 83, seed: 1), valid = TestData.Random(5, rows: 61, seed: 2);

    static readonly Dictionary<string, Action> amounts = new()
    {
        ["embeddingSize"] = () => Assert.Equal([7, 4], Shape("deepfm", "embedding", "embeddingSize=4")),
        ["hiddenWidths"] = () =>
        {
            Assert.Equal([2 * 3, 6], Shape("deepfm", "dense1.weight", "hiddenWidths=6,5"));
            Assert.Equal([6, 5], Shape("deepfm", "dense2.weight", "hiddenWidths=6,5"));
            Assert.Equal([5, 1], Shape("deepfm", "output.weight", "hiddenWidths=6,5"));
        },
        ["activation"] = Activations,
        ["dropRate"] = DropRate,
        ["batchNorm"] = () =>
        {
            string[] with = Names("batchNorm=true"), without = Names("batchNorm=false");
            Assert.Equal(["dense1.scale", "dense1.shift", "dense1.mean", "dense1.variance"], with.Except(without));
            Assert.Equal(["dense1.bias"], without.Except(with));
        },
        ["embeddingDeviation"] = () =>
        {
            float[] drawn = Drawn("embedding", "embeddingDeviation=0.3 embeddingSize=1000");
            AssertDeviation(0.3, drawn, kurtosis: 3);
        },
        ["weightInit"] = () =>
        {
            const int inputs = 40, outputs = 200;
            float[] Weights(string init) => Drawn("dense1.weight", $"weightInit={init} embeddingSize={inputs / 2} hiddenWidths={outputs}");
            AssertDeviation(Math.Sqrt(2.0 / inputs), Weights("he"), kurtosis: 1.8, limit: Math.Sqrt(6.0 / inputs));
            AssertDeviation(Math.Sqrt(2.0 / (inputs + outputs)), Weights("glorot"), kurtosis: 1.8, limit: Math.Sqrt(6.0 / (inputs + outputs)));
            AssertDeviation(Math.Sqrt(2.0 / (inputs + outputs)), Weights("glorotNormal"), kurtosis: 3);
        },

        // Steps of one weight: w is where it stands, g its gradient, as the rule's paper says.
        ["learningRate"] = () => AssertSteps("optimizer=sgd learningRate=0.25", (w, g) => w[0] - 0.25 * g[0]),
        ["optimizer"] = () =>
        {
            AssertSteps("optimizer=sgd", (w, g) => w[0] - Rate * g[0]);
            AssertSteps("optimizer=adam", (w, g) => w[0] - Rate * Math.Sign(g[0]));
            AssertSteps("optimizer=adagrad", (w, g) => w[0] - Rate * Math.Sign(g[0]));
            AssertSteps("optimizer=adagrad", (w, g) => w[1] - Rate * g[1] / Math.Sqrt(g[0] * g[0] + g[1] * g[1]), steps: 2);
            AssertSteps("optimizer=ftrl ftrlBeta=1", (w, g) => w[0] - Rate * g[0] / (1 + Math.Abs(g[0])));
        },
        ["adamBeta1"] = () => AssertAdam(beta1: 0.5, beta2: 0.999, epsilon: 1e-8),
        ["adamBeta2"] = () => AssertAdam(beta1: 0.9, beta2: 0.7, epsilon: 1e-8),
        ["epsilon"] = () =>
        {
            AssertAdam(beta1: 0.9, beta2: 0.999, epsilon: 0.5);
            AssertSteps("optimizer=adagrad epsilon=0.5", (w, g) => w[0] - Rate * g[0] / (Math.Abs(g[0]) + 0.5));
        },
        ["ftrlBeta"] = () => AssertFtrl(beta: 0.25, l1: 0, l2: 0),
        ["ftrlL1"] = () => AssertFtrl(beta: 1, l1: 0.125, l2: 0),
        ["ftrlL2"] = () => AssertFtrl(beta: 1, l1: 0, l2: 2),
        ["updateRows"] = () =>
        {
            // Of a row that the second step does not touch: with g = 0, Adam's moments go on moving it.
            double m = 0.9 * 0.1 / (1 - 0.9 * 0.9), v = 0.999 * 0.001 / (1 - 0.999 * 0.999);
            (double[] w, double[] g) = Steps("optimizer=adam updateRows=all", rows: [0, 1]);
            Assert.Equal(w[1] - Rate * Math.Sign(g[0]) * m / Math.Sqrt(v), w[2], tolerance: 1e-6);
            (w, _) = Steps("optimizer=adam updateRows=touched", rows: [0, 1]);
            Assert.Equal(w[1], w[2]);
        },
        ["linearL2"] = () =>
        {
            AssertSteps("optimizer=sgd linearL2=0.5", (w, g) => w[0] - Rate * (g[0] + 0.5 * w[0]));
            AssertPenalty("linearL2", touched: ["linear"], whole: []);
        },
        ["embeddingL2"] = () => AssertPenalty("embeddingL2", touched: ["embedding"], whole: []),
        ["networkL2"] = () => AssertPenalty("networkL2", touched: [], whole: ["dense1.weight", "output.weight"]),
        ["l2Rows"] = () =>
        {
            (double[] w, _) = Steps("optimizer=sgd linearL2=0.5 l2Rows=all", rows: [1, 1]);        // not the row of the weight
            Assert.Equal(w[0] * (1 - Rate * 0.5) * (1 - Rate * 0.5), w[2], tolerance: 1e-6);
            (w, _) = Steps("optimizer=sgd linearL2=0.5 l2Rows=touched", rows: [1, 1]);
            Assert.Equal(w[0], w[2]);
        },
        ["clipNorm"] = () =>
        {
            (double[] w, double[] g) = Steps("optimizer=sgd clipNorm=0.125", rows: [0]);
            double norm = Math.Sqrt(3) * Math.Abs(g[0]);                        // two weights and the constant have the same gradient
            Assert.Equal(w[0] - Rate * g[0] * 0.125 / norm, w[1], tolerance: 1e-6);
            AssertSteps("optimizer=sgd clipNorm=100", (w, g) => w[0] - Rate * g[0]);
        },
        ["batchSize"] = () =>
        {
            // Four fifths click, and the model knows no difference: an epoch's steps move the constant by (0.8 − ½)·rate each, as
            // long as that is small.
            using EncodedData alike = TwoFields([.. Enumerable.Range(0, 80).Select(i => i % 5 == 0 ? 0f : 1)],
                [.. Enumerable.Range(0, 160).Select(i => i % 2 * 4)]);
            float Moved(int batchSize)
            {
                using TrainedModel trained =
                    Train("lr", $"optimizer=sgd learningRate=0.0001 epochs=1 outputBias=zero batchSize={batchSize}", alike, null);
                return trained.Engine.Parameters.Read("bias")[0];
            }
            Assert.Equal(5 * 0.3e-4, Moved(16), tolerance: 1e-7);
            Assert.Equal(2 * 0.3e-4, Moved(40), tolerance: 1e-7);
        },
        ["outputBias"] = () =>
        {
            double rate = train.Labels.ToArray().Average(), logit = Math.Log(rate / (1 - rate));
            foreach ((string model, string bias) in new[] { ("lr", "bias"), ("deepfm", "output.bias") })
            {
                foreach ((string start, double expected) in new[] { ("baseRate", logit), ("zero", 0) })
                {
                    using TrainedModel trained = Train(model, $"epochs=0 outputBias={start}");
                    Assert.Equal(expected, trained.Engine.Parameters.Read(bias)[0], tolerance: 1e-6);
                }
            }
        },
        ["epochs"] = () => Assert.Equal(7, Epochs("epochs=7").Count),
        ["pretrainEpochs"] = () =>
        {
            using TrainedModel trained = Train("fnn", "epochs=1 pretrainEpochs=3");
            Assert.Equal((1, 3), (trained.Training.Epochs.Count, trained.Pretraining!.Epochs.Count));
        },
        ["patience"] = () =>
        {
            foreach (int patience in new[] { 1, 3 })
            {
                using TrainedModel trained = Train("deepfm", $"epochs=100 learningRate=0.2 patience={patience} patienceSteps=0");
                Assert.Equal(trained.Training.BestEpoch + patience, trained.Training.Epochs.Count);
            }
        },
        ["patienceSteps"] = () =>
        {
            // An epoch has three steps: 83 rows by 32.
            foreach ((int steps, int stalled) in new[] { (0, 2), (6, 2), (7, 3), (30, 10) })
            {
                using TrainedModel trained = Train("deepfm", $"epochs=100 learningRate=0.2 patience=2 patienceSteps={steps}");
                Assert.Equal(trained.Training.BestEpoch + stalled, trained.Training.Epochs.Count);
            }
        },
        ["monitor"] = () =>
        {
            foreach (string monitor in new[] { "auc", "logLoss" })
            {
                using TrainedModel trained = Train("deepfm", $"epochs=12 learningRate=0.05 monitor={monitor}");
                EpochReport best = monitor == "auc" ? trained.Training.Epochs.MaxBy(epoch => epoch.Valid!.Auc)!
                    : trained.Training.Epochs.MinBy(epoch => epoch.Valid!.LogLoss)!;
                Assert.Equal(best.Epoch, trained.Training.BestEpoch);
            }
        },
        ["learningRateCut"] = () => AssertRates(cut: 0.5f, least: 1e-6f),
        ["minLearningRate"] = () => AssertRates(cut: 0.5f, least: 0.07f),
        ["batchNormMomentum"] = () =>
        {
            // The running mean starts at 0 and moves by the share towards the same batch's.
            float[] Mean(string share) => AfterAStep("dnn", $"batchNorm=true batchNormMomentum={share}", "dense1.mean");
            float[] some = Mean("0.25"), all = Mean("1");
            Assert.Contains(all, mean => Math.Abs(mean) > 1e-4);
            Assert.All(some.Zip(all), pair => Assert.Equal(0.25 * pair.Second, pair.First, tolerance: 1e-7));
        },
        ["batchNormEpsilon"] = BatchNormEpsilon,
        ["groupField"] = () =>
        {
            using TrainedModel trained = Train("lr", "epochs=1 groupField=field2");
            float[] logits = new float[valid.RowCount];
            trained.Engine.Score(valid, 0, logits);
            int[] groups = [.. Enumerable.Range(0, valid.RowCount).Select(row => valid.Ids(row)[2])];
            Assert.Equal(GroupedAuc.Of(logits, valid.Labels, groups), trained.Training.Epochs[0].Valid!.GroupedAuc);
        },
    };

    public static TheoryData<string> Keys => [.. RunSettings.Keys];

    [Theory, MemberData(nameof(Keys))]
    public void TheAmountIsRight(string key)
    {
        Assert.True(amounts.ContainsKey(key), $"The option {key} is new: say here what its value must make of a number.");
        amounts[key]();
    }

    // A network of one unit whose output counts once: the logit is f(z), z = w·e with weights of 1.
    static void Activations()
    {
        Dictionary<string, Func<double, double>> functions = new()
        {
            ["identity"] = z => z,
            ["relu"] = z => Math.Max(z, 0),
            ["tanh"] = Math.Tanh,
            ["sigmoid"] = z => 1 / (1 + Math.Exp(-z)),
        };
        Assert.Equal(Enum.GetNames<Activation>().Length, functions.Count);
        foreach ((string name, Func<double, double> f) in functions)
        {
            float[] logits = OfOneUnit($"activation={name}", embedding: [-2, -0.5f, 0.25f, 3], write: _ => { });
            NumericAssert.Close<float>([f(-2), f(-0.5), f(0.25), f(3)], logits, relative: 1e-6, absolute: 1e-6, name);
        }
    }

    static void BatchNormEpsilon()
    {
        float[] logits = OfOneUnit("batchNorm=true batchNormEpsilon=0.75 activation=identity", embedding: [-2, -0.5f, 0.25f, 3],
            write: parameters => parameters.Write("dense1.variance", [0.25f]));                    // √(¼ + ¾) = 1
        NumericAssert.Close<float>([-2, -0.5, 0.25, 3], logits, relative: 1e-6, absolute: 1e-6);
        logits = OfOneUnit("batchNorm=true batchNormEpsilon=0.11 activation=identity", embedding: [-2, -0.5f, 0.25f, 3],
            write: parameters => parameters.Write("dense1.variance", [0.25f]));                    // √0.36 = 0.6
        NumericAssert.Close<float>([-2 / 0.6, -0.5 / 0.6, 0.25 / 0.6, 3 / 0.6], logits, relative: 1e-6, absolute: 1e-6);
    }

    // Four ids, each its own logit.
    static float[] OfOneUnit(string assignments, float[] embedding, Action<EngineParameters> write)
    {
        RunSettings settings = Settings("dnn", $"embeddingSize=1 hiddenWidths=1 dropRate=0 {assignments}");
        using EncodedData data = EncodedData.FromArrays([new("a", FieldShape.OneId, 0, 4)], [0, 1, 0, 1], [0, 1, 2, 3]);
        using Engine engine = new(settings.CreateModel().Build(1), data.Fields, settings.Training, seed: 1, threads: 1);
        engine.Parameters.Write("embedding", embedding);
        engine.Parameters.Write("dense1.weight", [1]);
        engine.Parameters.Write("output.weight", [1]);
        write(engine.Parameters);
        float[] logits = new float[4];
        engine.Score(data, 0, logits);
        return logits;
    }

    // Units of 1 whose output weights are 0: a step of rate 1 on one row of no click makes each −½ times what dropout left of the unit.
    static void DropRate()
    {
        const int width = 4001;
        foreach (double rate in new[] { 0, 0.25, 0.9 })
        {
            RunSettings settings = Settings("dnn", FormattableString.Invariant(
                $"hiddenWidths={width} activation=identity optimizer=sgd learningRate=1 dropRate={rate}"));
            using EncodedData data = EncodedData.FromArrays([new("a", FieldShape.OneId, 0, 1)], [0f], [0]);
            using Engine engine = new(settings.CreateModel().Build(1), data.Fields, settings.Training, seed: 1, threads: 1);
            engine.Parameters.Write("dense1.weight", new float[settings.Options.EmbeddingSize * width]);
            engine.Parameters.Write("dense1.bias", [.. Enumerable.Repeat(1f, width)]);
            engine.Parameters.Write("output.weight", new float[width]);
            engine.Step(data, [0]);
            float[] weights = engine.Parameters.Read("output.weight");
            Assert.All(weights.Where(weight => weight != 0), weight => Assert.Equal(-0.5 / (1 - rate), weight, tolerance: 1e-5));
            double deviation = Math.Sqrt(rate * (1 - rate) / width);
            Assert.InRange(weights.Count(weight => weight == 0) / (double)width, rate - 5 * deviation, rate + 5 * deviation);
        }
    }

    /// <summary>
    /// The course of the first weight of LR over steps on one row each, and its gradients: w[0] before all, w[n] after n steps. The
    /// row of no click 0 has that weight, row 1 does not.
    /// </summary>
    static (double[] W, double[] Gradients) Steps(string assignments, int[] rows)
    {
        RunSettings settings = Settings("lr", FormattableString.Invariant($"learningRate={Rate} {assignments}"));
        using EncodedData data = TwoFields([0, 1], [0, 4, 1, 5]);
        using Engine engine = new(settings.CreateModel().Build(2), data.Fields, settings.Training, seed: 1, threads: 1);
        engine.Parameters.Write("linear", [0.75f, 0.5f, 0, 0, -0.25f, 0, 0, 0]);
        engine.Parameters.Write("bias", [0.5f]);
        engine.Parameters.ResetFtrl();
        List<double> w = [engine.Parameters.Read("linear")[0]], gradients = [];
        foreach (int row in rows)
        {
            double z = engine.Parameters.Read("bias")[0] + data.Ids(row).ToArray().Sum(id => engine.Parameters.Read("linear")[id]);
            gradients.Add(1 / (1 + Math.Exp(-z)) - data.Labels[row]);
            engine.Step(data, [row]);
            w.Add(engine.Parameters.Read("linear")[0]);
        }
        return ([.. w], [.. gradients]);
    }

    static void AssertSteps(string assignments, Func<double[], double[], double> expected, int steps = 1)
    {
        (double[] w, double[] g) = Steps(assignments, [.. Enumerable.Repeat(0, steps)]);
        Assert.Equal(expected(w, g), w[^1], tolerance: 1e-6);
    }

    // Kingma and Ba 2015, algorithm 1.
    static void AssertAdam(double beta1, double beta2, double epsilon)
    {
        string assignments = FormattableString.Invariant($"optimizer=adam adamBeta1={beta1} adamBeta2={beta2} epsilon={epsilon}");
        AssertSteps(assignments, (w, g) =>
        {
            double m = 0, v = 0;
            foreach (double x in g) { (m, v) = (beta1 * m + (1 - beta1) * x, beta2 * v + (1 - beta2) * x * x); }
            double first = m / (1 - Math.Pow(beta1, g.Length)), second = v / (1 - Math.Pow(beta2, g.Length));
            return w[^2] - Rate * first / (Math.Sqrt(second) + epsilon);
        }, steps: 3);
    }

    // McMahan et al. 2013, algorithm 1, started so that the closed form gives the first weight.
    static void AssertFtrl(double beta, double l1, double l2)
    {
        string assignments = FormattableString.Invariant($"optimizer=ftrl ftrlBeta={beta} ftrlL1={l1} ftrlL2={l2}");
        AssertSteps(assignments, (w, g) =>
        {
            double z = -w[0] * (beta / Rate + l2) - Math.Sign(w[0]) * l1, n = 0, weight = w[0];
            foreach (double x in g)
            {
                double sigma = (Math.Sqrt(n + x * x) - Math.Sqrt(n)) / Rate;
                z += x - sigma * weight;
                n += x * x;
                weight = Math.Abs(z) <= l1 ? 0 : -(z - Math.Sign(z) * l1) / ((beta + Math.Sqrt(n)) / Rate + l2);
            }
            return weight;
        }, steps: 3);
    }

    // λ moves a weight by −rate·λ·w beside what the loss does: those of touched rows, or the whole of a parameter; no other.
    static void AssertPenalty(string option, string[] touched, string[] whole)
    {
        const double lambda = 0.5;
        RunSettings settings = Settings("deepfm", FormattableString.Invariant(
            $"optimizer=sgd learningRate={Rate} activation=tanh dropRate=0 embeddingSize=3 hiddenWidths=5 {option}=0"));
        using EncodedData data = TwoFields([0, 1], [0, 4, 1, 5]);
        ModelDefinition definition = settings.CreateModel().Build(2);
        Dictionary<string, double[]> start = TestData.Parameters(definition, data.FeatureCount, seed: 3);

        Dictionary<string, float[]> Step(RunSettings settings)
        {
            using Engine engine = new(definition, data.Fields, settings.Training, seed: 1, threads: 1);
            foreach ((string name, double[] values) in start) { engine.Parameters.Write(name, [.. values.Select(value => (float)value)]); }
            engine.Step(data, [0]);
            return start.Keys.ToDictionary(name => name, engine.Parameters.Read);
        }

        Dictionary<string, float[]> without = Step(settings), with = Step(settings.With(FormattableString.Invariant($"{option}={lambda}")));
        foreach ((string name, double[] values) in start)
        {
            int width = values.Length / definition.Parameters(data.FeatureCount).First(shape => shape.Name == name).Shape[0];
            for (int i = 0; i < values.Length; i++)
            {
                bool decays = whole.Contains(name) || (touched.Contains(name) && i / width is 0 or 4);
                Assert.Equal(decays ? -Rate * lambda * values[i] : 0, with[name][i] - without[name][i], tolerance: 1e-6);
            }
        }
    }

    // After each epoch without a better figure the rate is cut, not below the least.
    static void AssertRates(float cut, float least)
    {
        IReadOnlyList<EpochReport> epochs = Epochs(FormattableString.Invariant(
            $"epochs=12 learningRate=0.2 monitor=logLoss learningRateCut={cut} minLearningRate={least}"));
        double best = double.PositiveInfinity;
        float rate = 0.2f;
        bool isCut = false;
        foreach (EpochReport epoch in epochs)
        {
            Assert.Equal(rate, epoch.LearningRate, tolerance: 1e-7f);
            if (epoch.Valid!.LogLoss <= best - 1e-6) { best = epoch.Valid.LogLoss; }
            else { (rate, isCut) = (Math.Max(rate * cut, least), true); }
        }
        Assert.True(isCut);
    }

    static void AssertDeviation(double deviation, float[] drawn, double kurtosis, double limit = double.PositiveInfinity)
    {
        Assert.True(drawn.Length >= 7000);
        double variance = drawn.Average(x => (double)x * x), allowed = 5 * Math.Sqrt((kurtosis - 1) / drawn.Length);
        Assert.InRange(variance / (deviation * deviation), 1 - allowed, 1 + allowed);
        Assert.InRange(drawn.Average(x => (double)x), -5 * deviation / Math.Sqrt(drawn.Length), 5 * deviation / Math.Sqrt(drawn.Length));
        Assert.InRange(drawn.Max(Math.Abs), 0, limit * (1 + 1e-6));
        if (double.IsFinite(limit)) { Assert.True(drawn.Max(Math.Abs) > 0.99 * limit); }
        else { Assert.True(drawn.Max(Math.Abs) > 3 * deviation); }
    }

    // 7 ids of two fields.
    static Engine Start(string model, string assignments)
    {
        RunSettings settings = Settings(model, assignments);
        return new(settings.CreateModel().Build(2), [new("a", FieldShape.OneId, 0, 3), new("b", FieldShape.OneId, 3, 4)], settings.Training,
            seed: 1, threads: 1);
    }

    static IReadOnlyList<int> Shape(string model, string parameter, string assignments)
    {
        using Engine engine = Start(model, $"embeddingSize=3 {assignments}");
        return engine.Parameters.Shapes.First(shape => shape.Name == parameter).Shape;
    }

    static string[] Names(string assignments)
    {
        using Engine engine = Start("deepfm", $"embeddingSize=3 hiddenWidths=5 {assignments}");
        return [.. engine.Parameters.Shapes.Select(shape => shape.Name)];
    }

    static float[] Drawn(string parameter, string assignments)
    {
        using Engine engine = Start("dnn", $"hiddenWidths=5 {assignments}");
        return engine.Parameters.Read(parameter);
    }

    static float[] AfterAStep(string model, string assignments, string parameter)
    {
        RunSettings settings = Settings(model, $"embeddingSize=3 hiddenWidths=5 dropRate=0 embeddingDeviation=0.5 {assignments}");
        using Engine engine = new(settings.CreateModel().Build(5), train.Fields, settings.Training, seed: 1, threads: 1);
        engine.Step(train, [.. Enumerable.Range(0, 40)]);
        return engine.Parameters.Read(parameter);
    }

    static IReadOnlyList<EpochReport> Epochs(string assignments)
    {
        using TrainedModel trained = Train("deepfm", assignments);
        return trained.Training.Epochs;
    }

    static TrainedModel Train(string model, string assignments) => Train(model, assignments, train, valid);

    static TrainedModel Train(string model, string assignments, EncodedData train, EncodedData? valid) => Trainer.For(
        Settings(model, $"embeddingSize=3 hiddenWidths=7,5 dropRate=0 batchSize=32 patience=0 {assignments}"), seed: 7, threads: 1)
        .Train(train, valid, []);

    static RunSettings Settings(string model, string assignments) =>
        RunSettings.Default(model).With(assignments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    static EncodedData TwoFields(float[] labels, int[] ids) =>
        EncodedData.FromArrays([new("a", FieldShape.OneId, 0, 4), new("b", FieldShape.OneId, 4, 4)], labels, ids);
}
