using System.Buffers.Text;

namespace DeepFM.Data.Reading;

/// <summary>
/// <c>label field:id:value …</c> in any order: the cell of a field holds its <c>id:value</c> pairs, joined by blanks.
/// </summary>
sealed unsafe class LibFfmParser(bool hasLabel) : RowParser
{
    byte[] copied = [];         // a line's pairs as they were
    int[] lengths = [];         // of each field's pairs, joined

    public override int Split(byte* line, int length, Span<Cell> cells)
    {
        byte* at = line, end = EndOfPairs(line, line + length);
        Span<Cell> fields = hasLabel ? cells[1..] : cells;
        fields.Clear();
        if (hasLabel && !TryLabel(ref at, end, out cells[0])) { return -1; }

        byte* pairs = at;
        bool isRepeated = false;
        while (NextToken(ref at, end, out Cell token))
        {
            if (!TryPair(token, fields.Length, out int field, out Cell pair)) { return -1; }
            isRepeated |= !fields[field].IsMissing;
            fields[field] = pair;
        }
        if (isRepeated) { Join(pairs, end, fields); }
        return cells.Length;
    }

    bool TryPair(Cell token, int fieldCount, out int field, out Cell pair)
    {
        pair = default;
        if (!Utf8Parser.TryParse(token.Text, out field, out int digits) || field < 0
            || digits >= token.Length || token.Start[digits] != (byte)':' || !IsPair(token.Text[(digits + 1)..]))
        {
            Problem = $"'{token.Shown}' is not written field:id:value, with a field index from 0"
                + (IsPair(token.Text) ? ". Lines of id:value are libfm: set \"format\": \"libfm\" in the schema's source" : "");
            return false;
        }
        if (field >= fieldCount)
        {
            Problem = $"'{token.Shown}' has the field index {field}, but the schema's 'columns' names only 0 to {fieldCount - 1}";
            return false;
        }
        pair = new(token.Start + digits + 1, token.Length - digits - 1);
        return true;
    }

    static bool IsPair(ReadOnlySpan<byte> text) => text.IndexOf((byte)':') > 0 && text.Count((byte)':') == 1;

    /// <summary>Sets the pairs of each field side by side, in their order, with blanks between.</summary>
    /// <remarks>
    /// They are written over the line, whose memory lives as long as the block's other cells. There is room: each pair gives
    /// up its field's index and takes one blank at most.
    /// </remarks>
    /// <param name="start">The first pair of a line whose pairs were all read once.</param>
    /// <param name="end">The end of the line.</param>
    /// <param name="fields">Overwritten.</param>
    void Join(byte* start, byte* end, Span<Cell> fields)
    {
        if (lengths.Length < fields.Length) { lengths = new int[fields.Length]; }
        Array.Clear(lengths);
        for (byte* at = start; NextToken(ref at, end, out Cell token);)
        {
            TryPair(token, fields.Length, out int field, out Cell pair);
            lengths[field] += pair.Length + 1;
        }

        byte* write = start;
        for (int field = 0; field < fields.Length; field++)
        {
            if (lengths[field] == 0) { continue; }
            fields[field] = new(write, 0);
            write += lengths[field];
        }

        int length = (int)(end - start);
        if (copied.Length < length) { copied = GC.AllocateUninitializedArray<byte>(2 * length); }
        new ReadOnlySpan<byte>(start, length).CopyTo(copied);
        fixed (byte* copy = copied)
        {
            for (byte* at = copy; NextToken(ref at, copy + length, out Cell token);)
            {
                TryPair(token, fields.Length, out int field, out Cell pair);
                Cell before = fields[field];
                byte* to = before.Start + before.Length;
                if (before.Length > 0) { *to++ = (byte)' '; }
                pair.Text.CopyTo(new(to, pair.Length));
                fields[field] = new(before.Start, (int)(to - before.Start) + pair.Length);
            }
        }
    }
}
