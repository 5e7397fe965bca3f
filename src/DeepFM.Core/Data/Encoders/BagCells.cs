using System.Text;
using DeepFM.Data.Reading;
using DeepFM.Data.Schemas;

namespace DeepFM.Data.Encoders;

/// <summary>Goes through the entries of a row's bag: the parts of one cell, or the flag columns that hold 1.</summary>
sealed class BagCells
{
    readonly MultiValuedSpec spec;
    readonly int[] slots;           // the cell, or the flags
    readonly byte[][] flagNames, padding;
    readonly bool arePairs;

    public BagCells(MultiValuedSpec spec, Schema schema)
    {
        this.spec = spec;
        slots = [.. spec.Columns.Select(column => schema.SlotOf(column, spec.Missing))];
        flagNames = [.. spec.FlagColumns.Select(Encoding.UTF8.GetBytes)];
        padding = [.. spec.Padding.Select(Encoding.UTF8.GetBytes)];
        arePairs = spec.Column is { } column && schema.Source.HoldsPairs(column);
    }

    /// <summary>How far a row has been read: a byte of the cell, or a flag.</summary>
    public record struct Position(int At);

    /// <summary>The next entry and its weight; false after the last. Empty entries and padding are passed over.</summary>
    /// <exception cref="UserErrorException">A weight is no number, a flag is neither 0 nor 1, or a list is none.</exception>
    public bool Next(RowReader row, ref Position position, out ReadOnlySpan<byte> text, out float weight)
    {
        weight = 1;
        return spec.Column is null ? NextFlag(row, ref position, out text) : NextEntry(row, ref position, out text, out weight);
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

    bool NextEntry(RowReader row, ref Position position, out ReadOnlySpan<byte> text, out float weight)
    {
        weight = 1;
        ReadOnlySpan<byte> cell = row[slots[0]].Text;
        while (spec.IsList == true ? NextOfList(row, cell, ref position, out text) : NextPart(row, cell, ref position, out text))
        {
            if (text.IsEmpty || IsPadding(text)) { continue; }
            if (spec.WeightSeparator is { } mark) { weight = SplitWeight(row, ref text, mark); }
            if (!IsPadding(text)) { return true; }
        }
        return false;
    }

    bool NextPart(RowReader row, ReadOnlySpan<byte> cell, ref Position position, out ReadOnlySpan<byte> text)
    {
        if (position.At == 0 && spec.IsList is null && !arePairs && ListText.LooksLikeList(cell))
        {
            throw row.Error(slots[0], $"looks like a list of Python or JSON. Say \"list\": true in the field '{spec.Name}' of the "
                + "schema to read it as one, or \"list\": false if brackets and quotes belong to the ids.");
        }
        if (position.At >= cell.Length)
        {
            text = default;
            return false;
        }
        ReadOnlySpan<byte> rest = cell[position.At..];
        int stop = rest.IndexOf(spec.Separator);
        text = (stop < 0 ? rest : rest[..stop]).Trim((byte)' ');
        position.At += stop < 0 ? rest.Length : stop + 1;
        return true;
    }

    bool NextOfList(RowReader row, ReadOnlySpan<byte> cell, ref Position position, out ReadOnlySpan<byte> text)
    {
        int at = position.At;
        bool hasNext = ListText.Next(cell, ref at, out text, out string? problem);
        position = new(at);
        return problem is null ? hasNext : throw row.Error(slots[0],
            $"is no list, as the field '{spec.Name}' takes: {problem}. Allowed: lists such as ['a', 'b'], [1, 2] and [].");
    }

    bool IsPadding(ReadOnlySpan<byte> text)
    {
        foreach (byte[] filler in padding)
        {
            if (text.SequenceEqual(filler)) { return true; }
        }
        return false;
    }

    float SplitWeight(RowReader row, ref ReadOnlySpan<byte> text, byte mark)
    {
        int at = text.LastIndexOf(mark);
        if (at > 0 && arePairs && text[..at].Contains(mark))
        {
            throw row.Error(slots[0], $"has the entry '{Encoding.UTF8.GetString(text)}'. {PairCell.LibFfmInstead}");
        }
        if (at <= 0 || !NumberText.TryParse(text[(at + 1)..], out double weight)
            || !float.IsFinite((float)weight) || (spec.Mean && weight < 0))
        {
            throw row.Error(slots[0], $"has the entry '{ShownText.Short(Encoding.UTF8.GetString(text))}'. Each entry of '{spec.Name}' is "
                + $"written id{(char)mark}weight, with a number{(spec.Mean ? " from 0 on" : "")} as weight"
                + $"{(spec.Mean ? "; with \"pooling\": \"sum\" in the schema, also below 0" : "")}.");
        }
        text = text[..at];
        return (float)weight;
    }
}
