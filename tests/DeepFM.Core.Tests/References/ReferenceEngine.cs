using DeepFM.Data;
using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Core.Tests;

/// <summary>
/// Training in double, plainly: the reference's gradient, then penalties, the norm's bound and the optimizer.
/// </summary>
public sealed class ReferenceEngine : IEngineUnderTest
{
    readonly ModelDefinition definition;
    readonly TrainingOptions options;
    readonly ReferenceOptimizer optimizer;
    readonly Dictionary<string, double[]> parameters;
    readonly ulong seed;
    int step;

    ReferenceEngine(ModelDefinition definition, int featureCount, TrainingOptions options, ulong seed)
    {
        this.definition = definition;
        this.options = options;
        this.seed = seed;
        optimizer = new(options);
        parameters = TestData.Parameters(definition, featureCount, (int)seed);
    }

    public static IEngineUnderTest Create(ModelDefinition definition, IReadOnlyList<EncodedField> fields,
        TrainingOptions options, ulong seed, int threads) =>
        new ReferenceEngine(definition, fields[^1].FirstId + fields[^1].IdCount, options, seed);

    public double[] Parameter(string name) => parameters[name];

    public float[] Read(string name) => [.. parameters[name].Select(value => (float)value)];

    public void Write(string name, ReadOnlySpan<float> values)
    {
        for (int i = 0; i < values.Length; i++) { parameters[name][i] = values[i]; }
    }

    public void Score(EncodedData data, int firstRow, Span<float> logits)
    {
        int[] rows = [.. Enumerable.Range(firstRow, logits.Length)];
        ReferenceMode mode = ReferenceMode.Evaluation with { BatchNormEpsilon = options.BatchNormEpsilon };
        Rounded[] scored = Reference.Run(definition, parameters, data, rows, mode).Logits;
        for (int i = 0; i < logits.Length; i++) { logits[i] = (float)scored[i].Value; }
    }

    public double Gradients(EncodedData data, ReadOnlySpan<int> rows, IDictionary<string, float[]> gradients)
    {
        ReferenceRun run = Train(data, rows);
        foreach ((string name, Rounded[] gradient) in run.Gradients)
        {
            gradients[name] = [.. gradient.Select(number => (float)number.Value)];
        }
        return run.MeanLoss;
    }

    public double Step(EncodedData data, ReadOnlySpan<int> rows)
    {
        ReferenceRun run = Train(data, rows);
        Dictionary<string, double[]> gradients = run.Gradients.ToDictionary(
            pair => pair.Key, pair => pair.Value.Select(number => number.Value).ToArray());
        HashSet<int> touched = Reference.TouchedIds(data, rows);

        HashSet<string> decayingWholly = [];
        foreach (Node node in definition.Nodes) { AddPenalty(node, gradients, touched, decayingWholly); }
        Shorten(gradients.Values);

        Dictionary<string, int> tableWidths =
            definition.Nodes.SelectMany(TableOf).ToDictionary(table => table.Name, table => table.Width);
        optimizer.Step(parameters, gradients, (name, i) =>
            options.UpdateRows == TableRows.All
            || !tableWidths.TryGetValue(name, out int width)
            || decayingWholly.Contains(name)
            || touched.Contains(i / width));
        UpdateRunningStatistics(run);
        step++;
        return run.MeanLoss;
    }

    public void Dispose() { }

    ReferenceRun Train(EncodedData data, ReadOnlySpan<int> rows) => Reference.Run(definition, parameters, data, rows,
        new(Training: true, options.BatchNormEpsilon, Keeps));

    bool Keeps(DenseNode dense, int b, int unit) =>
        new Random(HashCode.Combine(seed, step, dense.Index, b, unit)).NextDouble() >= dense.DropRate;

    static IEnumerable<(string Name, int Width)> TableOf(Node node) => node switch
    {
        LinearNode linear => [(linear.Name, 1)],
        EmbedNode embed => [(embed.Name, embed.Size)],
        _ => [],
    };

    // λ/2·‖w‖² has the gradient λ·w, at the weights as they now are.
    void AddPenalty(Node node, Dictionary<string, double[]> gradients, HashSet<int> touched,
        HashSet<string> decayingWholly)
    {
        (string? name, double lambda) = node switch
        {
            LinearNode linear => (linear.Name, options.LinearL2),
            EmbedNode embed => (embed.Name, options.EmbeddingL2),
            DenseNode dense => ($"{dense.Name}.weight", options.NetworkL2),
            OutputNode output => ($"{output.Name}.weight", options.NetworkL2),
            _ => (null, 0f),
        };
        if (name is null || lambda == 0) { return; }

        (string Name, int Width)[] table = [.. TableOf(node)];
        if (table.Length > 0 && options.L2Rows == TableRows.All) { decayingWholly.Add(name); }
        for (int i = 0; i < parameters[name].Length; i++)
        {
            if (table.Length == 0 || options.L2Rows == TableRows.All || touched.Contains(i / table[0].Width))
            {
                gradients[name][i] += lambda * parameters[name][i];
            }
        }
    }

    // Pascanu et al. 2013: the whole gradient keeps its direction.
    void Shorten(IEnumerable<double[]> gradients)
    {
        double norm = Math.Sqrt(gradients.Sum(gradient => gradient.Sum(g => g * g)));
        if (options.ClipNorm == 0 || norm <= options.ClipNorm) { return; }
        foreach (double[] gradient in gradients)
        {
            foreach (ref double g in gradient.AsSpan()) { g *= options.ClipNorm / norm; }
        }
    }

    void UpdateRunningStatistics(ReferenceRun run)
    {
        double share = options.BatchNormMomentum;
        foreach ((string layer, BatchStatistics batch) in run.Statistics)
        {
            double[] mean = parameters[$"{layer}.mean"], variance = parameters[$"{layer}.variance"];
            for (int unit = 0; unit < mean.Length; unit++)
            {
                mean[unit] += share * (batch.Mean[unit] - mean[unit]);
                variance[unit] += share * (batch.UnbiasedVariance[unit] - variance[unit]);
            }
        }
    }
}
