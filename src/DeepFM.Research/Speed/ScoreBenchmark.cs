using DeepFM.Data;
using DeepFM.Models;
using DeepFM.Numerics;
using DeepFM.Training;

namespace DeepFM.Research.Speed;

/// <summary>Scores of a model: an engine without gradients and optimizer states, as predict and evaluate have it.</summary>
public static class ScoreBenchmark
{
    /// <summary>Measures the scores of batches.</summary>
    /// <param name="workload">What is scored.</param>
    /// <param name="cancel">Stops between two batches.</param>
    /// <exception cref="UserErrorException">The vocabulary is too small for the fields.</exception>
    public static ScoreReport Measure(Workload workload, CancellationToken cancel = default)
    {
        using EncodedData data = workload.Rows();
        ModelDefinition definition = workload.Definition;
        using Engine engine = Engine.ForScoring(definition, data.Fields, workload.Settings.Training, workload.Threads);
        using (ThreadTeam team = new(workload.Threads)) { ParameterInit.Draw(definition, engine.Parameters, team, seed: 1); }
        float[] logits = new float[workload.BatchSize];
        BatchClock clock = new(workload, batch => engine.Score(data, batch * workload.BatchSize, logits));
        clock.WarmUp(cancel);
        clock.Run(cancel);
        return new(workload, clock, data.Bytes, engine.TableBytes);
    }
}

/// <summary>A model's scores.</summary>
public sealed record ScoreReport : BatchReport
{
    internal ScoreReport(Workload workload, BatchClock clock, long dataBytes, long tableBytes)
        : base("score", workload, clock, dataBytes, tableBytes) { }
}
