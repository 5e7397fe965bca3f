using BenchmarkDotNet.Attributes;
using DeepFM.Metrics;

namespace DeepFM.Benchmarks;

/// <summary>The exact AUC, a quarter of the rows clicks.</summary>
[MemoryDiagnoser]
public class AucBenchmarks
{
    float[] scores = [], labels = [];

    /// <summary>Rows.</summary>
    [Params(100_000, 1_000_000)]
    public int Rows { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        Random random = new(1);
        scores = [.. Enumerable.Range(0, Rows).Select(_ => random.NextSingle())];
        labels = [.. Enumerable.Range(0, Rows).Select(row => row % 4 == 0 ? 1f : 0f)];
    }

    [Benchmark]
    public double? Of() => Auc.Of(scores, labels);
}
