using DeepFM.Numerics;

namespace DeepFM.Core.Tests;

public unsafe class SelectedProductTests
{
    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Multiply_IsTheProductWhereABitIsSet_AndWritesNothingElse(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        foreach (int depth in Widths.Sizes.Concat([400, 1_700]))            // 1,700: four rows are more than the cache's part
        {
            foreach (int columns in new[] { 1, 3, 16, 17, 63, 64, 65, 131 })
            {
                const int rows = 3;
                float[] a = Draw.Floats(rows * depth, seed: columns), b = Draw.Floats(columns * depth, seed: depth + 1),
                    before = Draw.Floats(rows * columns, seed: 3);
                ulong[] bits = Selection(rows, columns, share: (columns + depth) % 5 / 4.0);
                using Guarded left = new(a, depth, depth + 3), right = new(b), result = new(before, columns, columns + 5);

                fixed (ulong* words = bits)
                {
                    kernels.MultiplySelected(left.Pointer, left.Stride, rows, right.Pointer, depth, columns, words, result.Pointer,
                        result.Stride);
                }

                float[] actual = result.Read();
                Rounded[] expected = [.. Enumerable.Range(0, rows * columns).Select(at => IsSet(bits, columns, at)
                    ? Exact.Sum(depth, k => (double)a[at / columns * depth + k] * b[at % columns * depth + k])
                    : Exact.Sum(1, _ => before[at]))];
                NumericAssert.WithinRounding(expected, actual, $"[{rows}, {depth}]·[{columns}, {depth}]ᵀ");
                Assert.All(Enumerable.Range(0, actual.Length).Where(at => !IsSet(bits, columns, at)),
                    at => Assert.Equal(before[at], actual[at]));
            }
        }
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Multiply_AnElement_DependsNeitherOnTheOthersNorOnTheRowsBesideIt(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        const int rows = 4, depth = 37, columns = 70;
        float[] a = Draw.Floats(rows * depth, seed: 1), b = Draw.Floats(columns * depth, seed: 2);
        float[] whole = Multiply(Selection(rows, columns, share: 1), 0, rows);
        ulong[] some = Selection(rows, columns, share: 0.4);
        foreach (float[] part in new[] { Multiply(some, 0, rows), [.. Multiply(some, 0, 1), .. Multiply(some, 1, rows - 1)] })
        {
            Assert.All(Enumerable.Range(0, part.Length).Where(at => IsSet(some, columns, at)),
                at => Assert.Equal(whole[at], part[at]));
        }

        float[] Multiply(ulong[] bits, int first, int count)
        {
            using Guarded left = new(a, depth, depth), right = new(b), result = new(count, columns, columns);
            fixed (ulong* words = bits)
            {
                kernels.MultiplySelected(left.Pointer + first * depth, depth, count, right.Pointer, depth, columns,
                    words + first * BitMatrix.WordsOf(columns), result.Pointer, columns);
            }
            return result.Read();
        }
    }

    static bool IsSet(ulong[] bits, int columns, int at) =>
        (bits[at / columns * BitMatrix.WordsOf(columns) + at % columns / 64] >> (at % columns % 64) & 1) == 1;

    static ulong[] Selection(int rows, int columns, double share)
    {
        Random random = new(columns);
        ulong[] bits = new ulong[rows * BitMatrix.WordsOf(columns)];
        for (int at = 0; at < rows * columns; at++)
        {
            if (random.NextDouble() < share)
            {
                bits[at / columns * BitMatrix.WordsOf(columns) + at % columns / 64] |= 1ul << (at % columns % 64);
            }
        }
        return bits;
    }
}
