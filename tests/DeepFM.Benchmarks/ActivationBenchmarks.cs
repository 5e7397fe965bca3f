using BenchmarkDotNet.Attributes;
using DeepFM.Layers;
using DeepFM.Models;
using DeepFM.Numerics;

namespace DeepFM.Benchmarks;

/// <summary>Bias, activation and dropout of a tile of a layer, forward and backward.</summary>
public unsafe class ActivationBenchmarks
{
    const int Width = 400;
    NativeBuffer<float> y = null!, gradY = null!, bias = null!, biasGradient = null!;
    DropoutMask mask;

    /// <summary>f.</summary>
    [Params(Activation.Relu, Activation.Tanh)]
    public Activation Activation { get; set; }

    /// <summary>Probability that a unit is dropped.</summary>
    [Params(0f, 0.5f)]
    public float DropRate { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        y = Memory.Floats(Tile.MaxRows * Width, 1);
        gradY = Memory.Floats(Tile.MaxRows * Width, 2);
        bias = Memory.Floats(Width, 3);
        biasGradient = Memory.Floats(Width, 4);
        mask = DropoutMask.Of(DropRate, key: 5);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        foreach (NativeBuffer<float> buffer in new[] { y, gradY, bias, biasGradient }) { buffer.Dispose(); }
    }

    [Benchmark]
    public void Forward() =>
        Kernels.Current.ActivationForward(y.Pointer, y.Pointer, Width, Tile.MaxRows, Width, null, bias.Pointer, Activation,
            mask, 0);

    [Benchmark]
    public void Backward() =>
        Kernels.Current.ActivationBackward(gradY.Pointer, y.Pointer, Width, Tile.MaxRows, Width, Activation, mask, 0,
            biasGradient.Pointer);
}
