using DeepFM.Data;
using DeepFM.Models;

namespace DeepFM.Core.Tests;

/// <summary>The models' equations in double, as plainly as they can be said. Never optimized.</summary>
/// <remarks>
/// It shares with the engine only the definition of a model and the encoded rows. Products over pairs are loops over
/// the pairs, every sum is a loop, and gradients come from a <see cref="Tape"/>.
/// </remarks>
static class Reference
{
    /// <summary>Computes a model for some rows.</summary>
    /// <param name="definition">What to compute.</param>
    /// <param name="parameters">All parameters and batch-norm statistics by name, row-major.</param>
    /// <param name="data">The rows' fields, ids and labels.</param>
    /// <param name="rows">Which rows make the batch, in order; a row may come twice.</param>
    /// <param name="mode">Training or evaluation.</param>
    public static ReferenceRun Run(ModelDefinition definition, IReadOnlyDictionary<string, double[]> parameters,
        EncodedData data, ReadOnlySpan<int> rows, ReferenceMode mode) =>
        new Forward(definition, parameters, data, rows.ToArray(), mode).Run();

    /// <summary>Σ_{i&lt;j} ⟨e_i, e_j⟩ of one sample's embeddings, [F, K].</summary>
    public static double FmPairSum(ReadOnlySpan<double> e, int F, int K)
    {
        double sum = 0;
        for (int i = 0; i < F; i++)
        {
            for (int j = i + 1; j < F; j++)
            {
                for (int k = 0; k < K; k++) { sum += e[i * K + k] * e[j * K + k]; }
            }
        }
        return sum;
    }

