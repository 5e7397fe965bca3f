using DeepFM.Data;
using DeepFM.Doubts;
using DeepFM.Layers;
using DeepFM.Models;

namespace DeepFM.Training;

/// <summary>A trained model and how its training went.</summary>
/// <param name="Engine">Holds the parameters of the epoch that was kept.</param>
/// <param name="Training">The training.</param>
/// <param name="Pretraining">The training of the model that gave this one its start; null for most models.</param>
public sealed record TrainedModel(Engine Engine, TrainingHistory Training, TrainingHistory? Pretraining) : IDisposable
{
    /// <summary>Frees the parameters.</summary>
    public void Dispose() => Engine.Dispose();
}

/// <summary>Trains a model: shuffled epochs, validation after each, early stopping, the best epoch kept.</summary>
/// <param name="model">The model.</param>
/// <param name="options">The training's settings.</param>
/// <param name="seed">Seed of the weights, the dropout masks and the order of rows; the same gives the same bits.</param>
/// <param name="threads">Threads to compute with, at least 1; their number does not change the result.</param>
public sealed class Trainer(CtrModel model, TrainingOptions options, ulong seed, int threads)
{
    /// <summary>The trainer of a run's settings.</summary>
    /// <exception cref="UserErrorException">No model has the name.</exception>
    public static Trainer For(RunSettings settings, ulong seed, int threads,
        IProgress<TrainingProgress>? progress = null) =>
        new(settings.CreateModel(), settings.Training, seed, threads)
        {
            PretrainingOptions = settings.Pretraining,
            Progress = progress,
        };

    /// <summary>The settings of the model that is trained first, where there is one; null takes the training's.</summary>
    public TrainingOptions? PretrainingOptions { get; init; }

    /// <summary>Told about five times a second, and after each epoch, on the training thread.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>Memory that may be taken, bytes; null when unknown.</summary>
    internal Func<long?> Memory { get; init; } = static () => AvailableMemory.Bytes;

    /// <summary>Memory that a training takes beside its rows, bytes, about.</summary>
    internal static double BytesOf(RunSettings settings, DataSplits data, int threads)
    {
        CtrModel model = settings.CreateModel();
        (CtrModel, TrainingOptions)[] all = model.Pretraining is { } first
            ? [(model, settings.Training), (first.Model, settings.Pretraining ?? settings.Training)] : [(model, settings.Training)];
        return all.Max(one => BytesOf(one.Item1, one.Item2.ForRows(data.Train.RowCount)));

        double BytesOf(CtrModel model, TrainingOptions options)
        {
            ModelDefinition definition = model.Build(data.Train.FieldCount);
            bool keepsBest = data.Valid is { RowCount: > 0 };
            return Engine.TableBytesOf(definition, data.Features.FeatureCount, options.Optimizer, keepsBest)
                + Network.SlabBytesOf(definition, options.BatchSize, threads);
        }
    }

    // Tables and batches apart, each with what makes it smaller; then both, since they are there together.
    void RequireMemory(ModelDefinition definition, TrainingOptions options, int featureCount, bool keepsBest)
    {
        long? there = Memory();
        double tables = Engine.TableBytesOf(definition, featureCount, options.Optimizer, keepsBest);
        double slabs = Network.SlabBytesOf(definition, options.BatchSize, threads);
        AvailableMemory.Require(slabs,
            FormattableString.Invariant($"Batches of {options.BatchSize:N0} rows on {Counted.Of(threads, "thread")}"),
            "Lower batchSize, hiddenWidths or --threads.", there);
        AvailableMemory.Require(tables + slabs, FormattableString.Invariant($"The tables of {featureCount:N0} ids"),
            "Lower embeddingSize, raise minCount in the schema, or choose an optimizer with fewer states: sgd has none, adagrad one.",
            there);
    }

    /// <summary>Trains the model, after the one that gives it its start, if any.</summary>
    /// <param name="train">Training rows.</param>
    /// <param name="valid">Rows that decide early stopping; null keeps the last epoch.</param>
    /// <param name="untrainedIds">
    /// Ids that no training row has: their rows of all tables start at 0, so that an id that is never seen adds nothing,
    /// instead of the noise of an initial weight.
    /// </param>
    /// <param name="cancel">Stops between steps.</param>
    /// <exception cref="TrainingFailedException">The loss is not a number.</exception>
    /// <exception cref="UserErrorException">
    /// There are no training rows, a validation figure is not defined, or the tables do not fit into memory.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> asked for it.</exception>
    /// <exception cref="ObjectDisposedException">Rows were disposed of, before or between two steps.</exception>
    public TrainedModel Train(EncodedData train, EncodedData? valid, IReadOnlyList<int> untrainedIds,
        CancellationToken cancel = default)
    {
        if (train.RowCount == 0) { throw new UserErrorException("There are no training rows."); }
        PartOfOneClass.Refuse(train);
        if (valid is { RowCount: 0 }) { valid = null; }
        RequireFit(options);
        if (model.Pretraining is not { } pretraining)
        {
            return TrainOne(model, options, options.Epochs, TrainingPhase.Training, start: null);
        }
        TrainingOptions firstOptions = PretrainingOptions ?? options;
        RequireFit(firstOptions);
        // Of the first model the columns alone stay, and these until the second has them: its table and states are as large again.
        using PretrainedColumns columns = new(pretraining.Copies);
        TrainingHistory history;
        using (TrainedModel first =
            TrainOne(pretraining.Model, firstOptions, options.PretrainEpochs, TrainingPhase.Pretraining, start: null))
        {
            columns.Take(first.Engine.Parameters);
            history = first.Training;
        }
        return TrainOne(model, options, options.Epochs, TrainingPhase.Training, start: columns.Give) with { Pretraining = history };

        void RequireFit(TrainingOptions options)
        {
            if (valid is not null) { BestEpoch.Require(options.Monitor, valid.Labels); }
            if (options.GroupField is not null) { Evaluation.FieldIndex(train.Fields, options.GroupField); }
        }

        TrainedModel TrainOne(CtrModel model, TrainingOptions options, int epochs, TrainingPhase phase,
            Action<EngineParameters>? start)
        {
            options = options.ForRows(train.RowCount);
            ModelDefinition definition = model.Build(train.FieldCount);
            NormOfOneRow.Refuse(definition, options.BatchSize);
            Progress?.Report(new(phase, 1, epochs, 0, train.RowCount, 0, 0, 0, Activity: TrainingActivity.Preparing));
            RequireMemory(definition, options, train.FeatureCount, keepsBest: valid is not null && epochs > 1);
            Engine engine = new(definition, train.Fields, options, seed, threads);
            try
            {
                start?.Invoke(engine.Parameters);
                float bias = options.OutputBias == OutputBias.BaseRate ? BaseRate.Write(engine, train) : 0;
                engine.Parameters.ZeroRows(untrainedIds);     // and FTRL starts from what was written
                TrainingLoop loop = new(engine, options, epochs, seed, phase, Progress, cancel);
                TrainingHistory history = loop.Run(train, valid);
                history = history with
                {
                    BatchSize = options.BatchSize,
                    StartBias = bias,
                    FtrlBeta = options.FtrlBeta,
                    EmbeddingL2 = options.EmbeddingL2,
                    NetworkL2 = options.NetworkL2,
                };
                return new(engine, history, Pretraining: null);
            }
            catch
            {
                engine.Dispose();
                throw;
            }
        }
    }
}
