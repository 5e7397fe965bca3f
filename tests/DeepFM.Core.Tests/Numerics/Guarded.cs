using DeepFM.Numerics;

namespace DeepFM.Core.Tests;

/// <summary>A matrix between guard values, also between its rows, so that a write outside it is seen.</summary>
/// <remarks>Registers may be read past its ends. It is not aligned. All elements start as guards.</remarks>
sealed unsafe class Guarded : IDisposable
{
    /// <summary>Exact in float32, and far from any number that the tests compute.</summary>
    public const float Guard = -12345.5f;

    const int Margin = 67;          // four registers of 512 bits, and 3 floats against alignment

    readonly NativeBuffer<float> memory;
    readonly int rows, width;

    public Guarded(int rows, int width, int stride)
    {
        this.rows = rows;
        this.width = width;
        Stride = Math.Max(stride, 1);                       // nothing at all has rows too
        memory = new((long)rows * stride + 2 * Margin);
        memory.Span.Fill(Guard);
    }

    public Guarded(int length)
        : this(1, length, length)
    {
    }

    public Guarded(ReadOnlySpan<float> values)
        : this(values.Length) => values.CopyTo(new(Pointer, values.Length));

    /// <summary>Holds <paramref name="values"/>, [·, width].</summary>
    public Guarded(ReadOnlySpan<float> values, int width, int stride)
        : this(values.Length / width, width, stride)
    {
        for (int r = 0; r < rows; r++) { values.Slice(r * width, width).CopyTo(new(Pointer + r * stride, width)); }
    }

    public float* Pointer => memory.Pointer + Margin;

    public int Stride { get; }

    /// <summary>The elements, row by row, once it is sure that no guard was overwritten.</summary>
    public float[] Read(string what = "")
    {
        float[] values = new float[rows * width];
        ReadOnlySpan<float> all = memory.Span;
        for (int at = 0; at < all.Length; at++)
        {
            int row = Math.DivRem(at - Margin, Stride, out int column);
            if (at >= Margin && row < rows && column < width)
            {
                values[row * width + column] = all[at];
            }
            else if (all[at] != Guard)
            {
                Assert.Fail($"{what}: {all[at]} was written outside, at [{row}, {column}] of [{rows}, {width}].");
            }
        }
        return values;
    }

    public void Dispose() => memory.Dispose();
}
