namespace DeepFM.Data.Reading;

/// <summary>Where rows end whose cells may be quoted: a line end inside quotes ends none.</summary>
/// <param name="separator">Between two cells.</param>
/// <param name="mark">The quote. It opens a cell only where one begins; elsewhere outside quotes it is text.</param>
/// <param name="trim">Whether blanks may stand before the quote that opens a cell.</param>
/// <param name="comment">What lines that are no rows begin with; null for nothing.</param>
sealed unsafe class QuotedRows(byte separator, byte mark, bool trim, byte[]? comment)
{
    /// <summary>Most bytes of a quoted cell: without a limit, a quote that is not closed would take the rest of the file.</summary>
    public const int MaxCellBytes = 1 << 24;

    /// <summary>What is wrong with a quote that is not closed.</summary>
    public static string NotClosed(byte mark) =>
        $"a {(char)mark} that opens a cell is not closed. Close it, or set \"quote\": \"\" in the schema";

    /// <summary>Returns where the row after a first one starts; the start of the text when that goes on to its end.</summary>
    public byte* EndOfFirstRow(byte* start, byte* end) => EndOfRows(start, end, isFirst: true, out _);

    /// <summary>Returns where the last row starts that may go on beyond the text; the start of the text when no row ends in it.</summary>
    /// <param name="start">The start of a row, in memory that goes on beyond the end as that of a <see cref="Cell"/>.</param>
    /// <param name="end">The end of the text.</param>
    /// <param name="open">Overwritten with a quote that is not closed before the end; null for none.</param>
    public byte* EndOfLastRow(byte* start, byte* end, out byte* open)
    {
        ReadOnlySpan<byte> text = new(start, (int)(end - start));
        if (text.Contains(mark)) { return EndOfRows(start, end, isFirst: false, out open); }
        open = null;
        return start + text.LastIndexOf((byte)'\n') + 1;
    }

    /// <summary>Whether a place lies within a quoted cell.</summary>
    /// <param name="text">The start of a row, in memory as for <see cref="EndOfLastRow"/>.</param>
    /// <param name="index">The place.</param>
    public bool IsQuoted(ReadOnlySpan<byte> text, int index)
    {
        fixed (byte* start = text)
        {
            EndOfRows(start, start + index, isFirst: false, out byte* open);
            return open is not null;
        }
    }

    byte* EndOfRows(byte* start, byte* end, bool isFirst, out byte* open)
    {
        open = null;
        PlainSplitter splitter = new(mark, mark);       // finds quotes and line ends
        splitter.MoveTo(start, end);
        byte* row = start;
        while (true)
        {
            byte* found = splitter.Next();
            if (found == end) { return row; }
            if (*found == (byte)'\n')
            {
                row = found + 1;
                if (isFirst) { return row; }
            }
            else if (LineReader.IsComment(row, (int)(end - row), comment))
            {
                do { found = splitter.Next(); }
                while (found < end && *found != (byte)'\n');
                if (found == end) { return row; }
                row = found + 1;
            }
            else if (Opens(found, row) && !Close(ref splitter, end))
            {
                open = found;
                return row;
            }
        }
    }

    /// <summary>Whether a quote stands where a cell begins.</summary>
    bool Opens(byte* quote, byte* row)
    {
        byte* before = quote - 1;
        while (trim && before >= row && *before == (byte)' ' && separator != (byte)' ') { before--; }
        return before < row || *before == separator;
    }

    /// <summary>Goes behind the quote that closes a cell; false when there is none.</summary>
    bool Close(ref PlainSplitter splitter, byte* end)
    {
        while (true)
        {
            byte* found = splitter.Next();
            if (found == end) { return false; }
            if (*found != mark) { continue; }
            if (found + 1 == end || found[1] != mark) { return true; }
            splitter.Next();        // doubled: the quote itself
        }
    }
}
