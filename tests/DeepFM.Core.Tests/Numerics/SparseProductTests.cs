using DeepFM.Numerics;

namespace DeepFM.Core.Tests;

/// <summary>The dense products, which are checked against the equation, are the reference here: to the last bit.</summary>
public unsafe class SparseProductTests
{
    static readonly int[] Depths = [1, 7, 63, 64, 65, 128, 131];

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void NonZeros_AreCountedAndMarked(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        foreach (int columns in Widths.Sizes.Concat([127, 128, 129, 400]))
        {
            const int rows = 3;
            float[] x = WithZeros(rows * columns, share: 0.5, seed: columns);
            x[0] = -0f;                                                     // it is 0 too
            x[^1] = float.NaN;                                              // and this is not: a sum must show it
            using Guarded units = new(x, columns, columns + 3);

            (ulong[] bits, int count) = Bits(kernels, units, rows, columns);

            int words = bits.Length / rows;
            Assert.Equal(x.Count(value => value != 0), count);
            for (int at = 0; at < x.Length; at++)
            {
                int j = at % columns;
                Assert.Equal(x[at] != 0, (bits[at / columns * words + j / 64] >> (j % 64) & 1) == 1);
            }
            Assert.Equal(count, bits.Sum(word => (int)ulong.PopCount(word)));   // none beyond the columns
        }
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Multiply_HasTheBitsOfTheDenseProduct_AndWritesNothingOutside(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        foreach (int columns in Columns(kernels))
        {
            foreach (int depth in Depths)
            {
                int rows = 1 + (columns + depth) % 6;
                float[] a = WithZeros(rows * depth, Share(columns + depth), seed: columns), b = Draw.Floats(depth * columns, seed: 2),
                    c = Draw.Floats(rows * columns, seed: 3);
                using Guarded left = new(a, depth, depth + 2);
                using NativeBuffer<float> packed = new(kernels.PackedLength(depth, columns));
                fixed (float* right = b)
                {
                    for (int panel = 0; panel * kernels.PanelWidth < columns; panel++)
                    {
                        kernels.PackPanel(right, columns, false, depth, columns, panel, packed.Pointer);
                    }
                }
                (ulong[] bits, int _) = Bits(kernels, left, rows, depth);
                foreach (bool add in new[] { false, true })
                {
                    using Guarded dense = new(c, columns, columns + 3), sparse = new(c, columns, columns + 3);
                    kernels.Multiply(left.Pointer, left.Stride, rows, packed.Pointer, depth, columns, dense.Pointer, dense.Stride, add);
                    fixed (ulong* words = bits)
                    {
                        kernels.MultiplySparse(left.Pointer, left.Stride, words, rows, packed.Pointer, depth, columns, sparse.Pointer,
                            sparse.Stride, add);
                    }
                    Assert.Equal(Exact.Bits(dense.Read()), Exact.Bits(sparse.Read()));
                }
            }
        }
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void MultiplyTransposed_HasTheBitsOfTheDenseProduct_AndWritesNothingOutside(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        foreach (int columns in Columns(kernels))
        {
            foreach (int depth in Depths)
            {
                foreach ((int first, int rows) in new[] { (0, 1), (0, 130), (5, 59), (60, 5), (63, 1), (64, 7), (120, 70) })
                {
                    // A is a part of the columns of a larger matrix, wherever its bits begin.
                    const int whole = 190;
                    float[] a = WithZeros(depth * whole, Share(columns + depth + first), seed: columns),
                        b = Draw.Floats(depth * columns, seed: rows);
                    using Guarded left = new(a, whole, whole + 3), right = new(b, columns, columns + 5),
                        dense = new(rows * columns), sparse = new(rows * columns),
                        denseScratch = new(kernels.TransposedScratchLength(rows, columns)),
                        scratch = new(kernels.TransposedScratchLength(rows, columns));
                    (ulong[] bits, int _) = Bits(kernels, left, depth, whole);

                    kernels.MultiplyTransposed(left.Pointer + first, left.Stride, rows, right.Pointer, right.Stride, depth, columns,
                        dense.Pointer, denseScratch.Pointer);
                    fixed (ulong* words = bits)
                    {
                        kernels.MultiplyTransposedSparse(left.Pointer + first, left.Stride, words, bits.Length / depth, first, rows,
                            right.Pointer, right.Stride, depth, columns, sparse.Pointer, scratch.Pointer);
                    }

                    scratch.Read("scratch");
                    Assert.Equal(Exact.Bits(dense.Read()), Exact.Bits(sparse.Read()));
                }
            }
        }
    }

    static IEnumerable<int> Columns(Kernels kernels)
    {
        int panel = kernels.PanelWidth;
        return [1, 2, 7, panel - 1, panel, panel + 1, 2 * panel + 5, 3 * panel + 3, 4 * panel, 5 * panel + 1];
    }

    // From no zeros at all to nothing else.
    static double Share(int seed) => seed % 5 / 4.0;

    static float[] WithZeros(int count, double share, int seed)
    {
        Random random = new(seed);
        return [.. Draw.Floats(count, seed).Select(value => random.NextDouble() < share ? 0 : value)];
    }

    static (ulong[] Bits, int Count) Bits(Kernels kernels, Guarded x, int rows, int columns)
    {
        ulong[] bits = new ulong[rows * BitMatrix.WordsOf(columns)];
        fixed (ulong* words = bits) { return (bits, kernels.NonZeros(x.Pointer, x.Stride, rows, columns, words)); }
    }
}
