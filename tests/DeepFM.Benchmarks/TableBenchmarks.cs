using BenchmarkDotNet.Attributes;
using DeepFM.Numerics;
using DeepFM.Training;

namespace DeepFM.Benchmarks;

/// <summary>The update of a field's rows: gradients of a batch summed by id, and the optimizer's step of each row.</summary>
public unsafe class TableBenchmarks
{
    const int Batch = 4096, Width = 16, MapBits = 13;
    NativeBuffer<float> table = null!, gradients = null!, sums = null!, l2 = null!;
    NativeBuffer<int> ids = null!, slotIds = null!, map = null!;

    /// <summary>Ids of the field.</summary>
    [Params(1_000, 1_000_000)]
    public int Size { get; set; }

    /// <summary>The rule of the step.</summary>
    [Params(OptimizerKind.Adam, OptimizerKind.Adagrad)]
    public OptimizerKind Optimizer { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        table = Memory.Zeros<float>((long)Size * 3 * Width);
        gradients = Memory.Floats(Batch * Width, 1);
        sums = Memory.Floats(Batch * Width, 2);
        l2 = Memory.Zeros<float>(Width);
        ids = Memory.Ids(Batch, Size, 3);
        slotIds = Memory.Zeros<int>(Batch);
        map = Memory.Zeros<int>(1 << MapBits);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        foreach (IDisposable buffer in new IDisposable[] { table, gradients, sums, l2, ids, slotIds, map }) { buffer.Dispose(); }
    }

    [Benchmark]
    public int Accumulate()
    {
        map.Span.Clear();
        SlotMap slots = new() { Ids = slotIds.Pointer, Table = map.Pointer, Shift = 32 - MapBits };
        Kernels.Current.AccumulateOneId(ids.Pointer, Batch, gradients.Pointer, Width, ref slots, sums.Pointer);
        return slots.Count;
    }

    [Benchmark]
    public void StepRows() => Kernels.Current.StepRows(Optimizer, table.Pointer, 3 * Width, Width, ids.Pointer, Batch,
        gradients.Pointer, 1, l2.Pointer, OptimizerStep.Of(new(), learningRate: 1e-3f, step: 1));
}
