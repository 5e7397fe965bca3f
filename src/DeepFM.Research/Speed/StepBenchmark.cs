using DeepFM.Data;
using DeepFM.Models;
using DeepFM.Numerics;
using DeepFM.Training;

namespace DeepFM.Research.Speed;

/// <summary>The whole training step of a model.</summary>
public static class StepBenchmark
{
    /// <summary>Measures steps, and before and after them the peak that sets their bound, each for half as long.</summary>
    /// <param name="workload">What is trained on what.</param>
    /// <param name="cancel">Stops between two steps.</param>
    /// <exception cref="UserErrorException">The vocabulary is too small for the fields.</exception>
    public static StepReport Measure(Workload workload, CancellationToken cancel = default)
    {
        using EncodedData data = workload.Rows();
        using Engine engine = new(workload.Definition, data.Fields, workload.Settings.Training, seed: 1, workload.Threads);
        using ThreadTeam team = new(workload.Threads);
        Repetition peak = new() { Runs = 5, RunSeconds = workload.Seconds / 10 };
        int[] rows = [.. Enumerable.Range(0, data.RowCount)];
        BatchClock clock = new(workload, batch =>
            engine.Step(data, rows.AsSpan(batch * workload.BatchSize, workload.BatchSize)));

        double[] before = ProcessorPeak.Gflops(team, peak, cancel);
        clock.WarmUp(cancel);
        StepPhases start = engine.Phases;
        clock.Run(cancel);
        StepPhases phases = engine.Phases.Since(start);
        double[] after = ProcessorPeak.Gflops(team, peak, cancel);
        return new(workload, clock, data.Bytes, engine.TableBytes, phases)
        {
            FlopsPerSample = 3 * MatrixFlops(workload.Definition),
            PeakGflops = Figure.Of([.. before, .. after]),
        };
    }

    // Of one product with each weight matrix. Training needs three: forward, and the gradients of input and weights.
    static long MatrixFlops(ModelDefinition definition) => 2 * definition.Nodes.Sum(node => node switch
    {
        DenseNode dense => (long)dense.Input.Width * dense.Width,
        OutputNode output => output.Input.Width,
        _ => 0,
    });
}

/// <summary>A model's training steps.</summary>
public sealed record StepReport : BatchReport
{
    internal StepReport(Workload workload, BatchClock clock, long dataBytes, long tableBytes, StepPhases phases)
        : base("step", workload, clock, dataBytes, tableBytes)
    {
        double share = phases.TotalSeconds > 0 ? MeanMilliseconds / phases.TotalSeconds : 0;
        Phases = new(phases.PrepareSeconds * share, phases.TileSeconds * share, phases.WeightGradientSeconds * share,
            phases.TableSeconds * share, phases.StepSeconds * share);
    }

    /// <summary>Where the time of a step went.</summary>
    public StepMilliseconds Phases { get; }

    /// <summary>Operations of the three matrix products of the dense and output layers; a multiply-add counts two.</summary>
    public required long FlopsPerSample { get; init; }

    /// <summary>Peak of the same threads, 10⁹ operations a second, measured before and after the steps.</summary>
    public required Figure PeakGflops { get; init; }

    /// <summary>The rate as a share of what the products alone would allow at the peak; null for a model without any.</summary>
    /// <remarks>Of the whole, dense products: the engine passes over units that relu or dropout made 0, so it may exceed 1.</remarks>
    public double? ShareOfBound => FlopsPerSample == 0 ? null : SamplesPerSecond * FlopsPerSample / (PeakGflops.Median * 1e9);
}

/// <summary>The phases of the mean step, milliseconds.</summary>
/// <param name="Packing">Weights packed into the order of their use.</param>
/// <param name="Tiles">Gather, forward, loss and backward of all tiles.</param>
/// <param name="WeightGradients">Gradients of the network's weights.</param>
/// <param name="EmbeddingUpdate">Table rows: gradients summed by id, and stepped.</param>
/// <param name="Optimizer">The norm where it is limited, and the optimizer's steps that were left.</param>
public sealed record StepMilliseconds(double Packing, double Tiles, double WeightGradients, double EmbeddingUpdate,
    double Optimizer);
