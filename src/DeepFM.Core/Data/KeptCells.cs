using DeepFM.Data.Reading;

namespace DeepFM.Data;

/// <summary>Columns of rows as the text that they were read as, beside the encoded rows: of fields, or of no field.</summary>
/// <param name="columnCount">Columns that are kept, at least 1.</param>
sealed class KeptCells(int columnCount)
{
    readonly List<int> ends = [];       // [row, column], in text
    byte[] text = new byte[4096];

    /// <summary>Rows so far.</summary>
    public int RowCount => ends.Count / columnCount;

    /// <summary>A cell, as UTF-8.</summary>
    public ReadOnlySpan<byte> this[int row, int column]
    {
        get
        {
            int cell = row * columnCount + column, start = cell == 0 ? 0 : ends[cell - 1];
            return text.AsSpan(start..ends[cell]);
        }
    }

    /// <summary>Adds the row that the reader is at.</summary>
    /// <param name="row">The reader.</param>
    /// <param name="slots">Where it has the columns.</param>
    public void Add(RowReader row, IReadOnlyList<int> slots)
    {
        foreach (int slot in slots)
        {
            ReadOnlySpan<byte> cell = row[slot].Text;
            int start = ends.Count == 0 ? 0 : ends[^1], end = checked(start + cell.Length);
            if (end > text.Length) { Array.Resize(ref text, (int)Math.Min(Array.MaxLength, Math.Max(2L * text.Length, end))); }
            cell.CopyTo(text.AsSpan(start));
            ends.Add(end);
        }
    }
}
