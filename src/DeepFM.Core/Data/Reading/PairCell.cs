namespace DeepFM.Data.Reading;

/// <summary>Cells of libFM and libFFM lines: one <c>id:value</c> pair, or several with blanks between.</summary>
static class PairCell
{
    /// <summary>The id of a cell for a field that takes one id, whose value must be 1.</summary>
    public static ReadOnlySpan<byte> Id(RowReader row, int slot)
    {
        ReadOnlySpan<byte> text = row[slot].Text;
        if (text.IsEmpty) { return text; }
        int colon = Colon(row, slot, text);
        return NumberText.TryParse(text[(colon + 1)..], out double value) && value == 1
            ? text[..colon]
            : throw row.Error(slot, "is not one id with the value 1, as a categorical field needs. "
                + "For other values make the field 'multiValued' or 'value' in the schema.");
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
        return colon > 0 && !text.Contains((byte)' ')
            ? colon
            : throw row.Error(slot, "is not one pair id:value, as this field needs. For several pairs make it 'multiValued'.");
    }
}
