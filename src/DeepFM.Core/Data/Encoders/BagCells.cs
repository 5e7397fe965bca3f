using System.Text;
using DeepFM.Data.Reading;
using DeepFM.Data.Schemas;

namespace DeepFM.Data.Encoders;

/// <summary>Goes through the entries of a row's bag: the parts of one cell, or the flag columns that hold 1.</summary>
sealed class BagCells
{
    readonly MultiValuedSpec spec;
    readonly int[] slots;           // the cell, or the flags
    readonly byte[][] flagNames;

    public BagCells(MultiValuedSpec spec, Schema schema)
    {
        this.spec = spec;
        slots = [.. spec.Columns.Select(schema.SlotOf)];
        flagNames = [.. spec.FlagColumns.Select(Encoding.UTF8.GetBytes)];
    }

    /// <summary>How far a row has been read: a byte of the cell, or a flag.</summary>
    public record struct Position(int At);

    /// <summary>The next entry and its weight; false after the last. Empty entries are passed over.</summary>
    /// <exception cref="UserErrorException">A weight is no number, or a flag is neither 0 nor 1.</exception>
    public bool Next(RowReader row, ref Position position, out ReadOnlySpan<byte> text, out float weight)
    {
        weight = 1;
        return spec.Column is null ? NextFlag(row, ref position, out text) : NextPart(row, ref position, out text, out weight);
    }

    bool NextFlag(RowReader row, ref Position position, out ReadOnlySpan<byte> text)
    {
        for (text = default; position.At < slots.Length;)
        {
            int flag = position.At++;
            ReadOnlySpan<byte> value = row[slots[flag]].Text;
            if (value.SequenceEqual("1"u8))
            {
                text = flagNames[flag];
                return true;
            }
            if (!value.IsEmpty && !value.SequenceEqual("0"u8))
            {
                throw row.Error(slots[flag], $"is not a flag of the field '{spec.Name}'. Allowed: 1, 0, and nothing.");
            }
        }
        return false;
    }

    bool NextPart(RowReader row, ref Position position, out ReadOnlySpan<byte> text, out float weight)
    {
        weight = 1;
        ReadOnlySpan<byte> cell = row[slots[0]].Text;
        for (text = default; position.At < cell.Length;)
        {
            ReadOnlySpan<byte> rest = cell[position.At..];
            int stop = rest.IndexOf(spec.Separator);
            text = (stop < 0 ? rest : rest[..stop]).Trim((byte)' ');
            position.At += stop < 0 ? rest.Length : stop + 1;
            if (text.IsEmpty) { continue; }
            if (spec.WeightSeparator is { } mark) { weight = SplitWeight(row, ref text, mark); }
            return true;
        }
        return false;
    }

    float SplitWeight(RowReader row, ref ReadOnlySpan<byte> text, byte mark)
    {
        int at = text.LastIndexOf(mark);
        if (at <= 0 || !NumberText.TryParse(text[(at + 1)..], out double weight)
            || !float.IsFinite((float)weight) || (spec.Mean && weight < 0))
        {
            throw row.Error(slots[0], $"has the entry '{Encoding.UTF8.GetString(text)}'. Each entry of '{spec.Name}' is written "
                + $"id{(char)mark}weight, with a number{(spec.Mean ? " from 0 on" : "")} as weight.");
        }
        text = text[..at];
        return (float)weight;
    }
}
