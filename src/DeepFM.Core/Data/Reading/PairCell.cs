namespace DeepFM.Data.Reading;

/// <summary>Cells of libFM and libFFM lines: one <c>id:value</c> pair, or several with blanks between.</summary>
static class PairCell
{
    /// <summary>What to do about a pair with two colons.</summary>
    public const string LibFfmInstead =
        "Lines of field:id:value are libffm: set \"format\": \"libffm\" in the schema's source, with its 'columns'.";

    /// <summary>The id of a cell for a field that takes one id, whose value must be 1.</summary>
    public static Cell Id(RowReader row, int slot)
    {
        Cell cell = row[slot];
        if (cell.IsMissing) { return cell; }
        int colon = Colon(row, slot, cell.Text);
        return NumberText.TryParse(cell.Text[(colon + 1)..], out double value) && value == 1
            ? cell.First(colon)
            : throw row.Error(slot, "is not one id with the value 1, as a categorical field needs. "
                + "For other values make the field 'multiValued' or 'value' in the schema.");
    }

    /// <summary>The same for the selected rows of a group; overwritten by the next call.</summary>
    public static Span<Cell> TakeIds(RowReader rows, int slot)
    {
        Span<Cell> cells = rows.Take(slot);
        for (int i = 0; i < cells.Length; i++)
        {
            rows.Row = rows.Selected[i];
            cells[i] = Id(rows, slot);
        }
        return cells;
    }

    /// <summary>The text of the value of a cell, for numeric fields.</summary>
    public static ReadOnlySpan<byte> Value(RowReader row, int slot)
    {
        ReadOnlySpan<byte> text = row[slot].Text;
        return text.IsEmpty ? text : text[(Colon(row, slot, text) + 1)..];
    }

    static int Colon(RowReader row, int slot, ReadOnlySpan<byte> text)
    {
        int colon = text.IndexOf((byte)':');
        if (colon <= 0 || text.Contains((byte)' '))
        {
            throw row.Error(slot, "is not one pair id:value, as this field needs. For several pairs make it 'multiValued'.");
        }
        return text[(colon + 1)..].Contains((byte)':') ? throw row.Error(slot, "is no pair id:value. " + LibFfmInstead) : colon;
    }
}
