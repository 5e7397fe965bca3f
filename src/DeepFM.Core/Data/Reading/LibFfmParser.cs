using System.Buffers.Text;

namespace DeepFM.Data.Reading;

/// <summary>
/// <c>label field:id:value …</c> in any order: the cell of a field holds its <c>id:value</c> pairs, joined by blanks.
/// </summary>
sealed unsafe class LibFfmParser(bool hasLabel) : RowParser
{
    byte[] joined = [];         // pinned: pairs of fields that have several

    public override int Split(byte* line, int length, Span<Cell> cells)
    {
        if (joined.Length < 2 * length) { joined = GC.AllocateUninitializedArray<byte>(4 * length, pinned: true); }
        byte* write = (byte*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(joined, 0);
        byte* at = line, end = line + length;
        Span<Cell> fields = hasLabel ? cells[1..] : cells;
        fields.Clear();
        if (hasLabel && NextToken(ref at, end, out Cell label)) { cells[0] = label; }

        while (NextToken(ref at, end, out Cell token))
        {
            if (!Utf8Parser.TryParse(token.Text, out int field, out int digits) || field < 0
                || digits >= token.Length || token.Start[digits] != (byte)':'
                || token.Text[(digits + 1)..].IndexOf((byte)':') <= 0)
            {
                Problem = $"'{token}' is not written field:id:value, with a field index from 0";
                return -1;
            }
            if (field >= fields.Length)
            {
                Problem = $"'{token}' has the field index {field}, but the schema's 'columns' names only 0 to {fields.Length - 1}";
                return -1;
            }
            Cell pair = new(token.Start + digits + 1, token.Length - digits - 1);
            fields[field] = fields[field].IsMissing ? pair : Join(fields[field], pair, ref write);
        }
        return cells.Length;
    }

    /// <summary>
    /// Sets two cells side by side, with a blank between; the first may already stand at the end of the room.
    /// </summary>
    static Cell Join(Cell first, Cell second, ref byte* write)
    {
        byte* start = first.Start + first.Length == write ? first.Start : write;
        if (start == write)
        {
            first.Text.CopyTo(new(write, first.Length));
            write += first.Length;
        }
        *write++ = (byte)' ';
        second.Text.CopyTo(new(write, second.Length));
        write += second.Length;
        return new(start, (int)(write - start));
    }
}
