using DeepFM.Numerics;

namespace DeepFM.Core.Tests;

/// <summary>Products with many zeros, against the equation in double.</summary>
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
    public void Multiply_IsTheProduct_AndWritesNothingOutside(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        foreach (int columns in Columns(kernels))
        {
            foreach (int depth in Depths)
            {
                int rows = 1 + (columns + depth) % 10;
                float[] a = WithZeros(rows * depth, Share(columns + depth), seed: columns), b = Draw.Floats(depth * columns, seed: 2),
                    c = Draw.Floats(rows * columns, seed: 3);
                using Guarded left = new(a, depth, depth + 2);
                using NativeBuffer<float> packed = new(kernels.PackedLength(depth, columns));
                fixed (float* right = b)
                {
                    for (int panel = 0; panel < kernels.PanelCount(columns); panel++)
                    {
                        kernels.PackPanel(right, columns, false, depth, columns, panel, packed.Pointer);
                    }
                }
                (ulong[] bits, int _) = Bits(kernels, left, rows, depth);
                foreach (bool add in new[] { false, true })
                {
                    using Guarded sparse = new(c, columns, columns + 3);
                    fixed (ulong* words = bits)
                    {
                        kernels.MultiplySparse(left.Pointer, left.Stride, words, rows, packed.Pointer, depth, columns, sparse.Pointer,
                            sparse.Stride, add);
                    }
                    Rounded[] expected = [.. Exact.Elements(rows, columns).Select(at => Exact.Sum(depth + 1, k =>
                        k < depth ? (double)a[at.Row * depth + k] * b[k * columns + at.Column]
                        : add ? c[at.Row * columns + at.Column] : 0))];
                    NumericAssert.WithinRounding(expected, sparse.Read(), $"[{rows}, {depth}]·[{depth}, {columns}]");
                }
            }
        }
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void MultiplyTransposed_IsTheProduct_AndWritesNothingOutside(string width)
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
                        sparse = new(rows * columns);

                    MultiplyTransposed(kernels, left, depth, whole, first, rows, right, columns, sparse.Pointer);

                    Rounded[] expected = [.. Exact.Elements(rows, columns).Select(at => Exact.Sum(depth, k =>
                        (double)a[k * whole + first + at.Row] * b[k * columns + at.Column]))];
                    NumericAssert.WithinRounding(expected, sparse.Read(), $"[{depth}, {first}..{first + rows}]ᵀ·[{depth}, {columns}]");
                }
            }
        }
    }

    // Threads share out rows at such places, and their number must not change a bit.
    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void MultiplyTransposed_CutAtRowMultiples_HasTheSameBits(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        const int depth = 131, rows = 6 * Kernels.RowMultiple + 7;
        foreach (int columns in Columns(kernels))
        {
            float[] a = WithZeros(depth * rows, share: 0.6, seed: columns), b = Draw.Floats(depth * columns, seed: 1);
            using Guarded left = new(a, rows, rows + 3), right = new(b, columns, columns + 5), whole = new(rows * columns);
            MultiplyTransposed(kernels, left, depth, rows, 0, rows, right, columns, whole.Pointer);
            foreach (int cut in new[] { Kernels.RowMultiple, 2 * Kernels.RowMultiple, 5 * Kernels.RowMultiple })
            {
                using Guarded pieces = new(rows * columns);
                for (int first = 0; first < rows; first += cut)
                {
                    MultiplyTransposed(kernels, left, depth, rows, first, Math.Min(cut, rows - first), right, columns,
                        pieces.Pointer + first * columns);
                }
                Assert.Equal(Exact.Bits(whole.Read()), Exact.Bits(pieces.Read()));
            }
        }
    }

    static void MultiplyTransposed(Kernels kernels, Guarded a, int depth, int width, int first, int rows, Guarded b, int columns,
        float* c)
    {
        (ulong[] bits, int _) = Bits(kernels, a, depth, width);
        using Guarded scratch = new(kernels.TransposedScratchLength(rows, columns));
        fixed (ulong* words = bits)
        {
            kernels.MultiplyTransposedSparse(a.Pointer + first, a.Stride, words, bits.Length / depth, first, rows, b.Pointer, b.Stride,
                depth, columns, c, scratch.Pointer);
        }
        scratch.Read("scratch");
    }

    static IEnumerable<int> Columns(Kernels kernels)
    {
        // Each number of registers that a group may have, the last of them whole and in part, and more groups than one.
        int register = kernels.Bits / 32, panel = kernels.PanelWidth;
        return [1, 2, .. Enumerable.Range(1, 10).SelectMany(r => new[] { r * register - 3, r * register }), 2 * panel + 5, 3 * panel + 3,
            4 * panel, 5 * panel + 1, 10 * panel + 1];
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
