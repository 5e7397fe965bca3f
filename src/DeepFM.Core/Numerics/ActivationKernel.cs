using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using DeepFM.Models;

namespace DeepFM.Numerics;

/// <summary>Bias (or batch norm's scale and shift), activation and dropout of a dense layer, over the rows of a tile.</summary>
static unsafe class ActivationKernel<S, V>
    where S : ISimd<V>
    where V : struct
{
    /// <summary>y = dropout(f(z·scale + shift)).</summary>
    /// <param name="z">[rows, width], rows <paramref name="stride"/> apart.</param>
    /// <param name="y">Overwritten, [rows, width], as <paramref name="z"/>; may be the same memory.</param>
    /// <param name="stride">In floats.</param>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="width">Units.</param>
    /// <param name="scale">[width]; null for 1.</param>
    /// <param name="shift">[width], a bias.</param>
    /// <param name="activation">f.</param>
    /// <param name="mask">The step's dropout.</param>
    /// <param name="firstRow">The first row's place in the batch.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(float* z, float* y, nint stride, int rows, int width, float* scale, float* shift,
        Activation activation, DropoutMask mask, int firstRow)
    {
        for (int r = 0; r < rows; r++, z += stride, y += stride)
        {
            uint position = (uint)(firstRow + r) * (uint)width;
            int done;
            if (activation == Activation.Sigmoid)
            {
                Sigmoid(z, y, width, scale, shift);
                if (mask.Threshold == 0) { continue; }
                done = Drop<S, V>(y, 0, width, mask, position);
                Drop<SimdScalar, float>(y, done, width, mask, position);
                continue;
            }
            done = ForwardRow<S, V>(z, y, 0, width, scale, shift, activation, mask, position);
            ForwardRow<SimdScalar, float>(z, y, done, width, scale, shift, activation, mask, position);
        }
    }

    /// <summary>∂L/∂z from ∂L/∂y, y being what <see cref="Forward"/> wrote.</summary>
    /// <param name="gradY">Changed in place: ∂L/∂y before, ∂L/∂z after, [rows, width].</param>
    /// <param name="y">[rows, width], rows <paramref name="stride"/> apart as those of <paramref name="gradY"/>.</param>
    /// <param name="stride">In floats.</param>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="width">Units.</param>
    /// <param name="activation">f.</param>
    /// <param name="mask">The mask that <see cref="Forward"/> was given.</param>
    /// <param name="firstRow">The first row's place in the batch.</param>
    /// <param name="biasGradient">Overwritten with the columns' sums over the tile, [width].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(float* gradY, float* y, nint stride, int rows, int width, Activation activation,
        DropoutMask mask, int firstRow, float* biasGradient)
    {
        new Span<float>(biasGradient, width).Clear();
        for (int r = 0; r < rows; r++, gradY += stride, y += stride)
        {
            uint position = (uint)(firstRow + r) * (uint)width;
            int done = BackwardRow<S, V>(gradY, y, 0, width, activation, mask, position, biasGradient);
            BackwardRow<SimdScalar, float>(gradY, y, done, width, activation, mask, position, biasGradient);
        }
    }

    static void Sigmoid(float* z, float* y, int width, float* scale, float* shift)
    {
        ReadOnlySpan<float> from = new(z, width), shifts = new(shift, width);
        Span<float> to = new(y, width);
        if (scale == null)
        {
            TensorPrimitives.Add(from, shifts, to);
        }
        else
        {
            TensorPrimitives.MultiplyAddEstimate(from, new ReadOnlySpan<float>(scale, width), shifts, to);
        }
        TensorPrimitives.Sigmoid<float>(to, to);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int ForwardRow<T, U>(float* z, float* y, int j, int width, float* scale, float* shift, Activation activation,
        DropoutMask mask, uint position)
        where T : ISimd<U>
        where U : struct
    {
        for (; j <= width - T.Count; j += T.Count)
        {
            U output = scale == null
                ? T.Add(T.Load(z + j), T.Load(shift + j))
                : T.MultiplyAdd(T.Load(z + j), T.Load(scale + j), T.Load(shift + j));
            if (activation == Activation.Relu) { output = T.Max(output, T.Zero); }
            if (activation == Activation.Tanh) { output = HyperbolicTangent<T, U>.Of(output); }
            if (mask.Threshold != 0) { output = mask.Apply<T, U>(output, position + (uint)j); }
            T.Store(output, y + j);
        }
        return j;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int Drop<T, U>(float* y, int j, int width, DropoutMask mask, uint position)
        where T : ISimd<U>
        where U : struct
    {
        for (; j <= width - T.Count; j += T.Count)
        {
            T.Store(mask.Apply<T, U>(T.Load(y + j), position + (uint)j), y + j);
        }
        return j;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static int BackwardRow<T, U>(float* gradY, float* y, int j, int width, Activation activation, DropoutMask mask,
        uint position, float* biasGradient)
        where T : ISimd<U>
        where U : struct
    {
        for (; j <= width - T.Count; j += T.Count)
        {
            U grad = ActivationKernel<T, U>.Gradient(T.Load(gradY + j), T.Load(y + j), activation, mask, position + (uint)j);
            T.Store(grad, gradY + j);
            T.Store(T.Add(T.Load(biasGradient + j), grad), biasGradient + j);
        }
        return j;
    }

    /// <summary>∂L/∂z of the units from <paramref name="position"/> on, from ∂L/∂y and y = dropout(f(z)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Gradient(V gradY, V y, Activation activation, DropoutMask mask, uint position)
    {
        // A unit that relu or dropout made 0 passes nothing; all others were scaled.
        if (activation == Activation.Relu) { return S.WhereGreater(y, S.Zero, S.Multiply(gradY, S.Broadcast(mask.Scale))); }
        V one = S.Broadcast(1), f = S.Multiply(y, S.Broadcast(1 / mask.Scale));     // f(z), before dropout scaled it
        V grad = activation switch
        {
            Activation.Tanh => S.Multiply(gradY, S.Subtract(one, S.Multiply(f, f))),
            Activation.Sigmoid => S.Multiply(gradY, S.Multiply(f, S.Subtract(one, f))),
            _ => gradY,
        };
        return mask.Threshold == 0 ? grad : mask.Apply<S, V>(grad, position);
    }
}
