using System.Diagnostics;
using DeepFM.Data;
using DeepFM.Layers;
using DeepFM.Models;
using DeepFM.Numerics;

namespace DeepFM.Training;

/// <summary>Runs a model definition: training steps and scores, on all threads of a team.</summary>
/// <remarks>
/// <para>A step passes tiles of some sixty rows through all layers and back, activations staying in a core's
/// cache; then weight gradients by blocks and table rows by fields, each by one thread in a fixed order. So the same
/// seed gives the same bits for any number of threads.</para>
/// <para>An engine belongs to one caller at a time: a call that comes while another thread's is under way is refused. After a step that
/// failed, or that was interrupted half-way, it refuses all calls, since its parameters are then those of no step.</para>
/// </remarks>
public sealed unsafe partial class Engine : IDisposable
{
    const int DenseTaskLength = 16_384;         // parameters that are stepped in one task
    const int ScoringRows = 4096;               // that are scored together; no score depends on it

    readonly TrainingOptions options;
    readonly int capacity;
    readonly ulong seed;
    readonly ThreadTeam team;
    readonly StepState state;
    readonly FeatureTable table;
    readonly DenseParameters dense;
    readonly Network network;
    readonly TableUpdate? update;
    readonly Layer[][] segments;                // of layers; training passes a segment before it begins the next
    readonly BatchNormApplyLayer[] norms;
    readonly Action<int>[] prepareTasks, gradientTasks;
    readonly double[] tileLosses;
    readonly double[] denseNorms;
    readonly Action<int, int> runPrepare, runScore, runGradients, runNorms, runSteps;
    readonly Action<int, int>[] runForward, runBackward;
    readonly StepTimes times = new();
    long stepCount;
    bool isPrepared;
    OptimizerStep optimizerStep;
    float gradientScale = 1;

    /// <summary>An engine that trains, with initial parameters drawn from the seed.</summary>
    /// <param name="definition">The model.</param>
    /// <param name="fields">Of the data; their number must be the definition's.</param>
    /// <param name="options">How to train.</param>
    /// <param name="seed">Of the initial parameters and of the dropout masks.</param>
    /// <param name="threads">In [1, 1024]; the result does not depend on it.</param>
    /// <exception cref="ArgumentException">The fields do not fit the definition.</exception>
    public Engine(ModelDefinition definition, IReadOnlyList<EncodedField> fields, TrainingOptions options, ulong seed,
        int threads)
        : this(definition, fields, options, seed, threads, trains: true)
    {
        ParameterInit.Draw(definition, Parameters, team, seed);
        Parameters.ResetFtrl();
    }

    Engine(ModelDefinition definition, IReadOnlyList<EncodedField> fields, TrainingOptions options, ulong seed,
        int threads, bool trains)
    {
        if (EncodedCheck.FaultOf(fields) is { } fault) { throw new ArgumentException($"These are no fields of encoded data: {fault}."); }
        definition.RequireFields(fields);
        options = options.ForRows(int.MaxValue);        // rows that an engine by itself does not know of
        this.options = options;
        this.seed = seed;
        Definition = definition;
        Fields = fields;
        capacity = options.BatchSize;
        int features = fields[^1].FirstId + fields[^1].IdCount;
        int states = trains ? StateCountOf(options.Optimizer) : 0;
        state = new(Math.Max(capacity, Tile.ScoredRows), fields.Count);
        table = new(definition, features, states);
        dense = new(definition.Parameters(features).Where(shape => table.Find(shape.Name) == null), trains ? states : -1);
        LayerContext context = new(state, capacity, threads, trains, options.NetworkL2, options.BatchNormMomentum,
            options.BatchNormEpsilon);
        network = new(definition, table, fields, dense, context);
        update = trains ? new(table, fields, network.Lookup, options, context) : null;
        team = new(threads);                            // when all memory is there: a thread that nobody can end would stay
        lifetime = new(this, Free);
        Parameters = new(definition, table, dense, options, trains, team, Enter, () => isPrepared = false);

        segments = Segments(network.Layers);
        norms = [.. network.Layers.OfType<BatchNormApplyLayer>()];
        prepareTasks = [.. network.Layers.SelectMany(layer => layer.PrepareTasks())];
        gradientTasks = [.. network.Layers.SelectMany(layer => trains ? layer.GradientTasks() : [])];
        tileLosses = new double[Tile.MaxCountOf(capacity)];
        denseNorms = new double[DenseTaskCount];
        runPrepare = (task, thread) => prepareTasks[task](thread);
        runScore = ScoreTile;
        runGradients = (task, thread) => RunGradients(task, thread);
        runNorms = (task, _) => RunNorms(task);
        runSteps = (task, _) => RunSteps(task);
        runForward = [.. segments.Select((_, segment) => (Action<int, int>)((task, thread) => ForwardTile(segment, task, thread)))];
        runBackward = [.. segments.Select((_, segment) => (Action<int, int>)((task, thread) => BackwardTile(segment, task, thread)))];
    }

