using DeepFM.Data;
using DeepFM.Training;

namespace DeepFM.Benchmarks.Peers;

/// <summary>Training steps of the kit's engine.</summary>
sealed class KitStep : IContender
{
    readonly Engine engine;
    readonly EncodedData data;
    readonly int[] rows;
    readonly int batchSize;

    /// <param name="settings">Model and options; the batch size is one of these.</param>
    /// <param name="data">A whole number of batches.</param>
    /// <param name="threads">To compute with.</param>
    public KitStep(RunSettings settings, EncodedData data, int threads)
    {
        this.data = data;
        batchSize = settings.Training.BatchSize;
        rows = [.. Enumerable.Range(0, data.RowCount)];
        engine = new(settings.CreateModel().Build(data.FieldCount), data.Fields, settings.Training, seed: 1, threads);
        Name = $"DeepFM.Research {settings.Model}, {settings.Training.Optimizer} on touched rows";
    }

    public string Name { get; }

    public double WorkOfStep => batchSize;

    public void Step(int step) => engine.Step(data, rows.AsSpan(step * batchSize % rows.Length, batchSize));

    public void Dispose() => engine.Dispose();
}

/// <summary>Whole passes over the rows.</summary>
sealed class KitPasses(RunSettings settings, EncodedData data, int passes, int threads) : IContender
{
    readonly KitStep steps = new(settings, data, threads);

    public string Name => steps.Name;

    public double WorkOfStep => (double)data.RowCount * passes;

    public void Step(int step)
    {
        for (int batch = 0; batch < WorkOfStep / steps.WorkOfStep; batch++) { steps.Step(batch); }
    }

    public void Dispose() => steps.Dispose();
}
