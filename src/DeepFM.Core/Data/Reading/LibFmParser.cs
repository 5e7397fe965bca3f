namespace DeepFM.Data.Reading;

/// <summary>
/// <c>label qid:query id:value id:value …</c>: a cell for the query, empty without one, and then for each pair by its position,
/// or one cell with all pairs and blanks between.
/// </summary>
sealed unsafe class LibFmParser(bool hasLabel, bool namesPositions) : RowParser
{
    static ReadOnlySpan<byte> QueryMark => "qid:"u8;

    public override int Split(byte* line, int length, Span<Cell> cells)
    {
        byte* at = line, end = EndOfPairs(line, line + length);
        int first = hasLabel ? 2 : 1;
        if (hasLabel && !TryLabel(ref at, end, out cells[0])) { return -1; }
        cells[first - 1] = Query(ref at, end);
        if (!namesPositions)
        {
            Span<byte> rest = new(at, (int)(end - at));
            rest.Replace((byte)'\t', (byte)' ');
            Span<byte> pairs = rest.TrimStart((byte)' ');
            cells[first] = new(end - pairs.Length, pairs.TrimEnd((byte)' ').Length);
            return first + 1;
        }

        int count = first;
        for (; NextToken(ref at, end, out Cell pair); count++)
        {
            if (count < cells.Length) { cells[count] = pair; }
        }
        if (count == cells.Length) { return count; }
        Problem = $"the line has {Counted.Of(count - first, "pair")}, but the schema's 'columns' names {cells.Length - first}. "
            + "Correct the line, or leave 'columns' out for lines of any number of pairs";
        return -1;
    }

    static Cell Query(ref byte* at, byte* end)
    {
        byte* after = at;
        if (!NextToken(ref after, end, out Cell token) || !token.Text.StartsWith(QueryMark)) { return default; }
        at = after;
        return new(token.Start + QueryMark.Length, token.Length - QueryMark.Length);
    }
}
