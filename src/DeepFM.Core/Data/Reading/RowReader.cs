using System.Runtime.InteropServices;

namespace DeepFM.Data.Reading;

/// <summary>Goes through the rows of a block: their wanted cells, and errors that say where they are.</summary>
sealed unsafe class RowReader
{
    readonly RowSource source;
    readonly TextBlock block;
    readonly FileLayout layout;
    readonly RowParser parser;
    readonly byte* text;
    readonly int[] cellOfSlot;
    readonly int cellCount;
    readonly SideTable[] tables;
    readonly byte[][] missingTexts;
    readonly Cell[] cells;      // those of the line, then those of the joined tables
    int at;
    long linesRead;

    public RowReader(RowSource source, TextBlock block)
    {
        (this.source, this.block, layout) = (source, block, block.Layout);
        parser = RowParser.Create(source.Spec, layout.HasLabel);
        text = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(block.Buffer, 0);
        (cellOfSlot, cellCount) = (layout.CellOfSlot, layout.Names.Count);
        (tables, missingTexts) = ([.. source.Tables], [.. source.MissingTexts]);
        cells = new Cell[cellCount + tables.Sum(table => table.Columns.Count)];
        at = block.Start;
    }

    /// <summary>The cell of a slot of <see cref="RowSource.Wanted"/>.</summary>
    public ref readonly Cell this[int slot] => ref cells[cellOfSlot[slot]];

    /// <summary>The line of the row in its file, from 1.</summary>
    public long Line => block.FirstLine + linesRead - 1;

    /// <summary>Tells the row from all others of all files, whatever the thread count.</summary>
    public long Position => block.FirstPosition + linesRead - 1;

    /// <summary>Goes to the next row; false when there is none.</summary>
    /// <exception cref="UserErrorException">The line is malformed.</exception>
    public bool Next()
    {
        while (at < block.End)
        {
            byte* line = text + at;
            at += LineReader.EndOfLine(line, block.End - at, out int length);
            linesRead++;
            if (LineReader.IsSkipped(line, length, source.Comment)) { continue; }

            int count = parser.Split(line, length, cells.AsSpan(0, cellCount));
            if (count != cellCount) { throw WrongLine(count); }
            if (missingTexts.Length > 0) { EmptyMissing(); }
            for (int t = 0, to = cellCount; t < tables.Length; t++)
            {
                SideTable table = tables[t];
                table.CopyRow(this[source.KeySlots[t]], cells.AsSpan(to, table.Columns.Count));
                to += table.Columns.Count;
            }
            return true;
        }
        return false;
    }

    /// <summary>An error about a cell of this row.</summary>
    /// <param name="slot">The cell.</param>
    /// <param name="problem">What is wrong, what is allowed and what to do; it follows "column 'x': 'value' ".</param>
    public UserErrorException Error(int slot, string problem)
    {
        string column = source.Wanted![slot].Column;
        return new($"{layout.File}, line {Line}, column '{column}': '{Shorten(this[slot].ToString())}' {problem}");
    }

    UserErrorException WrongLine(int count)
    {
        if (count < 0) { return new($"{layout.File}, line {Line}: {parser.Problem}."); }
        string names = string.Join(", ", layout.Names.Count <= 8
            ? layout.Names
            : [.. layout.Names.Take(4), "…", layout.Names[^1]]);
        return new(
            $"{layout.File}, line {Line}: the line has {count} column{(count == 1 ? "" : "s")}, but {layout.Names.Count} are "
            + $"expected ({names}). Correct the line, or the format in the schema's source.");
    }

    void EmptyMissing()
    {
        for (int i = 0; i < cellCount; i++)
        {
            foreach (byte[] missing in missingTexts)
            {
                if (cells[i].Text.SequenceEqual(missing)) { cells[i] = default; }
            }
        }
    }

    static string Shorten(string value) => value.Length <= 60 ? value : value[..60] + "…";
}
