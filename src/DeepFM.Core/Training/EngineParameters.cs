using DeepFM.Layers;
using DeepFM.Models;
using DeepFM.Numerics;

namespace DeepFM.Training;

/// <summary>Reads and writes an engine's parameters by name.</summary>
public sealed unsafe class EngineParameters
{
    readonly FeatureTable table;
    readonly DenseParameters dense;
    readonly TrainingOptions options;
    readonly bool hasFtrl;
    readonly ThreadTeam team;
    readonly Action changed;
    float learningRate;

    internal EngineParameters(ModelDefinition definition, FeatureTable table, DenseParameters dense,
        TrainingOptions options, bool trains, ThreadTeam team, Action changed)
    {
        this.table = table;
        this.dense = dense;
        this.options = options;
        hasFtrl = trains && options.Optimizer == OptimizerKind.Ftrl;
        learningRate = options.LearningRate;
        this.team = team;
        this.changed = changed;
        Shapes = [.. definition.Parameters(table.FeatureCount)];
    }

    /// <summary>Names and shapes of all parameters and running statistics.</summary>
    public IReadOnlyList<ParameterShape> Shapes { get; }

    /// <summary>A copy of a parameter, row-major.</summary>
    /// <exception cref="ArgumentException">There is no such parameter.</exception>
    public float[] Read(string name)
    {
        float[] values = new float[ShapeOf(name).Count];
        ReadRows(name, 0, values);
        return values;
    }

    /// <summary>Overwrites a parameter.</summary>
    /// <exception cref="ArgumentException">There is no such parameter, or it has another shape.</exception>
    public void Write(string name, ReadOnlySpan<float> values)
    {
        Require.Shape(values.Length, [.. ShapeOf(name).Shape], name);
        WriteRows(name, 0, values);
    }

    /// <summary>Copies rows of a parameter from <paramref name="firstRow"/> on, as many as fit.</summary>
    /// <exception cref="ArgumentException">There is no such parameter, or not all of the rows.</exception>
    public void ReadRows(string name, int firstRow, Span<float> values)
    {
        int width = RequireRows(name, firstRow, values.Length);
        if (table.Find(name) is not { } columns)
        {
            new ReadOnlySpan<float>(dense[name].Value + (nint)firstRow * width, values.Length).CopyTo(values);
            return;
        }
        for (int row = 0; row * width < values.Length; row++)
        {
            new ReadOnlySpan<float>(table.Row(firstRow + row) + columns.First, width).CopyTo(values[(row * width)..]);
        }
    }

    /// <summary>Overwrites rows of a parameter from <paramref name="firstRow"/> on, as many as there are values.</summary>
    /// <exception cref="ArgumentException">There is no such parameter, or not all of the rows.</exception>
    public void WriteRows(string name, int firstRow, ReadOnlySpan<float> values)
    {
        int width = RequireRows(name, firstRow, values.Length);
        changed();
        if (table.Find(name) is not { } columns)
        {
            values.CopyTo(new(dense[name].Value + (nint)firstRow * width, values.Length));
        }
        else
        {
            for (int row = 0; row * width < values.Length; row++)
            {
                values.Slice(row * width, width).CopyTo(new(table.Row(firstRow + row) + columns.First, width));
            }
        }
    }

    /// <summary>Sets all of a feature's parameters to 0: for ids that no training row has.</summary>
    /// <remarks>Then <see cref="ResetFtrl"/>: FTRL starts from all parameters as they stand.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">There is no such id.</exception>
    public void ZeroRows(IEnumerable<int> ids)
    {
        changed();
        foreach (int id in ids)
        {
            Require.InRange(id, 0, table.FeatureCount - 1, nameof(ids));
            new Span<float>(table.Row(id), table.Width).Clear();
        }
        ResetFtrl();
    }

