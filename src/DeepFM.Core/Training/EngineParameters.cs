using DeepFM.Layers;
using DeepFM.Models;
using DeepFM.Numerics;

namespace DeepFM.Training;

/// <summary>Reads and writes an engine's parameters by name; every call throws once the engine is disposed of.</summary>
public sealed unsafe class EngineParameters
{
    readonly FeatureTable table;
    readonly DenseParameters dense;
    readonly TrainingOptions options;
    readonly bool hasFtrl;
    readonly ThreadTeam team;
    readonly Func<Lifetime.Call> enter;
    readonly Action changed;

    internal EngineParameters(ModelDefinition definition, FeatureTable table, DenseParameters dense,
        TrainingOptions options, bool trains, ThreadTeam team, Func<Lifetime.Call> enter, Action changed)
    {
        this.table = table;
        this.dense = dense;
        this.options = options;
        hasFtrl = trains && options.Optimizer == OptimizerKind.Ftrl;
        Rate = options.LearningRate;
        this.team = team;
        this.enter = enter;
        this.changed = changed;
        Shapes = [.. definition.Parameters(table.FeatureCount)];
    }

    /// <summary>Names and shapes of all parameters and running statistics.</summary>
    public IReadOnlyList<ParameterShape> Shapes { get; }

    /// <summary>A copy of a parameter, row-major.</summary>
    /// <exception cref="ArgumentException">There is no such parameter, or it has more numbers than an array can hold.</exception>
    public float[] Read(string name)
    {
        using Lifetime.Call call = enter();
        RequireArray(ShapeOf(name));
        float[] values = new float[ShapeOf(name).Count];
        ReadRows(name, 0, values);
        return values;
    }

    /// <summary>Overwrites a parameter.</summary>
    /// <exception cref="ArgumentException">There is no such parameter, or it has another shape.</exception>
    public void Write(string name, ReadOnlySpan<float> values)
    {
        using Lifetime.Call call = enter();
        Require.Shape(values.Length, [.. ShapeOf(name).Shape], name);
        WriteRows(name, 0, values);
    }

    /// <summary>Copies rows of a parameter from <paramref name="firstRow"/> on, as many as fit.</summary>
    /// <exception cref="ArgumentException">There is no such parameter, or not all of the rows.</exception>
    public void ReadRows(string name, int firstRow, Span<float> values)
    {
        using Lifetime.Call call = enter();
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
        using Lifetime.Call call = enter();
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
        using Lifetime.Call call = enter();
        changed();
        foreach (int id in ids)
        {
            Require.InRange(id, 0, table.FeatureCount - 1, nameof(ids));
            new Span<float>(table.Row(id), table.Width).Clear();
        }
        ResetFtrl();
    }

    /// <summary>The rate of the next step.</summary>
    internal float Rate { get; private set; }

    /// <summary>The optimizer's rate. FTRL's z depends on it, and follows, so that a change moves no parameter.</summary>
    internal float LearningRate
    {
        get
        {
            using Lifetime.Call call = enter();
            return Rate;
        }

        set
        {
            using Lifetime.Call call = enter();
            if (Require.InRange(value, 1e-9f, 100f) == Rate) { return; }
            // w is where z + w·(β + √n)/α ends: what the divisor grows by, z loses with w — McMahan et al. 2013, with an α of each step.
            double growth = 1.0 / value - 1.0 / Rate;
            ForEachOfFtrl((w, z, n) => *z -= (float)(w * (options.FtrlBeta + Math.Sqrt(n)) * growth));
            Rate = value;
        }
    }

    /// <summary>
    /// Makes FTRL start from the parameters as they stand: z is set so that, with its n, the closed form gives w. To be
    /// called when parameters were written into an engine that trains; other optimizers have nothing to reset.
    /// </summary>
    public void ResetFtrl()
    {
        using Lifetime.Call call = enter();
        ForEachOfFtrl((w, z, n) =>
        {
            double divisor = (options.FtrlBeta + Math.Sqrt(n)) / Rate + options.FtrlL2;
            *z = (float)(-w * divisor - Math.Sign(w) * (double)options.FtrlL1);
        });
    }

    void ForEachOfFtrl(FtrlChange change)
    {
        if (!hasFtrl) { return; }
        const int Chunk = 4096;
        team.Run((int)((table.FeatureCount + (long)Chunk - 1) / Chunk), (task, _) =>
        {
            int end = (int)Math.Min(table.FeatureCount, (task + 1L) * Chunk);
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
        using Lifetime.Call call = enter();
        NativeBuffer<float> rows = new((long)table.FeatureCount * table.Width), values = new(dense.Length);
        for (int id = 0; id < table.FeatureCount; id++)
        {
            new ReadOnlySpan<float>(table.Row(id), table.Width).CopyTo(rows.Slice((long)id * table.Width, table.Width));
        }
        Copy(dense.Values, values.Pointer, dense.Length);
        return new(rows, values);
    }

    /// <summary>Puts back a copy.</summary>
    internal void Restore(ParameterSnapshot snapshot)
    {
        using Lifetime.Call call = enter();
        using Lifetime.Call reading = snapshot.Enter();
        if (snapshot.Rows.Length != (long)table.FeatureCount * table.Width || snapshot.Values.Length != dense.Length)
        {
            throw new ArgumentException("The snapshot is that of another model: it has other parameters.");
        }
        changed();
        for (int id = 0; id < table.FeatureCount; id++)
        {
            snapshot.Rows.Slice((long)id * table.Width, table.Width).CopyTo(new(table.Row(id), table.Width));
        }
        Copy(snapshot.Values.Pointer, dense.Values, dense.Length);
        ResetFtrl();
    }

    /// <summary>Refuses a parameter that no array can hold.</summary>
    internal static void RequireArray(ParameterShape shape)
    {
        if (shape.Count > Array.MaxLength)
        {
            throw new ArgumentException($"Parameter '{shape.Name}' has {shape.Count} numbers, more than the {Array.MaxLength} of the "
                + $"largest array. Take it in parts with {nameof(ReadRows)}.");
        }
    }

    static void Copy(float* from, float* to, long count) => Buffer.MemoryCopy(from, to, count * sizeof(float), count * sizeof(float));

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
    readonly Lifetime lifetime;

    internal ParameterSnapshot(NativeBuffer<float> rows, NativeBuffer<float> values)
    {
        Rows = rows;
        Values = values;
        lifetime = new(this, Free);
    }

    internal NativeBuffer<float> Rows { get; }

    internal NativeBuffer<float> Values { get; }

    /// <summary>Frees the memory; may come twice.</summary>
    public void Dispose() => lifetime.End();

    internal Lifetime.Call Enter() => lifetime.Enter();

    void Free()
    {
        Rows.Dispose();
        Values.Dispose();
    }
}
