using System.Runtime.CompilerServices;
using DeepFM.Training;

namespace DeepFM.Numerics;

/// <summary>Optimizer steps over packed feature rows and over dense parameters; the arithmetic is in the rules.</summary>
static unsafe class OptimizerKernel<S, V>
    where S : ISimd<V>
    where V : struct
{
    /// <summary>Steps rows of the feature table, each [parameters | state 1 | state 2] of <paramref name="width"/>.</summary>
    /// <param name="kind">The optimizer.</param>
    /// <param name="table">Row 0.</param>
    /// <param name="stride">Floats from row to row.</param>
    /// <param name="width">P: a multiple of 16, or less than one register.</param>
    /// <param name="ids">The rows to step, [count].</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="gradients">[count, P].</param>
    /// <param name="gradientScale">Factor on the gradients: below 1 when the norm is clipped.</param>
    /// <param name="l2">λ of each column, [P].</param>
    /// <param name="step">The step's constants.</param>
    public static void Rows(OptimizerKind kind, float* table, nint stride, int width, int* ids, int count,
        float* gradients, float gradientScale, float* l2, in OptimizerStep step)
    {
        switch (kind)
        {
            case OptimizerKind.Adam:
                Rows<AdamRule>(table, stride, width, ids, count, gradients, gradientScale, l2, step); break;
            case OptimizerKind.Ftrl:
                Rows<FtrlRule>(table, stride, width, ids, count, gradients, gradientScale, l2, step); break;
            case OptimizerKind.Adagrad:
                Rows<AdagradRule>(table, stride, width, ids, count, gradients, gradientScale, l2, step); break;
            default:
                Rows<SgdRule>(table, stride, width, ids, count, gradients, gradientScale, l2, step); break;
        }
    }

    /// <summary>Steps parameters that lie side by side; their L2 term is already in the gradient.</summary>
    public static void Dense(OptimizerKind kind, float* w, float* state1, float* state2, float* gradient, int count,
        float gradientScale, in OptimizerStep step)
    {
        switch (kind)
        {
            case OptimizerKind.Adam: Dense<AdamRule>(w, state1, state2, gradient, count, gradientScale, step); break;
            case OptimizerKind.Ftrl: Dense<FtrlRule>(w, state1, state2, gradient, count, gradientScale, step); break;
            case OptimizerKind.Adagrad:
                Dense<AdagradRule>(w, state1, state2, gradient, count, gradientScale, step); break;
            default: Dense<SgdRule>(w, state1, state2, gradient, count, gradientScale, step); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Rows<R>(float* table, nint stride, int width, int* ids, int count, float* gradients,
        float gradientScale, float* l2, in OptimizerStep step)
        where R : IOptimizerRule
    {
        const int Ahead = 8;                        // rows; a row comes from memory in about the time of eight steps
        for (int i = 0; i < count; i++, gradients += width)
        {
            if (i + Ahead < count) { Cache.Prefetch(table + ids[i + Ahead] * stride, stride); }
            float* row = table + ids[i] * stride;
            if (width >= S.Count)
            {
                Row<R, S, V>(row, width, gradients, gradientScale, l2, step);
            }
            else
            {
                Row<R, SimdScalar, float>(row, width, gradients, gradientScale, l2, step);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Row<R, T, U>(float* row, int width, float* gradient, float gradientScale, float* l2,
        in OptimizerStep step)
        where R : IOptimizerRule
        where T : ISimd<U>
        where U : struct
    {
        float* state1 = row + width;
        float* state2 = row + 2 * width;
        for (int p = 0; p < width; p += T.Count)
        {
            U w = T.Load(row + p);
            U g = T.MultiplyAdd(T.Load(l2 + p), w, T.Load(gradient + p));
            Apply<R, T, U>(row + p, state1 + p, state2 + p, w, T.Multiply(g, T.Broadcast(gradientScale)), step);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Dense<R>(float* w, float* state1, float* state2, float* gradient, int count, float gradientScale,
        in OptimizerStep step)
        where R : IOptimizerRule
    {
        int done = Dense<R, S, V>(w, state1, state2, gradient, 0, count, gradientScale, step);
        Dense<R, SimdScalar, float>(w, state1, state2, gradient, done, count, gradientScale, step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Dense<R, T, U>(float* w, float* state1, float* state2, float* gradient, int i, int count,
        float gradientScale, in OptimizerStep step)
        where R : IOptimizerRule
        where T : ISimd<U>
        where U : struct
    {
        U scale = T.Broadcast(gradientScale);
        for (; i <= count - T.Count; i += T.Count)
        {
            Apply<R, T, U>(w + i, state1 + i, state2 + i, T.Load(w + i), T.Multiply(T.Load(gradient + i), scale), step);
        }
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Apply<R, T, U>(float* at, float* state1, float* state2, U w, U g, in OptimizerStep step)
        where R : IOptimizerRule
        where T : ISimd<U>
        where U : struct
    {
        U s1 = R.StateCount > 0 ? T.Load(state1) : T.Zero, s2 = R.StateCount > 1 ? T.Load(state2) : T.Zero;
        R.Apply<T, U>(ref w, ref s1, ref s2, g, step);
        T.Store(w, at);
        if (R.StateCount > 0) { T.Store(s1, state1); }
        if (R.StateCount > 1) { T.Store(s2, state2); }
    }
}
