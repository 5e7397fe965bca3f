using System.Numerics.Tensors;
using DeepFM.Models;

namespace DeepFM.Numerics;

/// <summary>Bias, activation and dropout of a dense layer, in place over the rows of a tile.</summary>
static unsafe class ActivationKernel<S, V>
    where S : ISimd<V>
    where V : struct
{
    /// <summary>y = dropout(f(y + bias)).</summary>
    /// <param name="y">Changed in place, [rows, width], rows <paramref name="stride"/> apart.</param>
    /// <param name="stride">In floats.</param>
    /// <param name="rows">Rows of the tile.</param>
    /// <param name="width">Units.</param>
    /// <param name="bias">[width].</param>
    /// <param name="activation">f.</param>
    /// <param name="mask">The step's dropout.</param>
    /// <param name="firstRow">The first row's place in the batch.</param>
    public static void Forward(float* y, nint stride, int rows, int width, float* bias, Activation activation,
        DropoutMask mask, int firstRow)
    {
        for (int r = 0; r < rows; r++, y += stride)
        {
            Span<float> row = new(y, width);
            switch (activation)
            {
                case Activation.Tanh:
                    TensorPrimitives.Add(row, new ReadOnlySpan<float>(bias, width), row);
                    TensorPrimitives.Tanh(row, row);
                    break;
                case Activation.Sigmoid:
                    TensorPrimitives.Add(row, new ReadOnlySpan<float>(bias, width), row);
                    TensorPrimitives.Sigmoid<float>(row, row);
                    break;
                default:
                    int done = AddBias<S, V>(y, bias, 0, width, activation == Activation.Relu);
                    AddBias<SimdScalar, float>(y, bias, done, width, activation == Activation.Relu);
                    break;
            }
            if (mask.Threshold != 0)
            {
                uint position = (uint)(firstRow + r) * (uint)width;
                int done = Drop<S, V>(y, 0, width, mask, position);
                Drop<SimdScalar, float>(y, done, width, mask, position);
            }
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

    static int AddBias<T, U>(float* y, float* bias, int j, int width, bool relu)
        where T : ISimd<U>
        where U : struct
    {
        for (; j <= width - T.Count; j += T.Count)
        {
            U z = T.Add(T.Load(y + j), T.Load(bias + j));
            T.Store(relu ? T.Max(z, T.Zero) : z, y + j);
        }
        return j;
    }

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

    static int BackwardRow<T, U>(float* gradY, float* y, int j, int width, Activation activation, DropoutMask mask,
        uint position, float* biasGradient)
        where T : ISimd<U>
        where U : struct
    {
        U one = T.Broadcast(1), scale = T.Broadcast(mask.Scale), keep = T.Broadcast(1 / mask.Scale);
        for (; j <= width - T.Count; j += T.Count)
        {
            U grad = T.Load(gradY + j), output = T.Load(y + j);
            if (activation == Activation.Relu)
            {
                // A unit that relu or dropout made 0 passes nothing; all others were scaled.
                grad = T.WhereGreater(output, T.Zero, T.Multiply(grad, scale));
            }
            else
            {
                U f = T.Multiply(output, keep);                         // f(z), before dropout scaled it
                if (activation == Activation.Tanh) { grad = T.Multiply(grad, T.Subtract(one, T.Multiply(f, f))); }
                if (activation == Activation.Sigmoid)
                {
                    grad = T.Multiply(grad, T.Multiply(f, T.Subtract(one, f)));
                }
                if (mask.Threshold != 0) { grad = mask.Apply<T, U>(grad, position + (uint)j); }
            }
            T.Store(grad, gradY + j);
            T.Store(T.Add(T.Load(biasGradient + j), grad), biasGradient + j);
        }
        return j;
    }
}
