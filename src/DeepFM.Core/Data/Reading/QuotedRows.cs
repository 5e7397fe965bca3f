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
    public static string NotClosed(byte mark) => $"a {(char)mark} that opens a cell is not closed. Close it, or set \"quote\": \"\" in the schema";

    /// <summary>Returns where the next row starts, or <paramref name="end"/> when the row goes on to there.</summary>
    /// <param name="row">The start of a row, which is no comment.</param>
    /// <param name="end">The end of the text.</param>
    public byte* EndOfRow(byte* row, byte* end)
    {
        for (byte* at = row; at < end;)
        {
            int found = new ReadOnlySpan<byte>(at, (int)(end - at)).IndexOfAny(mark, (byte)'\n');
            if (found < 0) { break; }
            at += found + 1;
            if (at[-1] == (byte)'\n') { return at; }
            if (Opens(at - 1, row)) { at = AfterQuotes(at, end); }
        }
        return end;
    }

    /// <summary>Returns where the last row starts that may go on beyond the text; the start of the text when no row ends in it.</summary>
    /// <param name="start">The start of a row.</param>
    /// <param name="end">The end of the text.</param>
    /// <param name="open">Overwritten with a quote that is not closed before the end; null for none.</param>
    public byte* EndOfLastRow(byte* start, byte* end, out byte* open)
    {
        open = null;
        byte* row = start;
        for (byte* at = start; ;)
        {
            ReadOnlySpan<byte> rest = new(at, (int)(end - at));
            int quote = rest.IndexOf(mark);
            int line = (quote < 0 ? rest : rest[..quote]).LastIndexOf((byte)'\n') + 1;
            if (line > 0) { row = at + line; }
            if (quote < 0) { return row; }

            at += quote + 1;
            if (LineReader.IsComment(row, (int)(end - row), comment))
            {
                int next = new ReadOnlySpan<byte>(at, (int)(end - at)).IndexOf((byte)'\n');
                if (next < 0) { return row; }
                row = at += next + 1;
            }
            else if (Opens(at - 1, row))
            {
                byte* opening = at - 1;
                at = AfterQuotes(at, end);
                if (at == end && end[-1] != mark) { open = opening; }
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

    /// <summary>The place behind the quote that closes a cell, or the end.</summary>
    byte* AfterQuotes(byte* at, byte* end)
    {
        while (true)
        {
            int found = new ReadOnlySpan<byte>(at, (int)(end - at)).IndexOf(mark);
            if (found < 0) { return end; }
            at += found + 1;
            if (at == end || *at != mark) { return at; }
            at++;       // doubled: the quote itself
        }
    }
}
