using System.Runtime.InteropServices;
using System.Text.Json;
using DeepFM.Data.Reading;
using DeepFM.Data.Schemas;

namespace DeepFM.Data.Encoders;

/// <summary>A number as it is, or (t(x) − mean)/deviation of the training rows; a missing one is 0.</summary>
/// <remarks>
/// t(x) is x, or sign(x)·ln(1 + |x|). A column with one value only carries nothing: its deviation is 0 and every number
/// becomes 0, rather than a division by it.
/// </remarks>
sealed class ValueEncoder(EncodedField field, ValueSpec spec, int slot, bool isPair, Moments moments, long missing)
    : FieldEncoder(field)
{
    readonly double mean = spec.Standardize ? moments.Mean : 0;
    readonly double scale = !spec.Standardize ? 1 : moments.Deviation > 0 ? 1 / moments.Deviation : 0;

    /// <summary>Root of the mean square of training's numbers as they are encoded; 0 when all are 0.</summary>
    public double Size => scale * Math.Sqrt(moments.Deviation * moments.Deviation + (moments.Mean - mean) * (moments.Mean - mean));

    public override FieldFigures Figures => new(moments.Count + missing, missing, 0, 0);

    public override int Encode(RowReader row, EncodedDataBuilder to)
    {
        bool isThere = KeyRule.TryReadNumber(row, slot, isPair, out double number);
        float value = isThere ? (float)((Transform(spec, number) - mean) * scale) : 0;
        if (!float.IsFinite(value)) { throw TooLarge(row, slot); }
        to.Values.Add(value);
        return Field.FirstId;
    }

    public static double Transform(ValueSpec spec, double number) =>
        spec.Log1p ? Math.CopySign(double.LogP1(Math.Abs(number)), number) : number;

    public static UserErrorException TooLarge(RowReader row, int slot) =>
        row.Error(slot, "is too large for float32. Use \"transform\": \"log1p\" or buckets in the schema.");

    public override string Describe(int localId) =>
        (spec.Log1p ? "log1p of the number" : "the number")
            + (spec.Standardize ? $", less {moments.Mean:R}, over {moments.Deviation:R}" : "");

    public override long TrainingCount(int localId) => moments.Count;

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("missing", missing);
        json.WriteNumber("count", moments.Count);
        json.WriteNumber("mean", moments.Mean);
        json.WriteNumber("squares", moments.Squares);
    }

    public static ValueEncoder Read(ValueSpec spec, int slot, bool isPair, int firstId, FittedField json)
    {
        Moments moments = new(json["count"].GetInt64(), json.Number("mean"), json.Number("squares"));
        return moments.Squares >= 0
            ? Create(spec, slot, isPair, firstId, moments, json["missing"].GetInt64())
            : throw new FormatException($"squares add up to {moments.Squares}, which is below 0");
    }

    internal static ValueEncoder Create(ValueSpec spec, int slot, bool isPair, int firstId,
        Moments moments, long missing) =>
        new(new(spec.Name, FieldShape.Value, firstId, 1), spec, slot, isPair, moments, missing);
}

/// <summary>Count, mean, and sum of squared differences from the mean.</summary>
readonly record struct Moments(long Count, double Mean, double Squares)
{
    /// <summary>Population standard deviation; 0 when nothing was counted.</summary>
    public double Deviation => Count == 0 ? 0 : Math.Sqrt(Squares / Count);

    /// <summary>Welford's step.</summary>
    public Moments With(double number)
    {
        double difference = number - Mean, mean = Mean + difference / (Count + 1);
        return new(Count + 1, mean, Squares + difference * (number - mean));
    }

    /// <summary>Both together (Chan et al. 1983).</summary>
    public Moments With(Moments other)
    {
        if (other.Count == 0) { return this; }
        if (Count == 0) { return other; }
        double count = Count + other.Count, difference = other.Mean - Mean;
        return new(Count + other.Count, Mean + difference * other.Count / count,
            Squares + other.Squares + difference * difference * Count * other.Count / count);
    }
}

/// <summary>Sums a field's numbers block by block; the blocks' sums are added in block order, whoever took them.</summary>
sealed class ValueFitter(ValueSpec spec, int slot, bool isPair) : FieldFitter
{
    readonly Dictionary<long, Moments> blocks = [];
    long missing;

    public override void Add(RowReader row)
    {
        if (!KeyRule.TryReadNumber(row, slot, isPair, out double number))
        {
            missing++;
            return;
        }
        double taken = ValueEncoder.Transform(spec, number);
        if (!float.IsFinite((float)taken)) { throw ValueEncoder.TooLarge(row, slot); }
        ref Moments block = ref CollectionsMarshal.GetValueRefOrAddDefault(blocks, row.BlockIndex, out _);
        block = block.With(taken);
    }

    public override FieldEncoder Build(int firstId)
    {
        Moments all = blocks.OrderBy(block => block.Key).Aggregate(default(Moments), (sum, block) => sum.With(block.Value));
        return ValueEncoder.Create(spec, slot, isPair, firstId, all, missing);
    }
}
