using DeepFM.Data.Schemas;

namespace DeepFM.Data.Reading;

/// <summary>Where the wanted columns stand in one file's lines and in the joined tables' rows.</summary>
sealed class FileLayout
{
    FileLayout(string file, IReadOnlyList<string> names, bool hasLabel, int[] cellOfSlot)
    {
        (File, Names, HasLabel, CellOfSlot) = (file, names, hasLabel, cellOfSlot);
    }

    public string File { get; }

    /// <summary>The cells of a line, in file order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Whether lines have the label.</summary>
    public bool HasLabel { get; }

    /// <summary>
    /// For each slot its cell: those of the line first, then those of the joined tables; -1 for an absent label.
    /// </summary>
    public int[] CellOfSlot { get; }

    /// <summary>Finds the columns by the names of a header.</summary>
    public static FileLayout FromHeader(RowSource source, string file, IReadOnlyList<string> names)
    {
        string? twice = names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1)?.Key;
        return twice is null
            ? Resolve(source, file, names, hasLabel: source.Label is { } label && names.Contains(label))
            : throw new UserErrorException(
                $"{file}: the header names the column '{twice}' twice; each name must be given once.");
    }

    /// <summary>
    /// Takes the columns of the schema; when labels are not read, the first line shows whether they are there.
    /// </summary>
    public static unsafe FileLayout FromFirstLine(RowSource source, string file, byte* line, int length)
    {
        IReadOnlyList<string> names = SchemaCheck.ColumnsOf(source.Spec);
        bool hasLabel = source.Label is { } label && names.Contains(label);
        if (hasLabel && !source.ReadLabels && LacksLabel(source.Spec, names, line, length))
        {
            return Resolve(source, file, [.. names.Where(name => name != source.Label)], hasLabel: false);
        }
        return Resolve(source, file, names, hasLabel);
    }

    static unsafe bool LacksLabel(SourceSpec spec, IReadOnlyList<string> names, byte* line, int length)
    {
        if (spec.HasPairs)
        {
            ReadOnlySpan<byte> text = new ReadOnlySpan<byte>(line, length).TrimStart(" \t"u8);
            int blank = text.IndexOfAny((byte)' ', (byte)'\t');
            return (blank < 0 ? text : text[..blank]).Contains((byte)':');
        }
        byte[] copy = GC.AllocateUninitializedArray<byte>(length + 1, pinned: true);    // the parser writes into the line
        new ReadOnlySpan<byte>(line, length).CopyTo(copy);
        fixed (byte* start = copy) { return new DelimitedParser(spec).Split(start, length, []) == names.Count - 1; }
    }

    static FileLayout Resolve(RowSource source, string file, IReadOnlyList<string> names, bool hasLabel)
    {
        List<string> all = [.. names];
        foreach (SideTable table in source.Tables) { all.AddRange(table.Columns); }

        IReadOnlyList<(string Column, string User)> wanted = source.Wanted ?? [.. names.Select(name => (name, "the table"))];
        int[] cellOfSlot = new int[wanted.Count];
        for (int slot = 0; slot < cellOfSlot.Length; slot++)
        {
            (string column, string user) = wanted[slot];
            cellOfSlot[slot] = all.IndexOf(column);
            bool mayLack = column == source.Label && !source.ReadLabels;
            if (cellOfSlot[slot] < 0 && !mayLack) { throw SchemaCheck.NoColumn(file, column, user, all, isHeader: source.Spec.Header); }
        }
        return new(file, names, hasLabel, cellOfSlot);
    }
}
