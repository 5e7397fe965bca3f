using System.Text;
using DeepFM.Data.Schemas;

namespace DeepFM.Data.Reading;

/// <summary>Turns the label's cell into 0 or 1.</summary>
sealed class LabelReader(Schema schema)
{
    readonly LabelSpec spec = schema.Label;
    readonly int slot = schema.SlotOf(schema.Label.Column, missing: []);
    readonly byte[][] positive = [.. schema.Label.Positive.Select(Encoding.UTF8.GetBytes)];
    readonly byte[][] negative = [.. schema.Label.Negative.Select(Encoding.UTF8.GetBytes)];

    /// <exception cref="UserErrorException">The label is missing or is none of those that the schema allows.</exception>
    public float Read(RowReader row)
    {
        ReadOnlySpan<byte> text = row[slot].Text;
        if (spec.Threshold is { } threshold)
        {
            return NumberText.TryParse(text, out double number)
                ? number >= threshold ? 1 : 0
                : throw row.Error(slot, CellAdvice.NotARating(Encoding.UTF8.GetString(text), threshold));
        }
        foreach (byte[] yes in positive)
        {
            if (text.SequenceEqual(yes)) { return 1; }
        }
        foreach (byte[] no in negative)
        {
            if (text.SequenceEqual(no)) { return 0; }
        }
        throw row.Error(slot, CellAdvice.NotALabel(Encoding.UTF8.GetString(text), spec, row.MayBeHeader));
    }
}
