using System.Text;
using DeepFM.Data.Schemas;

namespace DeepFM.Data.Reading;

/// <summary>Cells between separators, in quotes or not, with the blanks around them or not.</summary>
/// <remarks>A quoted cell may hold line ends; <see cref="QuotedRows"/> knows where its row ends.</remarks>
sealed unsafe class DelimitedParser(SourceSpec source) : RowParser
{
    readonly byte separator = source.Separator;
    readonly byte? quote = source.Quote;
    readonly bool trim = source.Trim;

    public override PlainCells? Plain { get; } = new(source.Separator, source.Quote, source.Trim);

    public override int Split(byte* line, int length, Span<Cell> cells)
    {
        int next = length;
        return Split(line, length, length, cells, ref next, out _);
    }

    public override int Split(byte* line, int length, int available, Span<Cell> cells, ref int next, out int lineEnds)
    {
        byte* at = line, end = line + length, limit = line + available;
        lineEnds = 0;
        for (int count = 0; ; at++)
        {
            if (trim) { SkipBlanks(ref at, end); }
            Cell cell;
            if (quote is { } mark && at < end && *at == mark)
            {
                if (!TryQuoted(ref at, limit, mark, out cell)) { return -1; }
                if (at > end)
                {
                    // The cell goes on over line ends, and the row to the next one. Quotes that were undone left none behind.
                    lineEnds += new ReadOnlySpan<byte>(cell.Start, cell.Length).Count((byte)'\n');
                    int rest = LineReader.EndOfLine(at, (int)(limit - at), out int restLength);
                    end = at + restLength;
                    next = (int)(at - line) + rest;
                }
                if (!EndsCell(ref at, end, mark)) { return -1; }
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

    /// <summary>The cell whose quote stands at a place, which goes behind the closing one.</summary>
    bool TryQuoted(ref byte* at, byte* limit, byte mark, out Cell cell)
    {
        byte* start = ++at, write = start;
        while (true)
        {
            ReadOnlySpan<byte> rest = new(at, (int)(limit - at));
            int length = rest.IndexOf(mark);
            if (length < 0)
            {
                Problem = QuotedRows.NotClosed(mark);
                cell = default;
                return false;
            }
            bool isDoubled = length + 1 < rest.Length && rest[length + 1] == mark;      // the quote itself
            if (isDoubled) { length++; }
            if (write != at) { rest[..length].CopyTo(new(write, length)); }
            write += length;
            at += length + 1;
            if (!isDoubled) { break; }
        }
        cell = new(start, (int)(write - start));
        return true;
    }

    /// <summary>Whether a closing quote is followed by what ends its cell.</summary>
    bool EndsCell(ref byte* at, byte* end, byte mark)
    {
        if (trim) { SkipBlanks(ref at, end); }
        if (at == end || *at == separator) { return true; }
        Rune.DecodeFromUtf8(new(at, (int)(end - at)), out Rune next, out _);
        Problem = $"'{ShownText.Of(next.ToString())}' follows a closing {(char)mark}, where '{(char)separator}' or the line end is allowed. "
            + "Double the quotes inside a cell, or set \"quote\": \"\" in the schema";
        return false;
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
