using System.Diagnostics;

namespace DeepFM.Training;

/// <summary>Where the time of training steps went, seconds.</summary>
/// <param name="PrepareSeconds">Weights packed into the order of their use.</param>
/// <param name="TileSeconds">Lookups, forward, loss and backward of all tiles.</param>
/// <param name="WeightGradientSeconds">Gradients of the network's weights: their share of a phase both have.</param>
/// <param name="TableSeconds">Table rows: gradients summed by id and, in one pass, stepped; the other share.</param>
/// <param name="StepSeconds">The norm where it is limited, and the optimizer's steps that were left.</param>
public sealed record StepPhases(double PrepareSeconds, double TileSeconds, double WeightGradientSeconds,
    double TableSeconds, double StepSeconds)
{
    /// <summary>All of them.</summary>
    public double TotalSeconds => PrepareSeconds + TileSeconds + WeightGradientSeconds + TableSeconds + StepSeconds;

    /// <summary>What came since an earlier reading.</summary>
    public StepPhases Since(StepPhases earlier) => new(
        PrepareSeconds - earlier.PrepareSeconds,
        TileSeconds - earlier.TileSeconds,
        WeightGradientSeconds - earlier.WeightGradientSeconds,
        TableSeconds - earlier.TableSeconds,
        StepSeconds - earlier.StepSeconds);
}

/// <summary>The clock behind <see cref="StepPhases"/>.</summary>
sealed class StepTimes
{
    long last, prepare, tiles, gradients, steps, weightTasks, tableTasks;

    public StepPhases Phases
    {
        get
        {
            double weightShare = weightTasks + tableTasks == 0 ? 0 : (double)weightTasks / (weightTasks + tableTasks);
            return new(Seconds(prepare), Seconds(tiles), Seconds(gradients) * weightShare,
                Seconds(gradients) * (1 - weightShare), Seconds(steps));
        }
    }

    public void Begin() => last = Stopwatch.GetTimestamp();

    public void EndPrepare() => End(ref prepare);

    public void EndTiles() => End(ref tiles);

    public void EndGradients() => End(ref gradients);

    public void EndSteps() => End(ref steps);

    /// <summary>Counts a task of the phase that weight gradients and table rows share; any thread may call.</summary>
    public void AddTask(bool isWeights, long ticks) => Interlocked.Add(ref isWeights ? ref weightTasks : ref tableTasks, ticks);

    static double Seconds(long ticks) => (double)ticks / Stopwatch.Frequency;

    void End(ref long phase)
    {
        long now = Stopwatch.GetTimestamp();
        phase += now - last;
        last = now;
    }
}
