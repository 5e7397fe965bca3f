using DeepFM.Data.Schemas;

namespace DeepFM.Data.Reading;

/// <summary>Cells between separators, in quotes or not, with the blanks around them or not.</summary>
/// <remarks>A quoted cell ends on its line: a line end inside quotes is refused.</remarks>
sealed unsafe class DelimitedParser(SourceSpec source) : RowParser
{
    readonly byte separator = source.Separator;
    readonly byte? quote = source.Quote;
    readonly bool trim = source.Trim;

    public override PlainCells? Plain { get; } = new(source.Separator, source.Quote, source.Trim);

    public override int Split(byte* line, int length, Span<Cell> cells)
    {
        byte* at = line, end = line + length;
        for (int count = 0; ; at++)
        {
            if (trim) { SkipBlanks(ref at, end); }
            Cell cell;
            if (quote is { } mark && at < end && *at == mark)
            {
                if (!Quoted(ref at, end, mark, out cell)) { return -1; }
            }
            else
            {
                int found = new ReadOnlySpan<byte>(at, (int)(end - at)).IndexOf(separator);
                byte* stop = found < 0 ? end : at + found;
                cell = new(at, (int)((trim ? TrimmedEnd(at, stop) : stop) - at));
                at = stop;
            }
            if (count < cells.Length) { cells[count] = cell; }
            count++;
            if (at == end) { return count; }
        }
    }

    bool Quoted(ref byte* at, byte* end, byte mark, out Cell cell)
    {
        byte* start = at + 1, write = start;
        for (at = start; at < end; at++)
        {
            if (*at == mark)
            {
                if (at + 1 < end && at[1] == mark) { at++; }    // doubled: the quote itself
                else { break; }
            }
            *write++ = *at;
        }
        cell = new(start, (int)(write - start));
        if (at == end)
        {
            Problem = $"a {(char)mark} that opens a cell is not closed on this line. Close it, or set \"quote\": \"\" in the schema";
            return false;
        }
        at++;
        if (trim) { SkipBlanks(ref at, end); }
        if (at < end && *at != separator)
        {
            Problem = $"'{(char)*at}' follows a closing {(char)mark}, where '{(char)separator}' or the line end is allowed. "
                + "Double the quotes inside a cell, or set \"quote\": \"\" in the schema";
            return false;
        }
        return true;
    }

    static void SkipBlanks(ref byte* at, byte* end)
    {
        while (at < end && *at == (byte)' ') { at++; }
    }

    static byte* TrimmedEnd(byte* start, byte* end)
    {
        while (end > start && end[-1] == (byte)' ') { end--; }
        return end;
    }
}