    /// <summary>∇f at x by central differences; error about 1e-10 of f's scale for smooth f.</summary>
    public static double[] Gradient(Func<double[], double> f, double[] x)
    {
        const double step = 6e-6;                           // ∛(2⁻⁵²): truncation and rounding are then alike
        double[] at = [.. x], gradient = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            double h = step * Math.Max(1, Math.Abs(x[i]));
            at[i] = x[i] + h;
            double above = f(at);
            at[i] = x[i] - h;
            double below = f(at);
            at[i] = x[i];
            gradient[i] = (above - below) / (2 * h);
        }
        return gradient;
    }

    /// <summary>The ids of some rows, each once.</summary>
    public static HashSet<int> TouchedIds(EncodedData data, ReadOnlySpan<int> rows)
    {
        HashSet<int> touched = [];
        foreach (int row in rows)
        {
            touched.UnionWith(Entries(data, row).SelectMany(field => field).Select(entry => entry.Id));
        }
        return touched;
    }

    sealed class Forward(ModelDefinition definition, IReadOnlyDictionary<string, double[]> parameters, EncodedData data,
        int[] rows, ReferenceMode mode)
    {
        readonly Tape tape = new();
        readonly Dictionary<string, Scalar[]> inputs = [];
        readonly Dictionary<Node, Scalar[][]> outputs = [];                 // node → [B][Width]
        readonly Dictionary<string, BatchStatistics> statistics = [];

        public ReferenceRun Run()
        {
            foreach (ParameterShape parameter in definition.Parameters(data.FeatureCount))
            {
                double[] values = parameters[parameter.Name];
                Assert.Equal(parameter.Count, values.Length);
                inputs[parameter.Name] = [.. values.Select(tape.Input)];
            }
            foreach (Node node in definition.Nodes) { outputs[node] = Compute(node); }

            Scalar[] logits = [.. rows.Select((_, b) => Sum(definition.Terms.Select(term => outputs[term][b][0])))];
            // log(1 + e^z) − y·z, said as log(1 + e^−z) for a click, which is the same.
            Scalar loss = 1.0 / rows.Length
                * Sum(logits.Select((z, b) => (data.Labels[rows[b]] == 1 ? -1 * z : z).Softplus()));
            Rounded[] gradients = tape.Gradients(loss);
            return new(
                [.. logits.Select(z => z.Value)],
                loss.Value.Value,
                definition.Parameters(data.FeatureCount).Where(parameter => parameter.Trained).ToDictionary(
                    parameter => parameter.Name,
                    parameter => inputs[parameter.Name].Select(input => gradients[input.Index]).ToArray()),
                statistics);
        }

        Scalar[][] Compute(Node node) => node switch
        {
            BiasNode bias => PerRow(_ => [inputs[bias.Name][0]]),
            LinearNode linear => PerRow(b => [Sum(Embed(inputs[linear.Name], 1, b))]),
            EmbedNode embed => PerRow(b => Embed(inputs[embed.Name], embed.Size, b)),
            PairSumNode pairs => PerRow(b => [PairSum(Features(pairs.Input, b), pairs.Input.Size)]),
            InnerProductsNode products => PerRow(b =>
                PairProducts([.. outputs[products.Input][b].Chunk(products.Input.Size)], products.Input.Size)),
            FieldSumNode sum => PerRow(b => FieldSum(outputs[sum.Input][b], sum.Input)),
            OuterProductNode outer => PerRow(b => OuterProduct(outputs[outer.Input][b])),
            JoinNode join => PerRow(b => [.. join.Inputs.SelectMany(input => outputs[input][b])]),
            DenseNode dense => Dense(dense),
            OutputNode output => PerRow(b => Affine(outputs[output.Input][b], output.Name)),
            _ => throw new NotSupportedException($"The reference has no equation for {node.GetType().Name}."),
        };

        Scalar[][] PerRow(Func<int, Scalar[]> compute) => [.. Enumerable.Range(0, rows.Length).Select(compute)];

        // e_f = Σ_j x_fj·V[id_fj], [F·K]
        Scalar[] Embed(Scalar[] table, int K, int b) =>
        [
            .. Entries(data, rows[b]).SelectMany(entries => Enumerable.Range(0, K).Select(k =>
                Sum(entries.Select(entry => entry.Number * table[entry.Id * K + k])))),
        ];

        // What a pair sum pairs: e_f of each field, or x_fj·V[id_fj] of each entry where these are features of their own.
        Scalar[][] Features(EmbedNode embed, int b)
        {
            Scalar[] table = inputs[embed.Name];
            int K = embed.Size;
            return
            [
                .. Entries(data, rows[b]).SelectMany((entries, f) => data.Fields[f].PairsWithin
                    ? entries.Select(entry => Enumerable.Range(0, K).Select(k => entry.Number * table[entry.Id * K + k]).ToArray())
                    : [outputs[embed][b][(f * K)..((f + 1) * K)]]),
            ];
        }

        // Σ_{i<j} ⟨e_i, e_j⟩. Rendle's identity adds each feature's square and takes it away: that changes only how far float32 may be off.
        Scalar PairSum(Scalar[][] e, int K)
        {
            Scalar pairs = Sum(PairProducts(e, K));
            if (e.Length == 0) { return pairs; }
            Scalar squares = 0.5 * Sum(e.SelectMany(feature => feature.Select(number => number * number)));
            return pairs + squares - squares;
        }

        // ⟨e_i, e_j⟩ of all i < j
        Scalar[] PairProducts(Scalar[][] e, int K)
        {
            List<Scalar> products = [];
            for (int i = 0; i < e.Length; i++)
            {
                for (int j = i + 1; j < e.Length; j++)
                {
                    products.Add(Sum(Enumerable.Range(0, K).Select(k => e[i][k] * e[j][k])));
                }
            }
            return [.. products];
        }

        Scalar[] FieldSum(Scalar[] e, EmbedNode embed) =>
        [
            .. Enumerable.Range(0, embed.Size).Select(k =>
                Sum(Enumerable.Range(0, embed.FieldCount).Select(f => e[f * embed.Size + k]))),
        ];

        static Scalar[] OuterProduct(Scalar[] u) => [.. u.SelectMany(_ => u, (left, right) => left * right)];

        // u·W + b
        Scalar[] Affine(Scalar[] u, string name) =>
            [.. inputs[$"{name}.bias"].Zip(Product(u, name), (bias, product) => product + bias)];

        // u·W, W [n, width]
        Scalar[] Product(Scalar[] u, string name)
        {
            Scalar[] weight = inputs[$"{name}.weight"];
            int width = weight.Length / u.Length;
            return [.. Enumerable.Range(0, width).Select(j => Sum(u.Select((value, i) => value * weight[i * width + j])))];
        }

        Scalar[][] Dense(DenseNode dense)
        {
            Scalar[][] z = dense.BatchNorm
                ? BatchNorm(PerRow(b => Product(outputs[dense.Input][b], dense.Name)), dense)
                : PerRow(b => Affine(outputs[dense.Input][b], dense.Name));
            return PerRow(b =>
                [.. z[b].Select((sum, unit) => Dropout(Activate(sum, dense.Activation), dense, b, unit))]);
        }

        // γ·(z − mean)/√(variance + ε) + β; a training batch is normalised by its own biased variance.
        Scalar[][] BatchNorm(Scalar[][] z, DenseNode dense)
        {
            int B = rows.Length, width = dense.Width;
            Scalar[] means = inputs[$"{dense.Name}.mean"], variances = inputs[$"{dense.Name}.variance"];
            if (mode.Training)
            {
                means = [.. Enumerable.Range(0, width).Select(unit => 1.0 / B * Sum(z.Select(sums => sums[unit])))];
                variances = [.. Enumerable.Range(0, width).Select(unit =>
                    1.0 / B * Sum(z.Select(sums => (sums[unit] - means[unit]) * (sums[unit] - means[unit]))))];
                if (B > 1)                                   // one row has no unbiased variance
                {
                    statistics[dense.Name] = new(
                        [.. means.Select(mean => mean.Value.Value)],
                        [.. variances.Select(variance => variance.Value.Value * B / (B - 1))]);
                }
            }
            Scalar[] scales = inputs[$"{dense.Name}.scale"], shifts = inputs[$"{dense.Name}.shift"];
            Scalar epsilon = tape.Input(mode.BatchNormEpsilon);
            return PerRow(b =>
            [
                .. z[b].Select((sum, unit) =>
                    scales[unit] * (sum - means[unit]) * (variances[unit] + epsilon).InverseRoot() + shifts[unit]),
            ]);
        }

        Scalar Dropout(Scalar unitOutput, DenseNode dense, int b, int unit)
        {
            if (!mode.Training || mode.Keeps is null || dense.DropRate == 0) { return unitOutput; }
            return mode.Keeps(dense, b, unit) ? 1 / (1 - (double)dense.DropRate) * unitOutput : tape.Input(0);
        }

        static Scalar Activate(Scalar sum, Activation activation) => activation switch
        {
            Activation.Identity => sum,
            Activation.Relu => sum.Relu(),
            Activation.Tanh => sum.Tanh(),
            Activation.Sigmoid => sum.Sigmoid(),
            _ => throw new NotSupportedException($"The reference has no equation for {activation}."),
        };

        Scalar Sum(IEnumerable<Scalar> terms)
        {
            Scalar? sum = null;
            foreach (Scalar term in terms) { sum = sum is Scalar before ? before + term : term; }
            return sum ?? tape.Input(0);
        }
    }

    /// <summary>
    /// The entries of a row, field by field: an id and the number that its table row is multiplied by.
    /// </summary>
    public static List<List<(int Id, double Number)>> Entries(EncodedData data, int row)
    {
        List<List<(int, double)>> fields = [];
        int value = 0, bag = 0;
        for (int f = 0; f < data.FieldCount; f++)
        {
            int id = data.Ids(row)[f];
            List<(int, double)> entries = [];
            switch (data.Fields[f].Shape)
            {
                case FieldShape.OneId: entries.Add((id, 1)); break;
                case FieldShape.Value: entries.Add((id, data.Values(row)[value++])); break;
                case FieldShape.Bag:
                    for (int end = bag + id; bag < end; bag++)
                    {
                        entries.Add((data.BagIds(row)[bag], data.BagWeights(row)[bag]));
                    }
                    break;
            }
            fields.Add(entries);
        }
        return fields;
    }
}

