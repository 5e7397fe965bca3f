using System.Buffers.Text;

namespace DeepFM.Data.Reading;

/// <summary>
/// <c>label field:id:value …</c> in any order: the cell of a field holds its <c>id:value</c> pairs, joined by blanks.
/// </summary>
sealed unsafe class LibFfmParser(bool hasLabel) : RowParser
{
    byte[] joined = [];         // pinned: pairs of fields that have several
    int[] lengths = [];         // of each field's pairs, joined

    public override int Split(byte* line, int length, Span<Cell> cells)
    {
        byte* at = line, end = line + length;
        Span<Cell> fields = hasLabel ? cells[1..] : cells;
        fields.Clear();
        if (hasLabel && NextToken(ref at, end, out Cell label)) { cells[0] = label; }

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
            || digits >= token.Length || token.Start[digits] != (byte)':'
            || token.Text[(digits + 1)..].IndexOf((byte)':') <= 0)
        {
            Problem = $"'{token}' is not written field:id:value, with a field index from 0";
            return false;
        }
        if (field >= fieldCount)
        {
            Problem = $"'{token}' has the field index {field}, but the schema's 'columns' names only 0 to {fieldCount - 1}";
            return false;
        }
        pair = new(token.Start + digits + 1, token.Length - digits - 1);
        return true;
    }

    /// <summary>Sets the pairs of each field side by side, in their order, with blanks between.</summary>
    /// <param name="start">The first pair of a line whose pairs were all read once.</param>
    /// <param name="end">The end of the line.</param>
    /// <param name="fields">Overwritten.</param>
    void Join(byte* start, byte* end, Span<Cell> fields)
    {
        if (lengths.Length < fields.Length) { lengths = new int[fields.Length]; }
        Array.Clear(lengths);
        int total = 0;
        for (byte* at = start; NextToken(ref at, end, out Cell token);)
        {
            TryPair(token, fields.Length, out int field, out Cell pair);
            lengths[field] += pair.Length + 1;
            total += pair.Length + 1;
        }

        if (joined.Length < total + Cell.Slack) { joined = GC.AllocateUninitializedArray<byte>(2 * total + Cell.Slack, pinned: true); }
        byte* write = (byte*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(joined, 0);
        for (int field = 0; field < fields.Length; field++)
        {
            if (lengths[field] == 0) { continue; }
            fields[field] = new(write, 0);
            write += lengths[field];
        }
        for (byte* at = start; NextToken(ref at, end, out Cell token);)
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