    /// <summary>The model.</summary>
    public ModelDefinition Definition { get; }

    /// <summary>Of the data that it was built for.</summary>
    public IReadOnlyList<EncodedField> Fields { get; }

    /// <summary>The optimizer's rate (FTRL's α), which a schedule may change between steps. In [1e-9, 100].</summary>
    /// <remarks>A change by itself moves no parameter.</remarks>
    /// <exception cref="ObjectDisposedException">The engine was disposed of.</exception>
    public float LearningRate
    {
        get => Parameters.LearningRate;
        set => Parameters.LearningRate = value;
    }

    /// <summary>Where the time of all steps so far went.</summary>
    public StepPhases Phases => times.Phases;

    /// <summary>Reads and writes the parameters.</summary>
    public EngineParameters Parameters { get; }

    /// <summary>Memory of the feature table, optimizer states included.</summary>
    internal long TableBytes => table.Bytes;

    /// <summary>Memory that the feature table of a training takes.</summary>
    /// <param name="definition">The model.</param>
    /// <param name="featureCount">N.</param>
    /// <param name="optimizer">Whose states lie beside the parameters.</param>
    /// <param name="keepsBest">Whether the parameters of the best epoch are kept too.</param>
    internal static double TableBytesOf(ModelDefinition definition, int featureCount, OptimizerKind optimizer, bool keepsBest) =>
        FeatureTable.BytesOf(definition, featureCount, StateCountOf(optimizer), keepsBest);

    /// <summary>Memory of the numbers between the layers.</summary>
    internal long SlabBytes => network.SlabBytes;

    int DenseTaskCount => (int)((dense.TrainedLength + DenseTaskLength - 1) / DenseTaskLength);

    /// <summary>An engine that scores, without gradients or optimizer states; its parameters are 0 until written.</summary>
    /// <param name="definition">The model.</param>
    /// <param name="fields">Of the data; their number must be the definition's.</param>
    /// <param name="trained">How the parameters were trained: batch norm's ε is part of the scores.</param>
    /// <param name="threads">In [1, 1024]; the result does not depend on it.</param>
    /// <exception cref="ArgumentException">The fields do not fit the definition.</exception>
    public static Engine ForScoring(ModelDefinition definition, IReadOnlyList<EncodedField> fields, TrainingOptions trained, int threads) =>
        new(definition, fields, trained with { BatchSize = ScoringRows }, seed: 0, threads, trains: false);

    /// <summary>One training step: the mean loss of the rows, its gradient, and the optimizer's change.</summary>
    /// <param name="data">Encoded with the fields of this engine.</param>
    /// <param name="rows">The batch, 1 to <see cref="TrainingOptions.BatchSize"/> rows.</param>
    /// <returns>Mean loss before the change, nats, without penalties.</returns>
    /// <exception cref="ArgumentException">The batch is too large or empty, or a row is not in the data.</exception>
    /// <exception cref="InvalidOperationException">The engine only scores.</exception>
    /// <exception cref="ObjectDisposedException">The engine or the data were disposed of.</exception>
    public double Step(EncodedData data, ReadOnlySpan<int> rows)
    {
        using Call call = EnterAlone();
        using Lifetime.Call reading = data.Enter();
        RequireBatch(data, rows);
        fixed (int* first = rows)
        {
            isStepping = true;
            double loss = ComputeGradients(data, first, rows);
            stepCount++;
            optimizerStep = OptimizerStep.Of(options, Parameters.Rate, stepCount);
            update!.Step = optimizerStep;
            update.GradientScale = gradientScale = 1;
            state.AddsPenalties = true;
            times.Begin();
            team.Run(gradientTasks.Length + Fields.Count, runGradients);
            times.EndGradients();
            if (options.ClipNorm > 0)
            {
                team.Run(denseNorms.Length + update.StepTaskCount, runNorms);
                double norm = Math.Sqrt(update.SquaredNorm() + denseNorms.Sum());
                if (norm > options.ClipNorm) { update.GradientScale = gradientScale = (float)(options.ClipNorm / norm); }
            }
            team.Run(DenseTaskCount + update.StepTaskCount, runSteps);
            update.Clear();
            times.EndSteps();
            isPrepared = false;
            isStepping = false;
            return loss;
        }
    }