/// <summary>How the reference runs a model.</summary>
/// <param name="Training">
/// Batch norm by the batch's statistics, and dropout if <paramref name="Keeps"/> is given.
/// </param>
/// <param name="BatchNormEpsilon">Added to the variance.</param>
/// <param name="Keeps">
/// Whether a layer's unit stays for sample b of the batch (layer, b, unit); null keeps all, unscaled.
/// </param>
sealed record ReferenceMode(
    bool Training, double BatchNormEpsilon = 1e-5f, Func<DenseNode, int, int, bool>? Keeps = null)
{
    public static ReferenceMode Evaluation { get; } = new(Training: false);

    /// <summary>Training without dropout.</summary>
    public static ReferenceMode WithoutDropout { get; } = new(Training: true);
}

/// <summary>What a run of the reference gives.</summary>
/// <param name="Logits">[B].</param>
/// <param name="MeanLoss">Nats per sample.</param>
/// <param name="Gradients">∂(mean loss)/∂parameter, by name, in the parameter's shape.</param>
/// <param name="Statistics">A batch norm's batch statistics by layer name; empty in evaluation.</param>
sealed record ReferenceRun(Rounded[] Logits, double MeanLoss, IReadOnlyDictionary<string, Rounded[]> Gradients,
    IReadOnlyDictionary<string, BatchStatistics> Statistics);

/// <summary>Mean and unbiased variance of a layer's sums over the batch, [Width] each.</summary>
sealed record BatchStatistics(double[] Mean, double[] UnbiasedVariance);
