using DeepFM.Numerics;

namespace DeepFM.Core.Tests;

public unsafe class RowKernelTests
{
    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Gather_CopiesRows_AndSpillsOnlyWhereItMay(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        const int fields = 19, features = 11, stride = 131, column = 2;
        int register = kernels.Bits / 32;
        int[] ids = Draw.Ints(fields, features, seed: 1);       // as many that fields of one float spill too
        foreach (int size in Widths.Sizes)
        {
            float[] table = Draw.Floats(features * stride, seed: size);
            foreach (int spilling in new[] { 0, fields - (register + size - 1) / size }.Where(count => count >= 0))
            {
                using Guarded source = new(table), target = new(fields * size);
                fixed (int* id = ids)
                {
                    kernels.Gather(source.Pointer + column, stride, id, fields, spilling, size, target.Pointer);
                }
                Assert.Equal(ids.SelectMany(id => table[(id * stride + column)..(id * stride + column + size)]),
                    target.Read());
            }
        }
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void AddScaled_AddsExactlyItsColumns(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        foreach (int count in Widths.Sizes)
        {
            float[] from = Draw.Floats(count, seed: count), to = Draw.Floats(count, seed: 2);
            using Guarded source = new(from), target = new(to);

            kernels.AddScaled(source.Pointer, 0.7f, target.Pointer, count);

            Rounded[] expected = [.. from.Zip(to, (x, y) => Exact.Sum(2, i => i == 0 ? (double)0.7f * x : y))];
            NumericAssert.WithinRounding(expected, target.Read(), $"{count} columns");
        }
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void SquaredNorm_IsTheSumOfSquares(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        int lanes = kernels.Bits / 32;
        foreach (int count in Widths.Sizes.Concat([0, 4095, 4096, 4097, 4096 + 15, 8191, 10_007, 16_384]))
        {
            float[] x = Draw.Floats(count, seed: count);
            using Guarded numbers = new(x);

            double actual = kernels.SquaredNorm(numbers.Pointer, count);

            double expected = x.Sum(value => (double)value * value);
            int depth = Math.Min(count, 4096) / lanes + lanes;      // a lane's sum, then the lanes; chunks in double
            Assert.True(Math.Abs(actual - expected) <= depth * Rounded.Unit * expected,
                $"{count}: {actual} for {expected}");
        }
    }

    /// <summary>Sizes of embeddings, first-order columns, and how often the pair sum of each is in the logit.</summary>
    static readonly (int[] Sizes, int Linears, int[] PairFactors)[] Rows =
    [
        ([1], 0, [0]), ([1], 0, [1]), ([1], 1, [1]), ([1, 1], 0, [1, 0]), ([], 2, []),      // below one register
        ([10], 1, [1]), ([16], 0, [0]), ([15], 1, [2]), ([33], 1, [1]), ([40], 1, [1]),
        ([5, 7], 2, [1, 0]), ([3, 17, 1], 1, [0, 1, 2]), ([1, 31], 3, [1, 1]),
        ([2, 2, 2, 2, 2, 2, 2], 1, [0, 1, 0, 1, 0, 1, 0]),
    ];

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Gradient_PutsTheColumnsOfARowTogether(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        const int samples = 3, F = 5;
        float[] gradLogits = [0.3f, -0.7f, 0.1f];
        foreach ((int[] sizes, int linears, int[] pairFactors) in Rows)
        {
            int columns = sizes.Sum() + linears, P = columns <= 2 ? columns : (columns + 15) / 16 * 16;
            for (int variant = 0; variant < 4; variant++)
            {
                List<Guarded> owned = [];
                float[] linearMask = new float[P];
                linearMask.AsSpan(sizes.Sum(), linears).Fill(1);
                RowPart[] parts = new RowPart[sizes.Length];
                List<(float[] Gradient, float[] Value, float[] FieldSum, float[] SumGradient)> numbers = [];
                for (int i = 0, first = 0; i < sizes.Length; first += sizes[i++])
                {
                    int K = sizes[i], part = i;
                    float[] Draws(int count, int seed) => Draw.Floats(count, seed + 10 * part);
                    numbers.Add((Draws(samples * F * K, 1), Draws(samples * F * K, 2), Draws(samples * K, 3),
                        Draws(samples * K, 4)));
                    float[] mask = new float[P];
                    mask.AsSpan(first, K).Fill(1);
                    Guarded gradient = new(numbers[i].Gradient, F * K, F * K + 3),
                        value = new(numbers[i].Value, F * K, F * K + 5),
                        fieldSum = new(numbers[i].FieldSum, K, K + 1),
                        sumGradient = new(numbers[i].SumGradient, K, K + 2), masks = new(mask);
                    owned.AddRange([gradient, value, fieldSum, sumGradient, masks]);
                    parts[i] = new()
                    {
                        Column = first,
                        Size = K,
                        Mask = masks.Pointer,
                        Gradient = (variant & 1) == 0 ? null : gradient.Pointer,
                        GradientStride = gradient.Stride,
                        PairFactor = pairFactors[i],
                        Value = value.Pointer,
                        ValueStride = value.Stride,
                        FieldSum = pairFactors[i] == 0 ? null : fieldSum.Pointer,
                        FieldSumStride = fieldSum.Stride,
                        SumGradient = (variant & 2) == 0 ? null : sumGradient.Pointer,
                        SumGradientStride = sumGradient.Stride,
                    };
                }

                for (int field = 0; field < F; field++)
                {
                    using Guarded linear = new(linearMask), rows = new(samples * P), logits = new(gradLogits);
                    kernels.RowGradients(parts, field, logits.Pointer, samples, linear.Pointer, P, rows.Pointer);
                    float[] actual = rows.Read();
                    for (int sample = 0; sample < samples; sample++)
                    {
                        float gradLogit = gradLogits[sample];
                        List<Rounded> expected = [];
                        for (int i = 0; i < sizes.Length; i++)
                        {
                            int K = sizes[i];
                            for (int k = 0; k < K; k++)
                            {
                                (float[] gradient, float[] value, float[] fieldSum, float[] sumGradient) = numbers[i];
                                int at = (sample * F + field) * K + k, sumAt = sample * K + k;
                                double pairs = (double)gradLogit * pairFactors[i];
                                double[] terms =
                                [
                                    (variant & 1) == 0 ? 0 : gradient[at], (variant & 2) == 0 ? 0 : sumGradient[sumAt],
                                    pairs * fieldSum[sumAt], -pairs * value[at],
                                ];
                                expected.Add(Exact.Sum(terms.Length, term => terms[term], more: 2));
                            }
                        }
                        expected.AddRange(Enumerable.Repeat(new Rounded(gradLogit, 0), linears));
                        expected.AddRange(new Rounded[P - columns]);                // padding: exactly 0
                        NumericAssert.WithinRounding([.. expected], actual.AsSpan(sample * P, P),
                            $"[{string.Join(", ", sizes)}] + {linears}, {variant}, sample {sample}, field {field}");
                    }
                }
                owned.ForEach(buffer => buffer.Read());
                owned.ForEach(buffer => buffer.Dispose());
            }
        }
    }
}
