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
        byte* start = ++at, write = start;
        while (true)
        {
            ReadOnlySpan<byte> rest = new(at, (int)(end - at));
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
        if (trim) { SkipBlanks(ref at, end); }
        if (at < end && *at != separator)
        {
            Rune.DecodeFromUtf8(new(at, (int)(end - at)), out Rune next, out _);
            Problem = $"'{ShownText.Of(next.ToString())}' follows a closing {(char)mark}, where '{(char)separator}' or the line end is allowed. "
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
