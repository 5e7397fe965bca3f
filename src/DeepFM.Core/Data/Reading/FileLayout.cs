using System.Text;
using DeepFM.Data.Schemas;

namespace DeepFM.Data.Reading;

/// <summary>Where the wanted columns stand in one file's lines and in the joined tables' rows.</summary>
sealed class FileLayout
{
    FileLayout(string file, IReadOnlyList<string> names, bool hasLabel, int[] cellOfSlot, IReadOnlyList<MissingView> missing,
        int cellCount)
    {
        (File, Names, HasLabel) = (file, names, hasLabel);
        (CellOfSlot, Missing, CellCount) = (cellOfSlot, missing, cellCount);
    }

    public string File { get; }

    /// <summary>The cells of a line, in file order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Whether lines have the label.</summary>
    public bool HasLabel { get; }

    /// <summary>
    /// For each slot its cell: those of the line first, then those of the joined tables, then other views of these; -1 for an
    /// absent label.
    /// </summary>
    public int[] CellOfSlot { get; }

    /// <summary>Number of cells that a row has, the joined ones and other views included.</summary>
    public int CellCount { get; }

    /// <summary>What empties cells that mean a missing value, in this order.</summary>
    public IReadOnlyList<MissingView> Missing { get; }

    /// <summary>The first row's line where the schema names the columns itself: it may be a header all the same; otherwise 0.</summary>
    public long UnnamedLine { get; private init; }

    /// <summary>Finds the columns by the names of a header. Those that nobody reads may be empty, or there several times.</summary>
    public static FileLayout FromHeader(RowSource source, string file, IReadOnlyList<string> names) =>
        Resolve(source, file, names, hasLabel: source.Label is { } label && names.Contains(label), line: 0);

    /// <summary>
    /// Takes the columns of the schema; when labels are not read, the first line shows whether they are there.
    /// </summary>
    /// <exception cref="UserErrorException">The line is a header.</exception>
    public static unsafe FileLayout FromFirstLine(RowSource source, string file, byte* line, int length, long number)
    {
        IReadOnlyList<string> names = SchemaCheck.ColumnsOf(source.Spec);
        bool hasLabel = source.Label is { } label && names.Contains(label);
        if (source.Spec.HasPairs)
        {
            hasLabel &= source.ReadLabels || !BeginsWithAPair(line, length);
        }
        else
        {
            byte[] copy = GC.AllocateUninitializedArray<byte>(length + 1, pinned: true);    // the parser writes into the line
            new ReadOnlySpan<byte>(line, length).CopyTo(copy);
            Cell[] cells = new Cell[names.Count];
            int count;
            fixed (byte* start = copy) { count = new DelimitedParser(source.Spec).Split(start, length, cells); }
            hasLabel &= source.ReadLabels || count != names.Count - 1;
            LineAdvice.RequireNoHeader(file, number, hasLabel ? names : [.. names.Where(name => name != source.Label)],
                [.. cells.Take(count).Select(cell => cell.ToString())]);
            GC.KeepAlive(copy);
        }
        return Resolve(source, file, hasLabel ? names : [.. names.Where(name => name != source.Label)], hasLabel, number);
    }

    static unsafe bool BeginsWithAPair(byte* line, int length)
    {
        ReadOnlySpan<byte> text = new ReadOnlySpan<byte>(line, length).TrimStart(" \t"u8);
        int blank = text.IndexOfAny((byte)' ', (byte)'\t');
        return (blank < 0 ? text : text[..blank]).Contains((byte)':');
    }

    static FileLayout Resolve(RowSource source, string file, IReadOnlyList<string> names, bool hasLabel, long line)
    {
        List<string> all = [.. names];
        foreach (SideTable table in source.Tables) { all.AddRange(table.Columns); }
        if (source.Wanted is not { } wanted) { return new(file, names, hasLabel, [.. Enumerable.Range(0, names.Count)], [], names.Count); }

        int[] cellOfSlot = new int[wanted.Count];
        for (int slot = 0; slot < cellOfSlot.Length; slot++)
        {
            (string column, string user, _) = wanted[slot];
            cellOfSlot[slot] = all.IndexOf(column);
            bool mayLack = column == source.Label && !source.ReadLabels && !source.KeptSlots.Contains(slot);
            if (cellOfSlot[slot] < 0 && !mayLack)
            {
                throw SchemaCheck.NoColumn(file, column, user, all, source.Spec, wanted.Select(entry => entry.Column));
            }
            if (cellOfSlot[slot] != all.LastIndexOf(column)) { throw Twice(file, column, user, isTwiceInLine: names.Count(name => name == column) > 1); }
        }
        IReadOnlyList<string>[] missing = [.. wanted.Select((use, slot) => use.Missing ?? MissingOf(cellOfSlot[slot]))];
        return new(file, names, hasLabel, cellOfSlot, Views(cellOfSlot, slot => missing[slot], all.Count, out int cellCount), cellCount)
        {
            UnnamedLine = line,
        };

        IReadOnlyList<string> MissingOf(int cell)
        {
            int end = names.Count;
            return cell < end ? source.Spec.Missing : source.Tables.First(table => cell < (end += table.Columns.Count)).Missing;
        }
    }

    /// <summary>
    /// Lets every slot see what is missing to it. Slots that take cells as they are, or else the first, keep their cell;
    /// those with other lists of texts get views of it.
    /// </summary>
    static List<MissingView> Views(int[] cellOfSlot, Func<int, IReadOnlyList<string>> missingOf, int count, out int cellCount)
    {
        List<MissingView> copies = [], inPlace = [];
        cellCount = count;
        foreach (IGrouping<int, int> cell in Enumerable.Range(0, cellOfSlot.Length).GroupBy(slot => cellOfSlot[slot]).ToArray())
        {
            if (cell.Key < 0) { continue; }
            bool isFirst = true;
            IEnumerable<IGrouping<string, int>> views = cell.GroupBy(slot => string.Join('\0', missingOf(slot)));
            foreach (IGrouping<string, int> view in views.OrderBy(view => view.Key.Length))
            {
                byte[][] texts = [.. missingOf(view.First()).Where(text => text.Length > 0).Select(Encoding.UTF8.GetBytes)];
                int to = isFirst ? cell.Key : cellCount++;
                if (!isFirst) { copies.Add(new(cell.Key, to, texts)); }
                else if (texts.Length > 0) { inPlace.Add(new(to, to, texts)); }
                foreach (int slot in view) { cellOfSlot[slot] = to; }
                isFirst = false;
            }
        }
        return [.. copies, .. inPlace];
    }

    /// <summary>The error for a column that is read, and is there twice.</summary>
    public static UserErrorException Twice(string file, string column, string user, bool isTwiceInLine = true) =>
        new($"{file}: the column '{ShownText.Short(column)}', which {user} reads, is there twice"
            + (isTwiceInLine ? " in the header. Rename one of the two." : ": in the file and in a joined table. Rename it in one of them."));
}

/// <summary>Cells that are empty where others hold one of some texts.</summary>
/// <param name="From">The others.</param>
/// <param name="To">Overwritten; may be the same.</param>
/// <param name="Texts">What means a missing value.</param>
sealed record MissingView(int From, int To, byte[][] Texts);
