using DeepFM.Data;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace DeepFM.Benchmarks.Peers;

/// <summary>DeepFM as its users would write it in TorchSharp: 400-400-400 units, relu, dropout.</summary>
sealed class TorchDeepFm : Module<Tensor, Tensor>
{
    readonly Embedding first, factors;
    readonly Module<Tensor, Tensor> network;

    public TorchDeepFm(int vocabulary, int fieldCount, int embeddingSize, bool sparseGradients, double dropRate = 0.5,
        bool batchNorm = false)
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
            layers.Add(($"dense{layer}", Linear(width, 400)));
            if (batchNorm) { layers.Add(($"norm{layer}", BatchNorm1d(400))); }
            layers.AddRange([($"relu{layer}", ReLU()), ($"drop{layer}", Dropout(dropRate))]);
        }
        layers.Add(("output", Linear(width, 1)));
        network = Sequential(layers);
        RegisterComponents();
    }

    /// <summary>½·Σ w², over both whole tables.</summary>
    public Tensor HalfSquares() => (first.weight!.square().sum() + factors.weight!.square().sum()) * 0.5;

    /// <summary>Logits, [B], of ids [B, F].</summary>
    public override Tensor forward(Tensor ids)
    {
        Tensor e = factors.forward(ids);                                                    // [B, F, K]
        Tensor sum = e.sum(1);                                                              // [B, K]
        Tensor pairs = (sum.square() - e.square().sum(1)).sum(1).mul(0.5);                  // [B]
        return first.forward(ids).flatten(1).sum(1) + pairs + network.forward(e.flatten(1)).squeeze(1);
    }
}