    /// <summary>The gradient of the mean loss, as a step computes it, without changing the parameters.</summary>
    /// <param name="data">Encoded with the fields of this engine.</param>
    /// <param name="rows">The batch.</param>
    /// <param name="gradients">Overwritten: each trained parameter's gradient, in the parameter's shape.</param>
    /// <returns>Mean loss, nats.</returns>
    /// <remarks>Penalties are not part of it. Batch norm's running statistics move.</remarks>
    /// <exception cref="ArgumentException">
    /// The batch is too large or empty, a row is not in the data, or a parameter has more numbers than an array can hold.
    /// </exception>
    /// <exception cref="InvalidOperationException">The engine only scores.</exception>
    /// <exception cref="ObjectDisposedException">The engine or the data were disposed of.</exception>
    public double Gradients(EncodedData data, ReadOnlySpan<int> rows, IDictionary<string, float[]> gradients)
    {
        using Call call = EnterAlone();
        using Lifetime.Call reading = data.Enter();
        RequireBatch(data, rows);
        foreach (ParameterShape shape in Parameters.Shapes) { EngineParameters.RequireArray(shape); }
        fixed (int* first = rows)
        {
            isStepping = true;
            double loss = ComputeGradients(data, first, rows);
            state.AddsPenalties = false;
            foreach (Action<int> task in gradientTasks) { task(0); }
            foreach (DenseParameter parameter in dense.All.Where(parameter => parameter.Shape.Trained))
            {
                gradients[parameter.Shape.Name] = new ReadOnlySpan<float>(parameter.Gradient, parameter.Count).ToArray();
            }
            foreach (TableColumns columns in table.Columns)
            {
                float[] gradient = new float[(long)table.FeatureCount * columns.Count];
                for (int f = 0; f < Fields.Count; f++)
                {
                    update!.Read(f, (id, row) =>
                        row.Slice(columns.First, columns.Count).CopyTo(gradient.AsSpan(id * columns.Count)));
                }
                gradients[columns.Name] = gradient;
            }
            isStepping = false;
            return loss;
        }
    }

    /// <summary>Logits in evaluation mode: no dropout, running statistics in batch norm.</summary>
    /// <param name="data">Encoded with the fields of this engine.</param>
    /// <param name="firstRow">The first row to score.</param>
    /// <param name="logits">Overwritten with the logits of adjoining rows; its length is their number.</param>
    /// <remarks>
    /// The same rows from the same first row on give the same bits, whatever batch size and number of threads. A row beside others may
    /// differ in its last bits, since products share work between rows.
    /// </remarks>
    /// <exception cref="ArgumentException">The rows are not all in the data.</exception>
    /// <exception cref="ObjectDisposedException">The engine or the data were disposed of.</exception>
    public void Score(EncodedData data, int firstRow, Span<float> logits)
    {
        using Call call = EnterAlone();
        using Lifetime.Call reading = data.Enter();
        RequireFields(data);
        Require.InRange(firstRow, 0, data.RowCount - logits.Length, nameof(firstRow));
        Prepare();
        foreach (BatchNormApplyLayer norm in norms) { norm.UseRunningStatistics(); }
        int wholeTiles = Math.Max(capacity / Tile.ScoredRows, 1) * Tile.ScoredRows;
        for (int done = 0; done < logits.Length; done += wholeTiles)
        {
            int count = Math.Min(wholeTiles, logits.Length - done);
            state.Set(data.Rows, null, firstRow + done, count);
            team.Run(Tile.ScoredCountOf(count), runScore);
            new ReadOnlySpan<float>(state.Logits, count).CopyTo(logits[done..]);
        }
    }

    /// <summary>A copy of the parameters and running statistics, without the optimizer's states.</summary>
    /// <exception cref="ObjectDisposedException">The engine was disposed of.</exception>
    public ParameterSnapshot Snapshot() => Parameters.Snapshot();

    /// <summary>Puts back what <see cref="Snapshot"/> copied.</summary>
    /// <exception cref="ArgumentException">The snapshot is that of another model.</exception>
    /// <exception cref="ObjectDisposedException">The engine or the snapshot was disposed of.</exception>
    public void Restore(ParameterSnapshot snapshot) => Parameters.Restore(snapshot);

    static int StateCountOf(OptimizerKind kind) => kind switch
    {
        OptimizerKind.Adam => AdamRule.StateCount,
        OptimizerKind.Ftrl => FtrlRule.StateCount,
        OptimizerKind.Adagrad => AdagradRule.StateCount,
        _ => SgdRule.StateCount,
    };

