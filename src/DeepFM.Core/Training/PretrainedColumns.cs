using DeepFM.Models;
using DeepFM.Numerics;

namespace DeepFM.Training;

/// <summary>Columns of a trained model's tables on their way into the next model.</summary>
sealed class PretrainedColumns(IReadOnlyList<ColumnCopy> copies) : IDisposable
{
    const int BlockRows = 4096;

    readonly List<NativeBuffer<float>> taken = [];      // one a copy, [N, n]

    /// <summary>Copies the columns out of a model.</summary>
    public void Take(EngineParameters from)
    {
        foreach (ColumnCopy copy in copies)
        {
            (int rows, int n) = SizesOf(from, copy.From);
            NativeBuffer<float> values = new((long)rows * n);
            taken.Add(values);
            for (int row = 0, count; row < rows; row += count)
            {
                count = Math.Min(BlockRows, rows - row);
                from.ReadRows(copy.From, row, values.Slice((long)row * n, count * n));
            }
        }
    }

    /// <summary>Writes the columns into the next model, and frees them.</summary>
    public void Give(EngineParameters to)
    {
        for (int i = 0; i < copies.Count; i++)
        {
            (int rows, int m) = SizesOf(to, copies[i].To);
            int n = (int)(taken[i].Length / rows);
            float[] block = new float[BlockRows * m];
            for (int row = 0, count; row < rows; row += count)
            {
                count = Math.Min(BlockRows, rows - row);
                Span<float> target = block.AsSpan(0, count * m);
                to.ReadRows(copies[i].To, row, target);
                for (int r = 0; r < count; r++)
                {
                    taken[i].Slice((row + (long)r) * n, n).CopyTo(target[(r * m + copies[i].ToColumn)..]);
                }
                to.WriteRows(copies[i].To, row, target);
            }
        }
        Dispose();
    }

    /// <summary>Frees the columns.</summary>
    public void Dispose()
    {
        taken.ForEach(values => values.Dispose());
        taken.Clear();
    }

    static (int Rows, int Width) SizesOf(EngineParameters parameters, string name) =>
        parameters.Shapes.First(shape => shape.Name == name).Shape is [int rows, int width] ? (rows, width) : default;
}
