using DeepFM.Data;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeepFM.Benchmarks.Peers;

/// <summary>Training steps of <see cref="TorchDeepFm"/> on batches of encoded rows.</summary>
sealed class TorchStep : IContender
{
    readonly TorchDeepFm model;
    readonly optim.Optimizer optimizer;
    readonly (Tensor Ids, Tensor Labels)[] batches;

    public TorchStep(EncodedData data, int batchSize, int embeddingSize, string optimizerName, int threads)
    {
        set_num_threads(threads);
        random.manual_seed(1);
        bool sparse = optimizerName == "sparse-sgd";
        Name = $"TorchSharp, {optimizerName}";
        model = new(data.FeatureCount, data.FieldCount, embeddingSize, sparse);
        optimizer = sparse ? optim.SGD(model.parameters(), 1e-3) : optim.Adam(model.parameters(), 1e-3);
        batches = TorchBatches.Of(data, batchSize);
        WorkOfStep = batchSize;
    }

    public string Name { get; }

    public double WorkOfStep { get; }

    public void Step(int step)
    {
        using DisposeScope scope = NewDisposeScope();
        (Tensor ids, Tensor labels) = batches[step % batches.Length];
        optimizer.zero_grad();
        functional.binary_cross_entropy_with_logits(model.forward(ids), labels).backward();
        optimizer.step();
    }

    public void Dispose()
    {
        foreach ((Tensor ids, Tensor labels) in batches) { ids.Dispose(); labels.Dispose(); }
        optimizer.Dispose();
        model.Dispose();
    }
}

/// <summary>Encoded rows as tensors.</summary>
static class TorchBatches
{
    /// <summary>Ids [B, F] and labels [B] of batches of adjoining rows; the last may be smaller.</summary>
    public static (Tensor Ids, Tensor Labels)[] Of(EncodedData data, int batchSize) =>
        [.. Enumerable.Range(0, (data.RowCount + batchSize - 1) / batchSize)
            .Select(batch => Batch(data, batch * batchSize, Math.Min(batchSize, data.RowCount - batch * batchSize)))];

    static (Tensor Ids, Tensor Labels) Batch(EncodedData data, int first, int count)
    {
        IEnumerable<int> ids = Enumerable.Range(first, count).SelectMany(row => data.Ids(row).ToArray());
        return (tensor([.. ids.Select(id => (long)id)], [count, data.FieldCount]),
            tensor(data.Labels.Slice(first, count).ToArray()));
    }
}
