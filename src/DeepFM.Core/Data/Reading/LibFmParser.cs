namespace DeepFM.Data.Reading;

/// <summary><c>label id:value id:value …</c>: a cell for each pair by its position, or one cell with all pairs.</summary>
sealed unsafe class LibFmParser(bool hasLabel, bool namesPositions) : RowParser
{
    public override int Split(byte* line, int length, Span<Cell> cells)
    {
        byte* at = line, end = line + length;
        int count = 0;
        if (hasLabel && NextToken(ref at, end, out Cell label)) { cells[count++] = label; }
        if (!namesPositions)
        {
            while (at < end && *at is (byte)' ' or (byte)'\t') { at++; }
            while (end > at && end[-1] is (byte)' ' or (byte)'\t') { end--; }
            cells[count++] = new(at, (int)(end - at));
            return count;
        }
        while (NextToken(ref at, end, out Cell pair))
        {
            if (count < cells.Length) { cells[count] = pair; }
            count++;
        }
        return count;
    }
}
