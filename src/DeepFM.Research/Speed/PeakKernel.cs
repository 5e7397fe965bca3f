using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using DeepFM.Numerics;

namespace DeepFM.Research.Speed;

/// <summary>Loops that do nothing but multiply-adds, or nothing but reads: the bounds of all other kernels.</summary>
static unsafe class PeakKernel<S, V>
    where S : ISimd<V>
    where V : struct
{
    /// <summary>Chains of multiply-adds that do not wait for one another: at least latency times units.</summary>
    /// <remarks>4 cycles and 2 units are the most on x64, 4 and 4 on Arm, which has registers enough for 20.</remarks>
    static int Chains => AdvSimd.IsSupported ? 20 : 10;

    /// <summary>Floating-point operations of <see cref="MultiplyAdd"/>.</summary>
    public static double Flops(int iterations) => 2.0 * iterations * Chains * S.Count;

    /// <summary>Multiply-adds in registers, without memory.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static float MultiplyAdd(int iterations)
    {
        // x → x/2 + 1 nears 2, so no operand is ever infinite or subnormal.
        V half = S.Broadcast(0.5f), one = S.Broadcast(1);
        V a0 = one, a1 = one, a2 = one, a3 = one, a4 = one, a5 = one, a6 = one, a7 = one, a8 = one, a9 = one;
        V b0 = one, b1 = one, b2 = one, b3 = one, b4 = one, b5 = one, b6 = one, b7 = one, b8 = one, b9 = one;
        for (int i = 0; i < iterations; i++)
        {
            a0 = S.MultiplyAdd(a0, half, one);
            a1 = S.MultiplyAdd(a1, half, one);
            a2 = S.MultiplyAdd(a2, half, one);
            a3 = S.MultiplyAdd(a3, half, one);
            a4 = S.MultiplyAdd(a4, half, one);
            a5 = S.MultiplyAdd(a5, half, one);
            a6 = S.MultiplyAdd(a6, half, one);
            a7 = S.MultiplyAdd(a7, half, one);
            a8 = S.MultiplyAdd(a8, half, one);
            a9 = S.MultiplyAdd(a9, half, one);
            if (!AdvSimd.IsSupported) { continue; }         // known when the loop is compiled
            b0 = S.MultiplyAdd(b0, half, one);
            b1 = S.MultiplyAdd(b1, half, one);
            b2 = S.MultiplyAdd(b2, half, one);
            b3 = S.MultiplyAdd(b3, half, one);
            b4 = S.MultiplyAdd(b4, half, one);
            b5 = S.MultiplyAdd(b5, half, one);
            b6 = S.MultiplyAdd(b6, half, one);
            b7 = S.MultiplyAdd(b7, half, one);
            b8 = S.MultiplyAdd(b8, half, one);
            b9 = S.MultiplyAdd(b9, half, one);
        }
        return S.Sum(Add(Add(a0, a1, a2, a3, a4), Add(a5, a6, a7, a8, a9), Add(b0, b1, b2, b3, b4),
            Add(b5, b6, b7, b8, b9), S.Zero));
    }

    /// <summary>Σ x, with as many reads under way as the processor allows.</summary>
    /// <param name="x">[count].</param>
    /// <param name="count">A multiple of 128.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static float Read(float* x, long count)
    {
        V sum0 = S.Zero, sum1 = S.Zero, sum2 = S.Zero, sum3 = S.Zero;
        for (float* end = x + count; x < end; x += 4 * S.Count)
        {
            sum0 = S.Add(sum0, S.Load(x));
            sum1 = S.Add(sum1, S.Load(x + S.Count));
            sum2 = S.Add(sum2, S.Load(x + 2 * S.Count));
            sum3 = S.Add(sum3, S.Load(x + 3 * S.Count));
        }
        return S.Sum(Add(sum0, sum1, sum2, sum3, S.Zero));
    }

    static V Add(V a, V b, V c, V d, V e) => S.Add(S.Add(S.Add(a, b), S.Add(c, d)), e);
}
