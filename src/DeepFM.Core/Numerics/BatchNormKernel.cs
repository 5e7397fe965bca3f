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
    public static void Moments(float* z, nint stride, int rows, int width, float* mean, float* squares)
    {
        int done = Moments<S, V>(z, stride, rows, 0, width, mean, squares);
        Moments<SimdScalar, float>(z, stride, rows, done, width, mean, squares);
    }

    /// <summary>x̂ = (z − mean)·inverse, in place, and y = x̂·scale.</summary>
    public static void Normalize(float* z, float* y, nint stride, int rows, int width, float* mean, float* inverse,
        float* scale)
    {
        for (int r = 0; r < rows; r++, z += stride, y += stride)
        {
            int done = Normalize<S, V>(z, y, 0, width, mean, inverse, scale);
            Normalize<SimdScalar, float>(z, y, done, width, mean, inverse, scale);
        }
    }

    /// <summary>Column sums of grad·x̂ over a tile, overwritten in <paramref name="sums"/>, [width].</summary>
    public static void GradientSums(float* grad, float* xHat, nint stride, int rows, int width, float* sums)
    {
        new Span<float>(sums, width).Clear();
        for (int r = 0; r < rows; r++, grad += stride, xHat += stride)
        {
            int done = GradientSums<S, V>(grad, xHat, 0, width, sums);
            GradientSums<SimdScalar, float>(grad, xHat, done, width, sums);
        }
    }

    /// <summary>grad = factor·(grad − meanGrad − x̂·meanGradXHat), in place: ∂L/∂z from ∂L/∂(x̂·γ + β).</summary>
    public static void Backward(float* grad, float* xHat, nint stride, int rows, int width, float* factor,
        float* meanGrad, float* meanGradXHat)
    {
        for (int r = 0; r < rows; r++, grad += stride, xHat += stride)
        {
            int done = Backward<S, V>(grad, xHat, 0, width, factor, meanGrad, meanGradXHat);
            Backward<SimdScalar, float>(grad, xHat, done, width, factor, meanGrad, meanGradXHat);
        }
    }

    static int Moments<T, U>(float* z, nint stride, int rows, int j, int width, float* mean, float* squares)
        where T : ISimd<U>
        where U : struct
    {
        U share = T.Broadcast(1f / rows);
        for (; j <= width - T.Count; j += T.Count)
        {
            U sum = T.Zero, total = T.Zero;
            for (int r = 0; r < rows; r++) { sum = T.Add(sum, T.Load(z + r * stride + j)); }
            U center = T.Multiply(sum, share);
            for (int r = 0; r < rows; r++)
            {
                U distance = T.Subtract(T.Load(z + r * stride + j), center);
                total = T.MultiplyAdd(distance, distance, total);
            }
            T.Store(center, mean + j);
            T.Store(total, squares + j);
        }
        return j;
    }

    static int Normalize<T, U>(float* z, float* y, int j, int width, float* mean, float* inverse, float* scale)
        where T : ISimd<U>
        where U : struct
    {
        for (; j <= width - T.Count; j += T.Count)
        {
            U xHat = T.Multiply(T.Subtract(T.Load(z + j), T.Load(mean + j)), T.Load(inverse + j));
            T.Store(xHat, z + j);
            T.Store(T.Multiply(xHat, T.Load(scale + j)), y + j);
        }
        return j;
    }

    static int GradientSums<T, U>(float* grad, float* xHat, int j, int width, float* sums)
        where T : ISimd<U>
        where U : struct
    {
        for (; j <= width - T.Count; j += T.Count)
        {
            T.Store(T.MultiplyAdd(T.Load(grad + j), T.Load(xHat + j), T.Load(sums + j)), sums + j);
        }
        return j;
    }

    static int Backward<T, U>(float* grad, float* xHat, int j, int width, float* factor, float* meanGrad,
        float* meanGradXHat)
        where T : ISimd<U>
        where U : struct
    {
        for (; j <= width - T.Count; j += T.Count)
        {
            U centered = T.Subtract(T.Load(grad + j), T.Load(meanGrad + j));
            U along = T.Multiply(T.Load(xHat + j), T.Load(meanGradXHat + j));
            T.Store(T.Multiply(T.Load(factor + j), T.Subtract(centered, along)), grad + j);
        }
        return j;
    }
}
