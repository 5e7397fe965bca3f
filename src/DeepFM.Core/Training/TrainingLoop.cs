using System.Diagnostics;
using DeepFM.Data;
using DeepFM.Metrics;

namespace DeepFM.Training;

/// <summary>Epochs over shuffled rows, with early stopping: one training of one engine.</summary>
sealed class TrainingLoop(Engine engine, TrainingOptions options, int epochs, ulong seed, TrainingPhase phase,
    IProgress<TrainingProgress>? progress, CancellationToken cancel)
{
    static readonly TimeSpan reportEvery = TimeSpan.FromMilliseconds(200);

    // Scoring a row costs two fifths of training it, as far as is known before the first evaluation.
    const double ScoredRow = 0.4;

    double? evaluationSeconds;              // of the last epoch

    /// <summary>Trains, and leaves the best epoch's parameters in the engine.</summary>
    /// <exception cref="TrainingFailedException">The loss is not a number.</exception>
    /// <exception cref="OperationCanceledException">The token asked for it.</exception>
    public TrainingHistory Run(EncodedData train, EncodedData? valid)
    {
        List<EpochReport> history = [];
        BestEpoch best = new(options.Monitor);
        ParameterSnapshot? snapshot = null;                 // as large as the tables, and outside the collected heap
        int[] rows = new int[train.RowCount];
        try
        {
            for (int epoch = 1; epoch <= epochs; epoch++)
            {
                EpochReport report = RunEpoch(train, valid, rows, epoch);
                evaluationSeconds = report.EvaluationSeconds;
                history.Add(report);
                bool better = report.Valid is not null && best.Add(epoch, report.Valid);
                bool stalled = report.Valid is not null && !better && options.Patience > 0 && best.Stalled >= options.Patience
                    && best.Stalled * StepsOf(rows) >= options.PatienceSteps;
                progress?.Report(new(phase, epoch, epochs, rows.Length, rows.Length, report.TrainLoss,
                    rows.Length / report.TrainSeconds, 0, report, IsLast: stalled || epoch == epochs));
                if (stalled) { break; }
                if (report.Valid is null) { continue; }
                if (better)
                {
                    snapshot?.Dispose();
                    snapshot = epoch < epochs ? engine.Snapshot() : null;
                    continue;
                }
                engine.LearningRate = CutRate(engine.LearningRate);
            }

            // The best epoch's parameters, not the last one's (unless they are the same).
            if (best.Epoch < history.Count && snapshot is not null) { engine.Restore(snapshot); }
        }
        finally
        {
            snapshot?.Dispose();
        }
        return new()
        {
            Epochs = history,
            BestEpoch = valid is null ? history.Count : best.Epoch,
            Rows = train.RowCount,
            Outcome = Outcome(history.Count, valid is not null, best),
        };
    }

    EpochReport RunEpoch(EncodedData train, EncodedData? valid, int[] rows, int epoch)
    {
        float rate = engine.LearningRate;
        Stopwatch time = Stopwatch.StartNew();
        double loss = RunSteps(train, valid, rows, epoch, time);
        double trainSeconds = time.Elapsed.TotalSeconds;

        time.Restart();
        if (valid is not null)
        {
            progress?.Report(new(phase, epoch, epochs, rows.Length, rows.Length, loss, rows.Length / trainSeconds, 0,
                Activity: TrainingActivity.Evaluating));
        }
        EvaluationMetrics? metrics = valid is null ? null : Evaluate(valid, epoch);
        return new()
        {
            Epoch = epoch,
            TrainLoss = loss,
            LearningRate = rate,
            Valid = metrics,
            TrainSeconds = trainSeconds,
            EvaluationSeconds = metrics is null ? 0 : time.Elapsed.TotalSeconds,
        };
    }

    double RunSteps(EncodedData train, EncodedData? valid, int[] rows, int epoch, Stopwatch time)
    {
        RowOrder.Shuffle(rows, seed, epoch);
        double total = 0;
        TimeLeft left = new();
        left.After(time.Elapsed.TotalSeconds, 0);
        TimeSpan reported = TimeSpan.Zero;
        for (int done = 0; done < rows.Length;)
        {
            AmbientCancellation.ThrowIfRequested(cancel);
            int count = Math.Min(options.BatchSize, rows.Length - done);    // the last batch holds what is left
            double loss = engine.Step(train, rows.AsSpan(done, count));
            if (!double.IsFinite(loss)) { throw Diverged(loss, epoch, step: done / options.BatchSize + 1); }
            total += loss * count;
            done += count;
            if (progress is not null && time.Elapsed - reported > reportEvery && done < rows.Length)
            {
                reported = time.Elapsed;
                double secondsLeft = left.After(reported.TotalSeconds, (double)done / rows.Length) ?? 0;
                progress.Report(new(phase, epoch, epochs, done, rows.Length, total / done, done / reported.TotalSeconds, secondsLeft,
                    SecondsLeftAtMost: AtMost(secondsLeft, epoch, done, rows.Length, valid)));
            }
        }
        return total / rows.Length;
    }

    // This epoch's steps and those of the epochs to come at one speed, and an evaluation after each.
    double AtMost(double secondsLeft, int epoch, int done, int rows, EncodedData? valid)
    {
        double perRow = secondsLeft / (rows - done);
        double evaluation = valid is null ? 0 : evaluationSeconds ?? ScoredRow * perRow * valid.RowCount;
        return secondsLeft + evaluation + (epochs - epoch) * (perRow * rows + evaluation);
    }

    EvaluationMetrics Evaluate(EncodedData valid, int epoch)
    {
        try
        {
            return Evaluation.Evaluate(engine, valid, options.GroupField, cancel);
        }
        catch (UserErrorException notFinite)
        {
            throw new TrainingFailedException($"Evaluation on validation rows after epoch {epoch}: {notFinite.Message}",
                notFinite);
        }
    }

    long StepsOf(int[] rows) => (rows.Length + options.BatchSize - 1L) / options.BatchSize;

    // Not below the least rate, nor above the one that training started with.
    float CutRate(float rate) => Math.Min(rate, Math.Max(rate * options.LearningRateCut, options.MinLearningRate));

    string Outcome(int trained, bool validated, BestEpoch best) =>
        !validated ? $"The last epoch was kept: there are no validation rows, so {All(trained)} trained."
        : trained == 0 ? "No epoch was trained."
        : $"Epoch {best.Epoch} had the best validation {best.Figure} and was kept; training ended "
            + (trained < epochs ? $"after {Counted.Of(best.Stalled, "epoch")} without a better one."
                : epochs == 1 ? "after the only epoch." : $"after all {epochs} epochs.");

    static string All(int epochs) => epochs == 1 ? "the only epoch was" : $"all {epochs} epochs were";

    TrainingFailedException Diverged(double loss, int epoch, int step) => new(
        $"{(phase == TrainingPhase.Pretraining ? "Pre-training" : "Training")} diverged: the loss is {loss} in epoch "
        + $"{epoch}, step {step}, at learning rate {engine.LearningRate}. "
        + "Try a lower learningRate, clipNorm=10, or numeric fields that are standardized or in buckets.");
}