    static Layer[][] Segments(IReadOnlyList<Layer> layers)
    {
        List<Layer[]> segments = [];
        int first = 0;
        for (int i = 0; i < layers.Count; i++)
        {
            if (layers[i].NeedsWholeBatch || i == layers.Count - 1)
            {
                segments.Add([.. layers.Skip(first).Take(i + 1 - first)]);
                first = i + 1;
            }
        }
        return [.. segments];
    }

    void RequireBatch(EncodedData data, ReadOnlySpan<int> rows)
    {
        if (update == null) { throw new InvalidOperationException("This engine only scores; build one that trains."); }
        RequireFields(data);
        Require.InRange(rows.Length, 1, capacity, nameof(rows));
        foreach (int row in rows) { Require.InRange(row, 0, data.RowCount - 1, nameof(rows)); }
    }

    double ComputeGradients(EncodedData data, int* first, ReadOnlySpan<int> rows)
    {
        times.Begin();
        Prepare();
        times.EndPrepare();
        state.Set(data.Rows, first, 0, rows.Length);
        state.DropoutKey = CounterRandom.Key(seed, 1, (ulong)stepCount);

        int tiles = Tile.CountOf(rows.Length);
        for (int segment = 0; segment < segments.Length; segment++)
        {
            team.Run(tiles, runForward[segment]);           // the last one turns round, and goes back through itself
            if (segment < segments.Length - 1) { segments[segment][^1].ReduceForward(rows.Length); }
        }
        for (int segment = segments.Length - 2; segment >= 0; segment--)
        {
            segments[segment][^1].ReduceBackward(rows.Length);
            team.Run(tiles, runBackward[segment]);
        }
        times.EndTiles();
        double loss = 0;
        for (int tile = 0; tile < tiles; tile++) { loss += tileLosses[tile]; }
        return loss / rows.Length;
    }

    void RequireFields(EncodedData data)
    {
        if (!ReferenceEquals(data.Fields, Fields) && !data.Fields.SequenceEqual(Fields))
        {
            throw new ArgumentException("The data's fields or their ids are not those that the engine was built for.");
        }
    }

    void Prepare()
    {
        if (isPrepared) { return; }
        team.Run(prepareTasks.Length, runPrepare);
        isPrepared = true;
    }

    void ScoreTile(int index, int thread)
    {
        Tile tile = Tile.OfScored(index, state.BatchSize, thread);
        foreach (Layer[] segment in segments)
        {
            foreach (Layer layer in segment) { layer.Forward(tile); }
        }
    }

    void ForwardTile(int segment, int index, int thread)
    {
        Tile tile = Tile.Of(index, state.BatchSize, thread, training: true);
        foreach (Layer layer in segments[segment]) { layer.Forward(tile); }
        if (segment == segments.Length - 1)
        {
            tileLosses[index] = LogisticLoss.SumAndGradient(state, tile);
            BackwardTile(segment, index, thread);
        }
    }

    void BackwardTile(int segment, int index, int thread)
    {
        Tile tile = Tile.Of(index, state.BatchSize, thread, training: true);
        Layer[] layers = segments[segment];
        for (int i = layers.Length - 1; i >= 0; i--) { layers[i].Backward(tile); }
    }

    void RunGradients(int task, int thread)
    {
        long start = Stopwatch.GetTimestamp();
        bool isWeights = task < gradientTasks.Length;
        if (isWeights)
        {
            gradientTasks[task](thread);
        }
        else
        {
            update!.GradientTask(task - gradientTasks.Length, thread);
        }
        times.AddTask(isWeights, Stopwatch.GetTimestamp() - start);
    }

    void RunNorms(int task)
    {
        if (task < denseNorms.Length)
        {
            long first = (long)task * DenseTaskLength;
            denseNorms[task] = Kernels.Current.SquaredNorm(dense.Gradients + first,
                Math.Min(DenseTaskLength, dense.TrainedLength - first));
        }
        else
        {
            update!.NormTask(task - denseNorms.Length);
        }
    }

    void RunSteps(int task)
    {
        int denseTasks = DenseTaskCount;
        if (task >= denseTasks)
        {
            update!.StepTask(task - denseTasks);
            return;
        }
        long first = (long)task * DenseTaskLength;
        Kernels.Current.StepDense(options.Optimizer, dense.Values + first, dense.State1 + first, dense.State2 + first,
            dense.Gradients + first, (int)Math.Min(DenseTaskLength, dense.TrainedLength - first), gradientScale,
            optimizerStep);
    }
}
