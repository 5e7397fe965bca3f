using System.Runtime.InteropServices;
using System.Text;
using DeepFM.Doubts;

namespace DeepFM.Data.Reading;

/// <summary>Goes through the rows of a block group by group: their wanted cells, and errors that say where they are.</summary>
/// <remarks>
/// A group's cells lie column by column, so that one field takes many of them at a time. What takes them row by row sets
/// <see cref="Row"/> and asks for cells by their slot.
/// </remarks>
sealed unsafe class RowReader
{
    /// <summary>Most rows of a group: their cells and their text stay in the second-level cache.</summary>
    public const int GroupSize = 512;

    readonly RowSource source;
    readonly TextBlock block;
    readonly FileLayout layout;
    readonly RowParser parser;
    readonly PlainCells? plain;
    readonly byte* text;
    readonly int[] cellOfSlot;
    readonly int cellCount;         // of a line
    readonly SideTable[] tables;
    readonly bool[] hasKey;         // [tables, GroupSize]
    readonly MissingView[] missing;
    readonly Cell[] columns;        // [FileLayout.CellCount, GroupSize]
    readonly Cell[] scratch;        // one row's
    readonly int[] lines = new int[GroupSize];      // [row], from 0 in the block
    readonly int[] selected = new int[GroupSize];
    readonly Cell[] taken = new Cell[GroupSize];
    PlainSplitter splitter;
    int at, linesRead, selectedCount;
    UserErrorException? malformed;

