using System.Runtime.Intrinsics;
using DeepFM.Numerics;

namespace DeepFM.Research.Speed;

/// <summary>What the processor can do at most, at the width of the kernels in use, shared out as the engine does.</summary>
static unsafe class ProcessorPeak
{
    const int Iterations = 20_000;          // of a task: a fraction of a millisecond, as short as the engine's
    const int TasksPerThread = 8;
    const long BlockLength = 1 << 20;       // floats that a task reads

    static readonly Loops loops = Kernels.Current.Bits switch
    {
        512 => Loops.Of<Simd512, Vector512<float>>(),
        256 => Loops.Of<Simd256, Vector256<float>>(),
        _ => Loops.Of<Simd128, Vector128<float>>(),
    };

    /// <summary>Single-precision multiply-adds, each two operations: 10⁹ a second, one number a run.</summary>
    public static double[] Gflops(ThreadTeam team, Repetition repetition, CancellationToken cancel)
    {
        int tasks = TasksPerThread * team.Count;
        Action<int, int> run = (_, _) => loops.MultiplyAdd(Iterations);
        return repetition.WorkPerSecond(tasks * loops.Flops(Iterations) / 1e9, () => team.Run(tasks, run), cancel);
    }

    /// <summary>Reads of memory from end to end: 10⁹ bytes a second, one number a run.</summary>
    /// <param name="memory">Of a length that is a multiple of 128; larger than the caches, or these are measured.</param>
    /// <param name="team">The threads.</param>
    /// <param name="repetition">How often.</param>
    /// <param name="cancel">Stops between two runs.</param>
    public static double[] ReadGigabytes(NativeBuffer<float> memory, ThreadTeam team, Repetition repetition,
        CancellationToken cancel)
    {
        int tasks = (int)((memory.Length + BlockLength - 1) / BlockLength);
        Action<int, int> run = (task, _) =>
        {
            long first = task * BlockLength;
            loops.Read(memory.Pointer + first, Math.Min(BlockLength, memory.Length - first));
        };
        return repetition.WorkPerSecond(memory.Length * sizeof(float) / 1e9, () => team.Run(tasks, run), cancel);
    }

    delegate float ReadLoop(float* x, long count);

    sealed record Loops(Func<int, float> MultiplyAdd, Func<int, double> Flops, ReadLoop Read)
    {
        public static Loops Of<S, V>()
            where S : ISimd<V>
            where V : struct =>
            new(PeakKernel<S, V>.MultiplyAdd, PeakKernel<S, V>.Flops, PeakKernel<S, V>.Read);
    }
}
