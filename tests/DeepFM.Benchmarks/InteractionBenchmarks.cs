using BenchmarkDotNet.Attributes;
using DeepFM.Numerics;

namespace DeepFM.Benchmarks;

/// <summary>Interactions of the fields of one sample.</summary>
public unsafe class InteractionBenchmarks
{
    NativeBuffer<float> e = null!, gradE = null!, products = null!, scratch = null!, sum = null!;

    /// <summary>Fields.</summary>
    [Params(39)]
    public int F { get; set; }

    /// <summary>Embedding size.</summary>
    [Params(10, 16)]
    public int K { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        e = Memory.Floats(F * K, 1);
        gradE = Memory.Floats(F * K, 2);
        products = Memory.Floats(F * (F - 1) / 2, 3);
        scratch = Memory.Floats(Kernels.Current.ProductScratchLength(F, K), 4);
        sum = Memory.Floats(K, 5);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        foreach (NativeBuffer<float> buffer in new[] { e, gradE, products, scratch, sum }) { buffer.Dispose(); }
    }

    [Benchmark]
    public float PairSum() => Kernels.Current.PairSum(e.Pointer, F, K, sum.Pointer);

    [Benchmark]
    public void InnerForward() => Kernels.Current.InnerForward(e.Pointer, F, K, products.Pointer, scratch.Pointer);

    [Benchmark]
    public void InnerBackward() =>
        Kernels.Current.InnerBackward(products.Pointer, e.Pointer, F, K, gradE.Pointer, add: false, scratch.Pointer);
}