    public RowReader(RowSource source, TextBlock block)
    {
        (this.source, this.block, layout) = (source, block, block.Layout);
        parser = RowParser.Create(source.Spec, layout.HasLabel);
        text = (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(block.Buffer, 0);
        (cellOfSlot, cellCount) = (layout.CellOfSlot, layout.Names.Count);
        (tables, missing) = ([.. source.Tables], [.. layout.Missing]);
        hasKey = new bool[tables.Length * GroupSize];
        columns = new Cell[layout.CellCount * GroupSize];
        scratch = new Cell[layout.CellCount];
        at = block.Start;
        plain = parser.Plain;
        if (plain is not null)
        {
            splitter = new(plain.Separator, plain.Quote ?? plain.Separator);
            splitter.MoveTo(text + at, text + block.End);
        }
    }

    /// <summary>Number of rows of the group.</summary>
    public int Count { get; private set; }

    /// <summary>The rows of the group to take; all of them unless <see cref="Select"/> said otherwise.</summary>
    public ReadOnlySpan<int> Selected => selected.AsSpan(0, selectedCount);

    /// <summary>The row of the group that the members below are about, from 0.</summary>
    public int Row { get; set; }

    /// <summary>The cell of a slot of <see cref="RowSource.Wanted"/>.</summary>
    public ref readonly Cell this[int slot] => ref columns[cellOfSlot[slot] * GroupSize + Row];

    /// <summary>The line of the row in its file, from 1.</summary>
    public long Line => block.FirstLine + lines[Row];

    /// <summary>Tells the row from all others of all files, whatever the thread count.</summary>
    public long Position => block.FirstPosition + lines[Row];

    /// <summary>The block's place among all blocks.</summary>
    public long BlockIndex => block.Index;

    /// <summary>Whether a joined table has the key of a row of the group.</summary>
    public bool HasKey(int table, int row) => hasKey[table * GroupSize + row];

    /// <summary>Told of times as they are read.</summary>
    public TimesOfAnotherUnit Times => source.Times;

    /// <summary>Whether the row is the file's first and the schema names the columns itself.</summary>
    public bool MayBeHeader => Line == layout.UnnamedLine;

    /// <summary>Goes to the next rows and selects them all; false when there are none.</summary>
    /// <exception cref="UserErrorException">The line is malformed; the rows before it were in the group before.</exception>
    public bool Next()
    {
        if (malformed is not null) { throw malformed; }
        Count = 0;
        try
        {
            while (Count < GroupSize && at < block.End)
            {
                if (!(plain is null ? ReadLine() : ReadPlainLine())) { continue; }
                if (tables.Length > 0) { Join(); }
                Count++;
            }
        }
        catch (UserErrorException wrong) when (Count > 0)
        {
            malformed = wrong;
        }
        foreach (MissingView view in missing) { EmptyMissing(view); }
        for (int row = 0; row < Count; row++) { selected[row] = row; }
        (selectedCount, Row) = (Count, 0);
        return Count > 0;
    }

    /// <summary>Goes to the next row, for what takes one at a time; false when there is none.</summary>
    public bool NextRow()
    {
        if (Row + 1 < Count)
        {
            Row++;
            return true;
        }
        return Next();
    }

    /// <summary>Selects the rows of one part.</summary>
    /// <param name="parts">The part of each row of the group.</param>
    /// <param name="part">The part to take.</param>
    public void Select(ReadOnlySpan<int> parts, int part)
    {
        selectedCount = 0;
        for (int row = 0; row < Count; row++)
        {
            if (parts[row] == part) { selected[selectedCount++] = row; }
        }
    }

    /// <summary>Selects one row.</summary>
    public void SelectOne(int row) => (selected[0], selectedCount, Row) = (row, 1, row);

    /// <summary>The cells of the selected rows, in their order; overwritten by the next call.</summary>
    public Span<Cell> Take(int slot)
    {
        ReadOnlySpan<Cell> column = columns.AsSpan(cellOfSlot[slot] * GroupSize, Count);
        if (selectedCount == Count)
        {
            column.CopyTo(taken);
        }
        else
        {
            for (int i = 0; i < selectedCount; i++) { taken[i] = column[selected[i]]; }
        }
        return taken.AsSpan(0, selectedCount);
    }

    /// <summary>An error about a cell of this row.</summary>
    /// <param name="slot">The cell.</param>
    /// <param name="problem">What is wrong, what is allowed and what to do; it follows "column 'x': 'value' ".</param>
    public UserErrorException Error(int slot, string problem)
    {
        string column = source.Wanted![slot].Column;
        return new($"{layout.File}, line {Line}, column '{column}': '{this[slot].Shown}' {problem}");
    }

    /// <summary>Reads a line by the parser; false when it is no row.</summary>
    bool ReadLine()
    {
        byte* line = text + at;
        int next = LineReader.EndOfLine(line, block.End - at, out int length);
        lines[Count] = linesRead++;
        if (LineReader.IsSkipped(line, length, source))
        {
            source.Skipped?.Add(length);
            at += next;
            return false;
        }
        int count = parser.Split(line, length, block.End - at, scratch.AsSpan(0, cellCount), ref next, out int lineEnds);
        linesRead += lineEnds;
        at += next;
        if (count != cellCount) { throw WrongLine(count); }
        for (int i = 0; i < cellCount; i++) { columns[i * GroupSize + Count] = scratch[i]; }
        return true;
    }

    /// <summary>Reads a line whose cells stand as they are; one with quotes goes to the parser.</summary>
    bool ReadPlainLine()
    {
        byte* start = text + at, end = text + block.End;
        if (*start is (byte)'\n' or (byte)'\r' || LineReader.IsComment(start, (int)(end - start), source.Comment))
        {
            return ReadLineApart();
        }
        for (int cell = 0; ; cell++)
        {
            byte* stop = splitter.Next();
            bool isLast = stop == end || *stop == (byte)'\n';
            if (!isLast && *stop != plain!.Separator) { return ReadLineApart(); }
            if (cell < cellCount)
            {
                byte* last = isLast && stop > start && stop[-1] == (byte)'\r' ? stop - 1 : stop;
                columns[cell * GroupSize + Count] = plain!.Cell(start, last);
            }
            if (isLast)
            {
                lines[Count] = linesRead++;
                at = (int)Math.Min(stop + 1 - text, block.End);
                return cell + 1 == cellCount ? true : throw WrongLine(cell + 1);
            }
            start = stop + 1;
        }
    }

    bool ReadLineApart()
    {
        bool isRow = ReadLine();
        splitter.MoveTo(text + at, text + block.End);
        return isRow;
    }

    void Join()
    {
        Row = Count;
        for (int t = 0, to = cellCount; t < tables.Length; t++)
        {
            SideTable table = tables[t];
            Span<Cell> cells = scratch.AsSpan(0, table.Columns.Count);
            (int slot, bool isPair) = source.Keys[t];
            hasKey[t * GroupSize + Count] = table.CopyRow(isPair ? PairCell.Id(this, slot) : this[slot], cells);
            foreach (Cell cell in cells) { columns[to++ * GroupSize + Count] = cell; }
        }
    }

    UserErrorException WrongLine(int count)
    {
        long line = block.FirstLine + lines[Count];
        if (count < 0) { return new($"{layout.File}, line {line}: {parser.Problem}."); }
        string names = ShownText.Short(string.Join(", ", layout.Names.Count <= 8
            ? layout.Names
            : [.. layout.Names.Take(4), "…", layout.Names[^1]]), 200);
        string advice = (count == 1 ? LineAdvice.ForSeparator(source.Spec, LineBefore(at), layout.Names.Count) : null)
            ?? "Correct the line, or the format in the schema's source.";
        return new($"{layout.File}, line {line}: the line has {Counted.Of(count, "column")}, but {layout.Names.Count} are expected ({names}). "
            + advice);
    }

    string LineBefore(int end)
    {
        ReadOnlySpan<byte> line = new ReadOnlySpan<byte>(text + block.Start, end - block.Start).TrimEnd("\r\n"u8);
        return Encoding.UTF8.GetString(line[(line.LastIndexOf((byte)'\n') + 1)..]);
    }

    void EmptyMissing(MissingView view)
    {
        ReadOnlySpan<Cell> from = columns.AsSpan(view.From * GroupSize, Count);
        Span<Cell> to = columns.AsSpan(view.To * GroupSize, Count);
        for (int row = 0; row < from.Length; row++)
        {
            Cell cell = from[row];
            foreach (byte[] text in view.Texts)
            {
                if (cell.Text.SequenceEqual(text)) { cell = default; }
            }
            to[row] = cell;
        }
    }
}
