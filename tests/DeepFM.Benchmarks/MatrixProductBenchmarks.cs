using BenchmarkDotNet.Attributes;
using DeepFM.Layers;
using DeepFM.Numerics;

namespace DeepFM.Benchmarks;

/// <summary>One thread's part of the products of a dense layer: a tile forward, packing, and a block of ∂L/∂W.</summary>
/// <remarks>Y = X·W is 2·rows·K·N operations; the block of ∂L/∂W takes a whole batch of 4096 rows.</remarks>
public unsafe class MatrixProductBenchmarks
{
    const int Batch = 4096, GradientRows = 200;
    NativeBuffer<float> x = null!, w = null!, y = null!, packed = null!, gradient = null!, scratch = null!;

    /// <summary>Inputs of the layer.</summary>
    [Params(390, 400)]
    public int K { get; set; }

    /// <summary>Units of the layer.</summary>
    [Params(400)]
    public int N { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        x = Memory.Floats((long)Batch * K, 1);
        w = Memory.Floats((long)K * N, 2);
        y = Memory.Floats((long)Batch * N, 3);
        packed = Memory.Floats(Kernels.Current.PackedLength(K, N), 4);
        gradient = Memory.Floats((long)K * N, 5);
        scratch = Memory.Floats(Kernels.Current.TransposedScratchLength(GradientRows, N), 6);
        Pack();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        foreach (NativeBuffer<float> buffer in new[] { x, w, y, packed, gradient, scratch }) { buffer.Dispose(); }
    }

    [Benchmark]
    public void Pack()
    {
        for (int panel = 0; panel < Kernels.Current.PanelCount(N); panel++)
        {
            Kernels.Current.PackPanel(w.Pointer, N, false, K, N, panel, packed.Pointer);
        }
    }

    [Benchmark]
    public void MultiplyTile() =>
        Kernels.Current.Multiply(x.Pointer, K, Tile.MaxRows, packed.Pointer, K, N, y.Pointer, N, add: false);

    [Benchmark]
    public void MultiplyTransposed() =>
        Kernels.Current.MultiplyTransposed(x.Pointer, K, GradientRows, y.Pointer, N, Batch, N, gradient.Pointer, scratch.Pointer);
}
