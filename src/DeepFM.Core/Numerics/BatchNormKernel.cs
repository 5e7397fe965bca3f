using System.Runtime.CompilerServices;
using DeepFM.Models;

namespace DeepFM.Numerics;

/// <summary>The tile-wise parts of batch norm — Ioffe and Szegedy 2015, algorithm 1 — and of its gradient.</summary>
static unsafe class BatchNormKernel<S, V>
    where S : ISimd<V>
    where V : struct
{
    /// <summary>Mean and summed squared distance from it, of each column over a tile.</summary>
    /// <param name="z">[rows, width], rows <paramref name="stride"/> apart.</param>
    /// <param name="stride">In floats.</param>
    /// <param name="rows">Rows of the tile, at least 1.</param>
    /// <param name="width">Columns.</param>
    /// <param name="mean">Overwritten, [width].</param>
    /// <param name="squares">Overwritten, [width].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Moments(float* z, nint stride, int rows, int width, float* mean, float* squares)
    {
        int done = MomentColumns<S, V>(z, stride, rows, 0, width, mean, squares);
        MomentColumns<SimdScalar, float>(z, stride, rows, done, width, mean, squares);
    }

    /// <summary>∂L/∂(x̂·γ + β) from ∂L/∂y, and its sums over a tile, alone and times x̂ = z·inverse + center.</summary>
    /// <param name="gradY">Changed in place: ∂L/∂y before, [rows, width], rows <paramref name="stride"/> apart.</param>
    /// <param name="y">dropout(f(x̂·γ + β)), [rows, width].</param>
    /// <param name="z">What was normalized, [rows, width].</param>
    /// <param name="stride">In floats, of all three.</param>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="width">Columns.</param>
    /// <param name="inverse">1/√(variance + ε), [width].</param>
    /// <param name="center">−mean·inverse, [width].</param>
    /// <param name="activation">f.</param>
    /// <param name="mask">The mask of the forward pass.</param>
    /// <param name="firstRow">The first row's place in the batch.</param>
    /// <param name="sums">Overwritten, [width]: ∂L/∂β of the tile.</param>
    /// <param name="sumsXHat">Overwritten, [width]: ∂L/∂γ of the tile.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void GradientSums(float* gradY, float* y, float* z, nint stride, int rows, int width, float* inverse,
        float* center, Activation activation, DropoutMask mask, int firstRow, float* sums, float* sumsXHat)
    {
        new Span<float>(sums, width).Clear();
        new Span<float>(sumsXHat, width).Clear();
        for (int r = 0; r < rows; r++, gradY += stride, y += stride, z += stride)
        {
            uint position = (uint)(firstRow + r) * (uint)width;
            int done = GradientSumsRow<S, V>(gradY, y, z, 0, width, inverse, center, activation, mask, position, sums, sumsXHat);
            GradientSumsRow<SimdScalar, float>(gradY, y, z, done, width, inverse, center, activation, mask, position, sums, sumsXHat);
        }
    }

    /// <summary>grad = grad·factor − (z·slope + offset), in place: ∂L/∂z from ∂L/∂(x̂·γ + β).</summary>
    /// <param name="grad">[rows, width], rows <paramref name="stride"/> apart.</param>
    /// <param name="z">What was normalized, [rows, width].</param>
    /// <param name="stride">In floats, of both.</param>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="width">Columns.</param>
    /// <param name="factor">γ·inverse, [width].</param>
    /// <param name="slope">factor·inverse·mean of grad·x̂ over the batch, [width].</param>
    /// <param name="offset">factor·mean of grad − slope·mean of z, [width].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(float* grad, float* z, nint stride, int rows, int width, float* factor, float* slope,
        float* offset)
    {
        for (int r = 0; r < rows; r++, grad += stride, z += stride)
        {
            int done = BackwardRow<S, V>(grad, z, 0, width, factor, slope, offset);
            BackwardRow<SimdScalar, float>(grad, z, done, width, factor, slope, offset);
        }
    }

    // Four registers of columns at once: a sum waits for its last addition, other sums need not.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int MomentColumns<T, U>(float* z, nint stride, int rows, int j, int width, float* mean, float* squares)
        where T : ISimd<U>
        where U : struct
    {
        for (; j <= width - 4 * T.Count; j += 4 * T.Count)
        {
            U share = T.Broadcast(1f / rows), m0 = T.Zero, m1 = T.Zero, m2 = T.Zero, m3 = T.Zero;
            float* at = z + j;
            for (int r = 0; r < rows; r++, at += stride)
            {
                m0 = T.Add(m0, T.Load(at));
                m1 = T.Add(m1, T.Load(at + T.Count));
                m2 = T.Add(m2, T.Load(at + 2 * T.Count));
                m3 = T.Add(m3, T.Load(at + 3 * T.Count));
            }
            m0 = T.Multiply(m0, share);
            m1 = T.Multiply(m1, share);
            m2 = T.Multiply(m2, share);
            m3 = T.Multiply(m3, share);
            U s0 = T.Zero, s1 = T.Zero, s2 = T.Zero, s3 = T.Zero;
            at = z + j;
            for (int r = 0; r < rows; r++, at += stride)
            {
                s0 = AddSquare<T, U>(T.Load(at), m0, s0);
                s1 = AddSquare<T, U>(T.Load(at + T.Count), m1, s1);
                s2 = AddSquare<T, U>(T.Load(at + 2 * T.Count), m2, s2);
                s3 = AddSquare<T, U>(T.Load(at + 3 * T.Count), m3, s3);
            }
            Store4<T, U>(m0, m1, m2, m3, mean + j);
            Store4<T, U>(s0, s1, s2, s3, squares + j);
        }
        for (; j <= width - T.Count; j += T.Count)
        {
            U sum = T.Zero, total = T.Zero;
            for (int r = 0; r < rows; r++) { sum = T.Add(sum, T.Load(z + r * stride + j)); }
            U center = T.Multiply(sum, T.Broadcast(1f / rows));
            for (int r = 0; r < rows; r++) { total = AddSquare<T, U>(T.Load(z + r * stride + j), center, total); }
            T.Store(center, mean + j);
            T.Store(total, squares + j);
        }
        return j;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static U AddSquare<T, U>(U value, U center, U total)
        where T : ISimd<U>
        where U : struct
    {
        U distance = T.Subtract(value, center);
        return T.MultiplyAdd(distance, distance, total);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store4<T, U>(U a, U b, U c, U d, float* to)
        where T : ISimd<U>
        where U : struct
    {
        T.Store(a, to);
        T.Store(b, to + T.Count);
        T.Store(c, to + 2 * T.Count);
        T.Store(d, to + 3 * T.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int GradientSumsRow<T, U>(float* gradY, float* y, float* z, int j, int width, float* inverse, float* center,
        Activation activation, DropoutMask mask, uint position, float* sums, float* sumsXHat)
        where T : ISimd<U>
        where U : struct
    {
        for (; j <= width - T.Count; j += T.Count)
        {
            U grad = ActivationKernel<T, U>.Gradient(T.Load(gradY + j), T.Load(y + j), activation, mask, position + (uint)j);
            U xHat = T.MultiplyAdd(T.Load(z + j), T.Load(inverse + j), T.Load(center + j));
            T.Store(grad, gradY + j);
            T.Store(T.Add(T.Load(sums + j), grad), sums + j);
            T.Store(T.MultiplyAdd(grad, xHat, T.Load(sumsXHat + j)), sumsXHat + j);
        }
        return j;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int BackwardRow<T, U>(float* grad, float* z, int j, int width, float* factor, float* slope, float* offset)
        where T : ISimd<U>
        where U : struct
    {
        for (; j <= width - T.Count; j += T.Count)
        {
            U alike = T.MultiplyAdd(T.Load(z + j), T.Load(slope + j), T.Load(offset + j));
            T.Store(T.Subtract(T.Multiply(T.Load(grad + j), T.Load(factor + j)), alike), grad + j);
        }
        return j;
    }
}
