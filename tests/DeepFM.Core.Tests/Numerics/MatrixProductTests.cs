using DeepFM.Numerics;

namespace DeepFM.Core.Tests;

public unsafe class MatrixProductTests
{
    static readonly int[] Depths = [1, 2, 7, 31];

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Multiply_IsTheProduct_AndWritesNothingOutside(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        for (int columns = 1; columns <= 2 * kernels.PanelWidth + 1; columns++)
        {
            for (int rows = 1; rows <= 13; rows++)
            {
                int depth = Depths[(rows + columns) % Depths.Length];
                float[] a = Draw.Floats(rows * depth, seed: columns), b = Draw.Floats(depth * columns, seed: rows),
                    c = Draw.Floats(rows * columns, seed: 7);
                foreach (bool add in new[] { false, true })
                {
                    float[] actual = Multiply(kernels, a, rows, b, depth, columns, add ? c : null);
                    Rounded[] expected = [.. Exact.Elements(rows, columns).Select(at => Exact.Sum(depth + 1, k =>
                        k < depth ? (double)a[at.Row * depth + k] * b[k * columns + at.Column]
                        : add ? c[at.Row * columns + at.Column] : 0))];
                    NumericAssert.WithinRounding(expected, actual, $"[{rows}, {depth}]·[{depth}, {columns}]");
                }
            }
        }
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Multiply_ARow_DoesNotDependOnTheRowsBesideIt(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        const int rows = 23, depth = 37;
        int panel = kernels.PanelWidth;
        foreach (int columns in new[] { 1, 3, panel - 1, panel, panel + 1, 2 * panel + 1 })
        {
            float[] a = Draw.Floats(rows * depth, seed: 1), b = Draw.Floats(depth * columns, seed: 2),
                c = Draw.Floats(rows * columns, seed: 3);
            foreach (float[]? start in new[] { null, c })
            {
                float[] whole = Multiply(kernels, a, rows, b, depth, columns, start);
                foreach (int cut in new[] { 1, 2, 3, 4, 5, 6, 7, 10, 13 })
                {
                    float[] pieces = [.. Enumerable.Range(0, (rows + cut - 1) / cut).SelectMany(piece =>
                    {
                        int first = piece * cut, count = Math.Min(cut, rows - first);
                        return Multiply(kernels, a[(first * depth)..((first + count) * depth)], count, b, depth,
                            columns, start?[(first * columns)..((first + count) * columns)]);
                    })];
                    Assert.Equal(Exact.Bits(whole), Exact.Bits(pieces));
                }
            }
        }
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void Panels_AreAsFewAsCanBe_AndEven(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        int register = kernels.Bits / 32, widest = kernels.PanelWidth;
        for (int columns = 1; columns <= 12 * widest; columns++)
        {
            int panels = kernels.PanelCount(columns);
            Assert.Equal((columns + widest - 1) / widest, panels);
            (int First, int Count)[] cut = [.. Enumerable.Range(0, panels).Select(panel => kernels.Panel(panel, columns))];
            Assert.Equal(Enumerable.Range(0, columns), cut.SelectMany(panel => Enumerable.Range(panel.First, panel.Count)));
            Assert.All(cut, panel => Assert.Equal(0, panel.First % register));
            int[] registers = [.. cut.Select(panel => (panel.Count + register - 1) / register)];
            Assert.InRange(registers.Max() * register, 1, widest);
            Assert.InRange(registers.Max() - registers.Min(), 0, 1);
        }
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void PackPanel_WritesItsPanelAlone_WithZerosPastTheEnd(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        const int depth = 5;
        int panelWidth = kernels.PanelWidth;
        for (int columns = 1; columns <= 2 * panelWidth + 1; columns++)
        {
            float[] b = Draw.Floats(depth * columns, seed: columns);
            float[] transpose = [.. Exact.Elements(columns, depth).Select(at => b[at.Column * columns + at.Row])];
            int panels = kernels.PanelCount(columns);
            Assert.Equal((long)depth * panels * panelWidth, kernels.PackedLength(depth, columns));
            using Guarded rows = new(b, columns, columns + 3), transposed = new(transpose, depth, depth + 2);
            for (int panel = 0; panel < panels; panel++)
            {
                float[] expected = [.. Exact.Elements(panels * depth, panelWidth).Select(at =>
                {
                    (int first, int count) = kernels.Panel(panel, columns);
                    return at.Row / depth != panel ? Guarded.Guard
                        : at.Column < count ? b[at.Row % depth * columns + first + at.Column] : 0;
                })];
                using Guarded packed = new(expected.Length), fromTransposed = new(expected.Length);
                kernels.PackPanel(rows.Pointer, rows.Stride, false, depth, columns, panel, packed.Pointer);
                kernels.PackPanel(transposed.Pointer, transposed.Stride, true, depth, columns, panel,
                    fromTransposed.Pointer);
                Assert.Equal(expected, packed.Read());
                Assert.Equal(expected, fromTransposed.Read());
            }
        }
    }

    [Theory, MemberData(nameof(Widths.All), MemberType = typeof(Widths))]
    public void MultiplyTransposed_IsTheProduct_AndWritesNothingOutside(string width)
    {
        Kernels kernels = Widths.Kernels(width);
        int panel = kernels.PanelWidth;
        foreach (int depth in new[] { 1, 5, 96, 97, 127, 128, 129, 255, 256, 257 })
        {
            foreach (int columns in new[] { 1, 2, 7, panel - 1, panel, panel + 1, 2 * panel + 1 })
            {
                foreach (int rows in new[] { 1, 2, 3, 4, 5, 6, 7, 11, 13 })
                {
                    float[] a = Draw.Floats(depth * rows, seed: columns), b = Draw.Floats(depth * columns, seed: rows);
                    using Guarded left = new(a, rows, rows + 3), right = new(b, columns, columns + 5),
                        product = new(rows * columns), scratch = new(kernels.TransposedScratchLength(rows, columns));

                    kernels.MultiplyTransposed(left.Pointer, left.Stride, rows, right.Pointer, right.Stride, depth,
                        columns, product.Pointer, scratch.Pointer);

                    scratch.Read("scratch");
                    Rounded[] expected = [.. Exact.Elements(rows, columns).Select(at =>
                        Exact.Sum(depth, k => (double)a[k * rows + at.Row] * b[k * columns + at.Column]))];
                    NumericAssert.WithinRounding(expected, product.Read(), $"[{depth}, {rows}]ᵀ·[{depth}, {columns}]");
                }
            }
        }
    }

    // A·B, or C + A·B; strides are larger than widths.
    static float[] Multiply(Kernels kernels, float[] a, int rows, float[] b, int depth, int columns, float[]? c)
    {
        using Guarded left = new(a, depth, depth + 2), product = c == null
            ? new(rows, columns, columns + 3) : new(c, columns, columns + 3);
        using NativeBuffer<float> packed = new(kernels.PackedLength(depth, columns));
        fixed (float* right = b)
        {
            for (int panel = 0; panel < kernels.PanelCount(columns); panel++)
            {
                kernels.PackPanel(right, columns, false, depth, columns, panel, packed.Pointer);
            }
        }
        kernels.Multiply(left.Pointer, left.Stride, rows, packed.Pointer, depth, columns, product.Pointer,
            product.Stride, add: c != null);
        return product.Read();
    }
}
