using DeepFM.Data;
using DeepFM.Training;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeepFM.Benchmarks.Peers;

/// <summary>An epoch of the kit: all training rows in batches, then the metrics of the validation rows.</summary>
sealed class KitEpoch : IContender
{
    readonly Engine engine;
    readonly EncodedData train, valid;
    readonly int[] rows;
    readonly int batchSize;

    public KitEpoch(RunSettings settings, EncodedData train, EncodedData valid, int threads)
    {
        (this.train, this.valid) = (train, valid);
        batchSize = settings.Training.BatchSize;
        rows = [.. Enumerable.Range(0, train.RowCount)];
        engine = new(settings.CreateModel().Build(train.FieldCount), train.Fields, settings.Training, seed: 1, threads);
        Name = $"DeepFM.Research {settings.Model}, an epoch with its evaluation";
    }

    public string Name { get; }

    public double WorkOfStep => train.RowCount;

    public void Step(int step)
    {
        for (int at = 0; at < rows.Length; at += batchSize)
        {
            engine.Step(train, rows.AsSpan(at, Math.Min(batchSize, rows.Length - at)));
        }
        Evaluation.Evaluate(engine, valid);
    }

    public void Dispose() => engine.Dispose();
}

/// <summary>The same in TorchSharp; the rows are tensors beforehand, and of the evaluation only the scores are computed.</summary>
sealed class TorchEpoch : IContender
{
    readonly TorchDeepFm model;
    readonly optim.Optimizer optimizer;
    readonly TrainingOptions options;
    readonly (Tensor Ids, Tensor Labels)[] train, valid;

    public TorchEpoch(RunSettings settings, EncodedData train, EncodedData valid, int threads)
    {
        set_num_threads(threads);
        random.manual_seed(1);
        options = settings.Training;
        model = new(train.FeatureCount, train.FieldCount, settings.Options.EmbeddingSize, sparseGradients: false,
            settings.Options.DropRate, settings.Options.BatchNorm);
        optimizer = optim.Adam(model.parameters(), options.LearningRate);
        this.train = TorchBatches.Of(train, options.BatchSize);
        this.valid = TorchBatches.Of(valid, options.BatchSize);
        WorkOfStep = train.RowCount;
    }

    public string Name => "TorchSharp, an epoch with the scores of the validation rows";

    public double WorkOfStep { get; }

    public void Step(int step)
    {
        model.train();
        foreach ((Tensor ids, Tensor labels) in train)
        {
            using DisposeScope scope = NewDisposeScope();
            optimizer.zero_grad();
            Tensor loss = functional.binary_cross_entropy_with_logits(model.forward(ids), labels)
                + options.EmbeddingL2 * model.HalfSquares();
            loss.backward();
            nn.utils.clip_grad_norm_(model.parameters(), options.ClipNorm);
            optimizer.step();
        }
        model.eval();
        using (no_grad())
        {
            foreach ((Tensor ids, Tensor _) in valid)
            {
                using DisposeScope scope = NewDisposeScope();
                model.forward(ids).sigmoid();
            }
        }
    }

    public void Dispose()
    {
        foreach ((Tensor ids, Tensor labels) in train.Concat(valid)) { ids.Dispose(); labels.Dispose(); }
        optimizer.Dispose();
        model.Dispose();
    }
}
