using DeepFM.Data;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeepFM.Benchmarks.Peers;

/// <summary>DeepFM as its users would write it in TorchSharp: 400-400-400 units, relu, dropout ½.</summary>
sealed class TorchDeepFm : Module<Tensor, Tensor>
{
    readonly Embedding first, factors;
    readonly Module<Tensor, Tensor> network;

    public TorchDeepFm(int vocabulary, int fieldCount, int embeddingSize, bool sparseGradients)
        : base("deepfm")
    {
        first = Embedding(vocabulary, 1, sparse: sparseGradients);
        factors = Embedding(vocabulary, embeddingSize, sparse: sparseGradients);
        init.zeros_(first.weight!);
        init.normal_(factors.weight!, 0, 0.01);
        List<(string, Module<Tensor, Tensor>)> layers = [];
        int width = fieldCount * embeddingSize;
        for (int layer = 1; layer <= 3; layer++, width = 400)
        {
            layers.AddRange([($"dense{layer}", Linear(width, 400)), ($"relu{layer}", ReLU()), ($"drop{layer}", Dropout(0.5))]);
        }
        layers.Add(("output", Linear(width, 1)));
        network = Sequential(layers);
        RegisterComponents();
    }

    /// <summary>Logits, [B], of ids [B, F].</summary>
    public override Tensor forward(Tensor ids)
    {
        Tensor e = factors.forward(ids);                                                    // [B, F, K]
        Tensor sum = e.sum(1);                                                              // [B, K]
        Tensor pairs = (sum.square() - e.square().sum(1)).sum(1).mul(0.5);                  // [B]
        return first.forward(ids).flatten(1).sum(1) + pairs + network.forward(e.flatten(1)).squeeze(1);
    }
}

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
        batches = [.. Enumerable.Range(0, data.RowCount / batchSize).Select(batch => Batch(data, batch * batchSize, batchSize))];
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

    static (Tensor Ids, Tensor Labels) Batch(EncodedData data, int first, int count)
    {
        IEnumerable<int> ids = Enumerable.Range(first, count).SelectMany(row => data.Ids(row).ToArray());
        return (tensor([.. ids.Select(id => (long)id)], [count, data.FieldCount]),
            tensor(data.Labels.Slice(first, count).ToArray()));
    }
}
