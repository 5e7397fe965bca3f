using System.Runtime.InteropServices;
using System.Text.Json;
using DeepFM.Data.Reading;
using DeepFM.Data.Schemas;

namespace DeepFM.Data.Encoders;

/// <summary>One id for each range of numbers, (bounds[i−1], bounds[i]], and one before them for missing numbers.</summary>
/// <remarks>
/// Every range holds training rows, because its upper bound is a training value. No number is unseen: one outside what
/// training had falls into the first or the last range.
/// </remarks>
sealed class QuantileEncoder : FieldEncoder
{
    readonly int slot;
    readonly bool isPair;
    readonly double[] bounds;       // rising; the last range has none
    readonly long[] counts;         // [bounds.Length + 1]
    readonly long missing, distinct;

    QuantileEncoder(QuantileSpec spec, int slot, bool isPair, int firstId, double[] bounds, long[] counts,
        long missing, long distinct)
        : base(new(spec.Name, FieldShape.OneId, firstId, counts.Length + 1))
    {
        (this.slot, this.isPair, this.bounds, this.counts) = (slot, isPair, bounds, counts);
        (this.missing, this.distinct) = (missing, distinct);
    }

    public override FieldFigures Figures => new(counts.Sum() + missing, missing, 0, distinct);

    /// <summary>Fits the ranges to the distinct numbers of the training rows, given with their counts.</summary>
    public static QuantileEncoder Fit(QuantileSpec spec, int slot, bool isPair, int firstId,
        Dictionary<double, long> numbers, long missing)
    {
        double[] rising = [.. numbers.Keys.Order()];
        long total = numbers.Values.Sum(), below = 0;
        List<double> bounds = [];
        foreach (double number in rising)
        {
            // The number is a bound when a multiple of total/buckets lies in (below, below + count].
            long next = below + numbers[number];
            bool crosses = (Int128)next * spec.Buckets / total > (Int128)below * spec.Buckets / total;
            if (crosses && number != rising[^1]) { bounds.Add(number); }
            below = next;
        }
        QuantileEncoder encoder = new(spec, slot, isPair, firstId, [.. bounds], new long[bounds.Count + 1], missing, rising.Length);
        foreach ((double number, long count) in numbers) { encoder.counts[encoder.RangeOf(number)] += count; }
        return encoder;
    }

    public override int Encode(RowReader row, EncodedDataBuilder to) =>
        Field.FirstId + (KeyRule.TryReadNumber(row, slot, isPair, out double number) ? 1 + RangeOf(number) : 0);

    public override string Describe(int localId) =>
        localId == 0 ? MissingText
        : bounds.Length == 0 ? "any number"
        : localId == 1 ? $"≤ {bounds[0]}"
        : localId == counts.Length ? $"> {bounds[^1]}"
        : $"({bounds[localId - 2]}, {bounds[localId - 1]}]";

    public override long TrainingCount(int localId) => localId == 0 ? missing : counts[localId - 1];

    public override void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("missing", missing);
        json.WriteNumber("distinct", distinct);
        json.WriteStartArray("bounds");
        foreach (double bound in bounds) { json.WriteNumberValue(bound); }
        json.WriteEndArray();
        json.WriteStartArray("counts");
        foreach (long count in counts) { json.WriteNumberValue(count); }
        json.WriteEndArray();
    }

    public static QuantileEncoder Read(QuantileSpec spec, int slot, bool isPair, int firstId, FittedField json)
    {
        double[] bounds = json.Bounds;
        long[] counts = json.Longs("counts");
        if (bounds.Zip(bounds.Skip(1)).Any(pair => pair.First >= pair.Second)) { throw new FormatException("its bounds do not rise"); }
        return counts.Length == bounds.Length + 1
            ? new(spec, slot, isPair, firstId, bounds, counts, json["missing"].GetInt64(),
                json["distinct"].GetInt64())
            : throw new FormatException($"{bounds.Length} bounds, but {counts.Length} counts");
    }

    int RangeOf(double number)
    {
        int found = Array.BinarySearch(bounds, number);
        return found >= 0 ? found : ~found;
    }
}

/// <summary>Counts the distinct numbers of a field: quantiles are then exact, and memory grows with these alone.</summary>
sealed class QuantileFitter(QuantileSpec spec, int slot, bool isPair) : FieldFitter
{
    readonly Dictionary<double, long> numbers = [];
    long missing;

    public override void Add(RowReader row)
    {
        if (KeyRule.TryReadNumber(row, slot, isPair, out double number))
        {
            CollectionsMarshal.GetValueRefOrAddDefault(numbers, number, out _)++;
        }
        else { missing++; }
    }

    public override long TableBytes => DictionaryBytes(numbers);

    public override FieldEncoder Build(int firstId) => QuantileEncoder.Fit(spec, slot, isPair, firstId, numbers, missing);
}
