using DeepFM.Data;
using DeepFM.Doubts;
using DeepFM.Metrics;
using DeepFM.Models;

namespace DeepFM.Training;

/// <summary>What a run leaves in its directory.</summary>
[Flags]
public enum RunOutputs
{
    /// <summary>The report alone.</summary>
    Report = 0,

    /// <summary>The model too.</summary>
    Model = 1,

    /// <summary>The logits of the rows that are reported on too: what comparisons row by row need.</summary>
    Scores = 2,
}

/// <summary>One run: a model trained with a seed on encoded data, evaluated, and written down.</summary>
public static class TrainingRun
{
    /// <summary>The report's name in a run's directory.</summary>
    public const string ReportName = "report.json";

    /// <summary>The model's directory in a run's directory.</summary>
    public const string ModelName = "model";

    /// <summary>
    /// The file of a run's scores in its directory: logits of the test rows, or of the validation rows where there are none.
    /// </summary>
    public const string ScoresName = "scores.safetensors";

    /// <summary>The scores' tensor, float32, in the rows' order: [test rows] or [validation rows].</summary>
    public const string TestScores = "test", ValidScores = "valid";

    /// <summary>Refuses a directory that holds a run already; what a killed run left of itself there does not count.</summary>
    /// <param name="directory">Where a run is to be written.</param>
    /// <param name="replace">Whether a run that is there may be replaced.</param>
    /// <exception cref="UserErrorException">
    /// It holds a run and must not be replaced, is a file, or cannot be made or written to.
    /// </exception>
    public static void RequireFree(string directory, bool replace)
    {
        if (File.Exists(directory)) { throw new UserErrorException($"{directory} is a file; a run needs a directory."); }
        AtomicFile.RequireFolder(directory);
        string report = Path.Combine(directory, ReportName), model = Path.Combine(directory, ModelName);
        string? found = Path.Exists(report) ? report : Path.Exists(model) && !BesideFolder.IsUnfinished(model) ? model : null;
        if (found is not null && !replace)
        {
            throw new UserErrorException($"{found} is there already. Choose another --out, or give --force to replace that run.");
        }
    }

    /// <summary>Trains, evaluates and writes <c>report.json</c>, and what else is asked for.</summary>
    /// <param name="settings">What to train, and how.</param>
    /// <param name="data">Encoded rows.</param>
    /// <param name="seed">Seed of weights, dropout and row order.</param>
    /// <param name="threads">Threads to compute with, at least 1.</param>
    /// <param name="directory">Made when it is not there; nothing is written before training has ended.</param>
    /// <param name="outputs">What to write besides the report.</param>
    /// <param name="progress">Told about the training.</param>
    /// <param name="cancel">Stops between steps.</param>
    /// <exception cref="TrainingFailedException">The loss is not a number.</exception>
    /// <exception cref="UserErrorException">Settings and data do not go together.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancel"/> asked for it.</exception>
    public static RunReport Execute(RunSettings settings, DataSplits data, ulong seed, int threads, string directory,
        RunOutputs outputs, IProgress<TrainingProgress>? progress = null, CancellationToken cancel = default)
    {
        settings.RequireFields(data.Features.Fields);
        RequireRoom(settings, data, directory, outputs, FreeDisk.Of(directory));
        Trainer trainer = Trainer.For(settings, seed, threads, progress);
        using TrainedModel trained = trainer.Train(data.Train, data.Valid, data.Features.UntrainedIds, cancel);
        Dictionary<string, float[]> scores = [];
        progress?.Report(Now(TrainingActivity.Evaluating));
        RunReport report = Report(settings, data, seed, threads, trained, scores, cancel);
        report = report with { Notices = [.. data.Notices.Concat(RunDoubts.Of(report)).Distinct()] };
        progress?.Report(Now(TrainingActivity.Saving));
        Directory.CreateDirectory(directory);
        string reportPath = Path.Combine(directory, ReportName), modelPath = Path.Combine(directory, ModelName);
        string scoresPath = Path.Combine(directory, ScoresName);

        // A run that is replaced stays whole until the new model, the large part, is on the disk. Its report must not describe the new
        // one, nor the new report what is left of it.
        using BesideFolder? model = outputs.HasFlag(RunOutputs.Model)
            ? SavedModel.Write(modelPath, settings, data.Features, trained.Engine.Parameters)
            : null;
        File.Delete(reportPath);
        if (model is not null) { model.Commit(); }
        else if (Directory.Exists(modelPath)) { Directory.Delete(modelPath, recursive: true); }
        if (outputs.HasFlag(RunOutputs.Scores)) { WriteScores(scoresPath, scores); }
        else { File.Delete(scoresPath); }
        report.Write(reportPath);                               // last: a run with a report is complete
        model?.Finish();
        return report;

        TrainingProgress Now(TrainingActivity activity) => new(TrainingPhase.Training, trained.Training.Epochs.Count, settings.Training.Epochs,
            data.Train.RowCount, data.Train.RowCount, 0, 0, 0, Activity: activity);
    }

