using DeepFM.Data.Reading;
using DeepFM.Data.Schemas;

namespace DeepFM.Data.Encoders;

/// <summary>The one list of field kinds: how each is fitted, and how each is read back.</summary>
static class EncoderFactory
{
    public static FieldFitter CreateFitter(Schema schema, FieldSpec field)
    {
        (int slot, bool isPair) = CellOf(schema, field);
        return field switch
        {
            CategoricalSpec spec => new CategoricalFitter(spec, slot, isPair),
            LogSquaredSpec spec => new KeyFitter(spec, new LogSquaredRule(slot, isPair), spec.MinCount),
            TimeSpec spec => new KeyFitter(spec, new TimeRule(new(schema), spec.Part), spec.MinCount),
            QuantileSpec spec => new QuantileFitter(spec, slot, isPair),
            ValueSpec spec => new ValueFitter(spec, slot, isPair),
            MultiValuedSpec spec => new BagFitter(spec, new BagCells(spec, schema)),
            _ => throw new NotSupportedException($"A field of kind '{field.Kind}' cannot be fitted."),
        };
    }

    /// <summary>Reads what <see cref="FieldEncoder.Write"/> wrote.</summary>
    public static FieldEncoder Read(Schema schema, FieldSpec field, int firstId, FittedField json)
    {
        (int slot, bool isPair) = CellOf(schema, field);
        return field switch
        {
            CategoricalSpec spec => CategoricalEncoder.Read(spec, slot, isPair, firstId, json),
            LogSquaredSpec spec => KeyEncoder.Read(spec.Name, new LogSquaredRule(slot, isPair), firstId, json),
            TimeSpec spec => KeyEncoder.Read(spec.Name, new TimeRule(new(schema), spec.Part), firstId, json),
            QuantileSpec spec => QuantileEncoder.Read(spec, slot, isPair, firstId, json),
            ValueSpec spec => ValueEncoder.Read(spec, slot, isPair, firstId, json),
            MultiValuedSpec spec => BagEncoder.Read(spec, new BagCells(spec, schema), firstId, json),
            _ => throw new NotSupportedException($"A field of kind '{field.Kind}' cannot be read."),
        };
    }

    /// <summary>The first cell of a field, which is the only one of most kinds, and whether it holds pairs.</summary>
    static (int Slot, bool IsPair) CellOf(Schema schema, FieldSpec field)
    {
        string column = field.Columns.First();
        return (schema.SlotOf(column, field.Missing), schema.Source.HoldsPairs(column));
    }
}