    /// <summary>The optimizer's rate. FTRL's z depends on it, and follows, so that a change moves no parameter.</summary>
    internal float LearningRate
    {
        get => learningRate;
        set
        {
            if (value == learningRate) { return; }
            // w is where z + w·(β + √n)/α ends: what the divisor grows by, z loses with w — McMahan et al. 2013, with an α of each step.
            double growth = 1.0 / value - 1.0 / learningRate;
            ForEachOfFtrl((w, z, n) => *z -= (float)(w * (options.FtrlBeta + Math.Sqrt(n)) * growth));
            learningRate = value;
        }
    }

    /// <summary>
    /// Makes FTRL start from the parameters as they stand: z is set so that, with its n, the closed form gives w. To be
    /// called when parameters were written into an engine that trains; other optimizers have nothing to reset.
    /// </summary>
    public void ResetFtrl() => ForEachOfFtrl((w, z, n) =>
    {
        double divisor = (options.FtrlBeta + Math.Sqrt(n)) / learningRate + options.FtrlL2;
        *z = (float)(-w * divisor - Math.Sign(w) * (double)options.FtrlL1);
    });

    void ForEachOfFtrl(FtrlChange change)
    {
        if (!hasFtrl) { return; }
        const int Chunk = 4096;
        team.Run((table.FeatureCount + Chunk - 1) / Chunk, (task, _) =>
        {
            int end = Math.Min(table.FeatureCount, (task + 1) * Chunk);
            for (int id = task * Chunk; id < end; id++)
            {
                float* row = table.Row(id), z = table.State(id, 0), n = table.State(id, 1);
                for (int p = 0; p < table.Width; p++) { change(row[p], z + p, n[p]); }
            }
        });
        for (long i = 0; i < dense.TrainedLength; i++) { change(dense.Values[i], dense.State1 + i, dense.State2[i]); }
    }

    delegate void FtrlChange(float w, float* z, float n);

    /// <summary>A copy of all values.</summary>
    internal ParameterSnapshot Snapshot()
    {
        NativeBuffer<float> rows = new((long)table.FeatureCount * table.Width), values = new(dense.Length);
        for (int id = 0; id < table.FeatureCount; id++)
        {
            new ReadOnlySpan<float>(table.Row(id), table.Width).CopyTo(rows.Slice((long)id * table.Width, table.Width));
        }
        new ReadOnlySpan<float>(dense.Values, checked((int)dense.Length)).CopyTo(values.Span);
        return new(rows, values);
    }

    /// <summary>Puts back a copy.</summary>
    internal void Restore(ParameterSnapshot snapshot)
    {
        changed();
        for (int id = 0; id < table.FeatureCount; id++)
        {
            snapshot.Rows.Slice((long)id * table.Width, table.Width).CopyTo(new(table.Row(id), table.Width));
        }
        snapshot.Values.Span.CopyTo(new(dense.Values, checked((int)dense.Length)));
        ResetFtrl();
    }

    ParameterShape ShapeOf(string name) => Shapes.FirstOrDefault(shape => shape.Name == name)
        ?? throw new ArgumentException(
            $"There is no parameter '{name}'; there are {string.Join(", ", Shapes.Select(shape => shape.Name))}.");

    // The width of a row, once the rows are known to exist and to be whole.
    int RequireRows(string name, int firstRow, int length)
    {
        ParameterShape shape = ShapeOf(name);
        int width = shape.Shape.Count == 1 ? 1 : shape.Shape[1];
        if (length % width != 0 || firstRow < 0 || firstRow + (long)length / width > shape.Shape[0])
        {
            throw new ArgumentException(
                $"Parameter '{name}' is [{string.Join(", ", shape.Shape)}]; {length} values from row {firstRow} do not fit.");
        }
        return width;
    }
}

/// <summary>A copy of an engine's parameters and running statistics.</summary>
public sealed class ParameterSnapshot : IDisposable
{
    internal ParameterSnapshot(NativeBuffer<float> rows, NativeBuffer<float> values)
    {
        Rows = rows;
        Values = values;
    }

    internal NativeBuffer<float> Rows { get; }

    internal NativeBuffer<float> Values { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Rows.Dispose();
        Values.Dispose();
    }
}
