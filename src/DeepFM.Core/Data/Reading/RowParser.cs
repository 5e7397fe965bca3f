using DeepFM.Data.Schemas;

namespace DeepFM.Data.Reading;

/// <summary>Splits a line into cells. It may write into the line: quotes are undone in place.</summary>
abstract unsafe class RowParser
{
    /// <summary>Begins a comment where a pair could begin, as in SVMlight.</summary>
    public const byte CommentMark = (byte)'#';

    public static RowParser Create(SourceSpec source, bool hasLabel) => source.Format switch
    {
        SourceFormat.Delimited => new DelimitedParser(source),
        SourceFormat.LibFm => new LibFmParser(hasLabel, namesPositions: source.Columns is not null),
        _ => new LibFfmParser(hasLabel),
    };

    /// <summary>How a line without quotes is split without this parser; null when there is no such way.</summary>
    public virtual PlainCells? Plain => null;

    /// <summary>What is wrong with the line when it was not split.</summary>
    public string? Problem { get; protected set; }

    /// <summary>Writes the first cells of the line, without its line end.</summary>
    /// <returns>The number of cells that the line has, or -1 for a <see cref="Problem"/>.</returns>
    public abstract int Split(byte* line, int length, Span<Cell> cells);

    /// <summary>The same for a row that may go on over line ends in quotes.</summary>
    /// <param name="line">Its first line.</param>
    /// <param name="length">The length of that line.</param>
    /// <param name="available">Bytes from there to the end of the block.</param>
    /// <param name="cells">Overwritten.</param>
    /// <param name="next">Where the next row starts, relative to the line; written anew when it is not the next line.</param>
    /// <param name="lineEnds">Overwritten with the number of line ends inside the row.</param>
    public virtual int Split(byte* line, int length, int available, Span<Cell> cells, ref int next, out int lineEnds)
    {
        lineEnds = 0;
        return Split(line, length, cells);
    }

    /// <summary>Where the comment at the end of a line of pairs begins, or the line's end.</summary>
    protected static byte* EndOfPairs(byte* line, byte* end)
    {
        for (byte* at = line; ; at++)
        {
            int found = new ReadOnlySpan<byte>(at, (int)(end - at)).IndexOf(CommentMark);
            if (found < 0) { return end; }
            at += found;
            if (at == line || at[-1] is (byte)' ' or (byte)'\t') { return at; }
        }
    }

    /// <summary>The label that a line of pairs begins with; false for a <see cref="Problem"/>.</summary>
    protected bool TryLabel(ref byte* at, byte* end, out Cell label)
    {
        bool isLabel = NextToken(ref at, end, out label) && !label.Text.Contains((byte)':');
        if (!isLabel) { Problem = $"the line begins with '{label}', where a label is expected. Give every line a label, or none"; }
        return isLabel;
    }

    /// <summary>The next run of other bytes than blanks and tabs; false at the end of the line.</summary>
    protected static bool NextToken(ref byte* at, byte* end, out Cell token)
    {
        while (at < end && *at is (byte)' ' or (byte)'\t') { at++; }
        byte* start = at;
        while (at < end && *at is not ((byte)' ' or (byte)'\t')) { at++; }
        token = new(start, (int)(at - start));
        return at > start;
    }
}

/// <summary>Cells that stand in a line as they are.</summary>
/// <param name="Separator">Between two cells.</param>
/// <param name="Quote">A line that has one is no plain one; null for none.</param>
/// <param name="Trim">Whether the blanks around a cell do not belong to it.</param>
sealed unsafe record PlainCells(byte Separator, byte? Quote, bool Trim)
{
    /// <summary>The cell of the text in [start, stop).</summary>
    public Cell Cell(byte* start, byte* stop)
    {
        if (Trim)
        {
            while (start < stop && *start == (byte)' ') { start++; }
            while (stop > start && stop[-1] == (byte)' ') { stop--; }
        }
        return new(start, (int)(stop - start));
    }
}