    /// <summary>Refuses a disk that does not hold what the run will write.</summary>
    internal static void RequireRoom(RunSettings settings, DataSplits data, string directory, RunOutputs outputs, long freeBytes)
    {
        long weights = settings.CreateModel().Build(data.Features.Fields.Count).ParameterCount(data.Features.FeatureCount);
        long scores = data.Test?.RowCount ?? data.Valid?.RowCount ?? 0;
        double bytes = (outputs.HasFlag(RunOutputs.Model) ? sizeof(float) * (double)weights + data.Features.FileBytes : 0)
            + (outputs.HasFlag(RunOutputs.Scores) ? sizeof(float) * (double)scores : 0);
        FreeDisk.Require(directory, bytes, "the results", freeBytes, "Choose another disk, or lower embeddingSize.");
    }

    static RunReport Report(RunSettings settings, DataSplits data, ulong seed, int threads, TrainedModel trained,
        Dictionary<string, float[]> scores, CancellationToken cancel)
    {
        FeatureMap features = data.Features;
        ModelDefinition definition = settings.CreateModel().Build(features.Fields.Count);
        return new()
        {
            DisplayName = ModelCatalog.Get(settings.Model).DisplayName,
            Settings = settings,
            Seed = seed,
            Threads = threads,
            Data = new(data.Digest, data.SplitDescription, features.Fields.Count, features.FeatureCount,
                Split(data.Train), data.Valid is null ? null : Split(data.Valid),
                data.Test is null ? null : Split(data.Test)),
            ParameterCount = definition.ParameterCount(features.FeatureCount),
            Training = trained.Training,
            Pretraining = trained.Pretraining,
            Valid = Evaluate(data.Valid, "validation", ValidScores),
            Test = Evaluate(data.Test, "test", TestScores),
            NumericsVersion = Arithmetic.CurrentVersion,
            Machine = MachineReport.Current,
            Date = DateTime.UtcNow,
        };

        EvaluationMetrics? Evaluate(EncodedData? rows, string name, string tensor)
        {
            if (rows is null or { RowCount: 0 }) { return null; }
            try
            {
                EvaluationMetrics metrics =
                    Evaluation.Evaluate(trained.Engine, rows, settings.Training.GroupField, out float[] logits, cancel);
                scores[tensor] = logits;
                return metrics;
            }
            catch (UserErrorException notFinite)
            {
                throw new TrainingFailedException($"Evaluation on {name} rows after training: {notFinite.Message}",
                    notFinite);
            }
        }
    }

    static void WriteScores(string path, Dictionary<string, float[]> scores)
    {
        string name = scores.ContainsKey(TestScores) ? TestScores : ValidScores;
        if (!scores.TryGetValue(name, out float[]? logits)) { return; }
        using SafeTensorsWriter writer = new(path, [new(name, TensorType.F32, [logits.Length])]);
        writer.Write<float>(name, logits);
        writer.Commit();
    }

    static SplitReport Split(EncodedData rows) => new(rows.RowCount, rows.PositiveRate);
}
