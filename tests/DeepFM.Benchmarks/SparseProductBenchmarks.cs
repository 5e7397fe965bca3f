using BenchmarkDotNet.Attributes;
using DeepFM.Layers;
using DeepFM.Numerics;

namespace DeepFM.Benchmarks;

/// <summary>The products of <see cref="MatrixProductBenchmarks"/> with units of which many are 0, passed over.</summary>
/// <remarks>Relu leaves half of the units, dropout of ½ a quarter; the fuller, the less these products save.</remarks>
public unsafe class SparseProductBenchmarks
{
    const int Batch = 4096, GradientRows = 200, Units = 400;
    NativeBuffer<float> x = null!, w = null!, y = null!, packed = null!, gradient = null!, scratch = null!;
    NativeBuffer<ulong> bits = null!;

    /// <summary>Share of the units that are not 0.</summary>
    [Params(0.25, 0.4, 0.5, 0.7, 0.85)]
    public double Density { get; set; }

    static int Words => BitMatrix.WordsOf(Units);

    [GlobalSetup]
    public void Setup()
    {
        x = Memory.Floats((long)Batch * Units, 1);
        for (long i = 0; i < (long)Batch * Units; i++)
        {
            if (CounterRandom.Uniform(CounterRandom.Key(7), (ulong)i) >= Density) { x.Pointer[i] = 0; }
        }
        w = Memory.Floats((long)Units * Units, 2);
        y = Memory.Floats((long)Batch * Units, 3);
        packed = Memory.Floats(Kernels.Current.PackedLength(Units, Units), 4);
        gradient = Memory.Floats((long)Units * Units, 5);
        scratch = Memory.Floats(Kernels.Current.TransposedScratchLength(GradientRows, Units), 6);
        bits = Memory.Zeros<ulong>((long)Batch * Words);
        for (int panel = 0; panel < Kernels.Current.PanelCount(Units); panel++)
        {
            Kernels.Current.PackPanel(w.Pointer, Units, false, Units, Units, panel, packed.Pointer);
        }
        Kernels.Current.NonZeros(x.Pointer, Units, Batch, Units, bits.Pointer);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        foreach (NativeBuffer<float> buffer in new[] { x, w, y, packed, gradient, scratch }) { buffer.Dispose(); }
        bits.Dispose();
    }

    [Benchmark]
    public int NonZerosOfTile() => Kernels.Current.NonZeros(x.Pointer, Units, Tile.MaxRows, Units, bits.Pointer);

    [Benchmark]
    public void MultiplyTile() =>
        Kernels.Current.MultiplySparse(x.Pointer, Units, bits.Pointer, Tile.MaxRows, packed.Pointer, Units, Units, y.Pointer, Units,
            add: false);

    /// <summary>The gradient of the tile's units that are not 0; on a dense gradient of the next layer.</summary>
    [Benchmark]
    public void MultiplySelectedTile() =>
        Kernels.Current.MultiplySelected(y.Pointer, Units, Tile.MaxRows, w.Pointer, Units, Units, bits.Pointer, gradient.Pointer, Units);

    [Benchmark]
    public void MultiplyTransposed() =>
        Kernels.Current.MultiplyTransposedSparse(x.Pointer, Units, bits.Pointer, Words, 0, GradientRows, y.Pointer, Units, Batch, Units,
            gradient.Pointer, scratch.Pointer);
}
