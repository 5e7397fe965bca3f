using DeepFM.Numerics;

namespace DeepFM.Data;

/// <summary>Rows whose fields have been turned into ids, values and bags, with their labels.</summary>
/// <remarks>
/// Row-major, because training visits rows in shuffled order: one row's ids are then one or two cache lines, where
/// columns would cost a cache miss each. Ids are global: field f owns [FirstId, FirstId + IdCount).
/// </remarks>
public sealed unsafe partial class EncodedData : IDisposable
{
    readonly Lifetime lifetime;

    /// <summary>Describes memory that <paramref name="owner"/> keeps alive and frees.</summary>
    internal EncodedData(IReadOnlyList<EncodedField> fields, int rowCount, float* labels, int* ids, float* values,
        long* bagStarts, int* bagIds, float* bagWeights, IDisposable owner)
    {
        Fields = fields;
        RowCount = rowCount;
        ValueCount = ValuesOf(fields);
        FeatureCount = fields.Count == 0 ? 0 : fields[^1].FirstId + fields[^1].IdCount;
        Rows = new()
        {
            FieldCount = fields.Count,
            ValueCount = ValueCount,
            Labels = labels,
            AllIds = ids,
            AllValues = values,
            BagStarts = bagStarts,
            AllBagIds = bagIds,
            AllBagWeights = bagWeights,
        };
        lifetime = new(this, owner.Dispose);
    }

    /// <summary>Columns of the rows as text, where reading was asked to keep any.</summary>
    internal KeptCells? Kept { get; set; }

    /// <summary>F fields, in id order.</summary>
    public IReadOnlyList<EncodedField> Fields { get; }

    /// <summary>F.</summary>
    public int FieldCount => Fields.Count;

    /// <summary>N, the number of ids of all fields together.</summary>
    public int FeatureCount { get; }

    /// <summary>Number of fields of shape <see cref="FieldShape.Value"/>.</summary>
    public int ValueCount { get; }

    /// <summary>Number of rows.</summary>
    public int RowCount { get; }

    /// <summary>Where the rows lie; to be read while a call is under way (<see cref="Enter"/>).</summary>
    internal RowMemory Rows { get; }

    /// <summary>Memory, or file, that labels, ids, values and bags take.</summary>
    internal long Bytes
    {
        get
        {
            using Lifetime.Call call = Enter();
            return sizeof(float) * ((1L + FieldCount + ValueCount) * RowCount)
                + (Rows.BagStarts == null ? 0 : sizeof(long) * (RowCount + 1L) + 2 * sizeof(float) * Rows.BagStarts[RowCount]);
        }
    }

    /// <summary>1 for a click, 0 for none, [RowCount].</summary>
    /// <exception cref="ObjectDisposedException">The data were disposed of.</exception>
    public ReadOnlySpan<float> Labels
    {
        get
        {
            lifetime.Require();
            return new(Rows.Labels, RowCount);
        }
    }

    /// <summary>The ids of a row, [F]; for a bag field the number of its entries stands in place of an id.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    /// <exception cref="ObjectDisposedException">The data were disposed of.</exception>
    public ReadOnlySpan<int> Ids(int row) => Rows.Ids(Existing(row));

    /// <summary>The numbers of a row's value fields, in field order, [ValueCount].</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    /// <exception cref="ObjectDisposedException">The data were disposed of.</exception>
    public ReadOnlySpan<float> Values(int row) => Rows.Values(Existing(row));

    /// <summary>Rows whose label is 1; counted anew by each call.</summary>
    internal int PositiveCount
    {
        get
        {
            int positives = 0;
            foreach (float label in Labels) { positives += (int)label; }
            return positives;
        }
    }

    /// <summary>Share of the rows whose label is 1, in [0, 1]; 0 without rows.</summary>
    internal double PositiveRate => RowCount == 0 ? 0 : PositiveCount / (double)RowCount;

    /// <summary>The ids of a row's bag fields, one bag after the other in field order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    /// <exception cref="ObjectDisposedException">The data were disposed of.</exception>
    public ReadOnlySpan<int> BagIds(int row) => Rows.BagIds(Existing(row));

    /// <summary>The weights that go with <see cref="BagIds"/>; for mean pooling they already hold the division.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    /// <exception cref="ObjectDisposedException">The data were disposed of.</exception>
    public ReadOnlySpan<float> BagWeights(int row) => Rows.BagWeights(Existing(row));

    /// <summary>Begins a call, until whose end the memory stays.</summary>
    /// <exception cref="ObjectDisposedException">The data were disposed of.</exception>
    internal Lifetime.Call Enter() => lifetime.Enter();

    /// <summary>Copies arrays into an encoded data set.</summary>
    /// <param name="fields">F fields with adjoining id ranges, the first from 0.</param>
    /// <param name="labels">[B], each 0 or 1.</param>
    /// <param name="ids">[B, F]; for a bag field, the number of its entries.</param>
    /// <param name="values">[B, ValueCount], or null when no field is a value.</param>
    /// <param name="bagIds">Entries of all bags, row by row, field by field; null when no field is a bag.</param>
    /// <param name="bagWeights">Their weights.</param>
    /// <exception cref="ArgumentException">
    /// A length does not fit, ranges of ids do not adjoin, an id lies outside its field's range, a label is neither 0 nor 1, or a value or
    /// a weight is not finite; the message says which.
    /// </exception>
    public static EncodedData FromArrays(IReadOnlyList<EncodedField> fields, ReadOnlySpan<float> labels,
        ReadOnlySpan<int> ids, ReadOnlySpan<float> values = default, ReadOnlySpan<int> bagIds = default,
        ReadOnlySpan<float> bagWeights = default)
    {
        fields = [.. fields];               // what is checked is what is kept
        RequireNoFault(EncodedCheck.FaultOf(fields));
        int B = labels.Length, F = fields.Count;
        Require.Shape(ids.Length, [B, F]);
        Require.Shape(values.Length, [B, ValuesOf(fields)]);
        Require.Shape(bagWeights.Length, [bagIds.Length]);
        bool hasBags = fields.Any(field => field.Shape == FieldShape.Bag);
        if (!hasBags) { Require.Shape(bagIds.Length, [0]); }

        Owner owner = new();
        EncodedData data = new(fields, B, owner.Copy(labels), owner.Copy(ids), owner.Copy(values),
            hasBags ? owner.Copy<long>(BagStartsOf(fields, B, ids)) : null, owner.Copy(bagIds), owner.Copy(bagWeights), owner);
        try { RequireNoFault(EncodedCheck.FaultOf(fields, data.Rows, B, bagIds.Length)); }
        catch
        {
            data.Dispose();
            throw;
        }
        return data;
    }

    /// <summary>Frees the memory, or unmaps the file; spans that were given out must not be used any more.</summary>
    /// <remarks>
    /// A step or a score of these rows that is under way on another thread ends undisturbed, and the memory is freed then; the next one
    /// throws <see cref="ObjectDisposedException"/>. May come twice.
    /// </remarks>
    public void Dispose() => lifetime.End();

    static int ValuesOf(IReadOnlyList<EncodedField> fields) => fields.Count(field => field.Shape == FieldShape.Value);

    // Where each row's entries begin, by their numbers, which are yet to be checked.
    static long[] BagStartsOf(IReadOnlyList<EncodedField> fields, int rowCount, ReadOnlySpan<int> ids)
    {
        long[] starts = new long[rowCount + 1];
        for (int b = 0; b < rowCount; b++)
        {
            starts[b + 1] = starts[b];
            for (int f = 0; f < fields.Count; f++)
            {
                if (fields[f].Shape == FieldShape.Bag) { starts[b + 1] += Math.Max(ids[b * fields.Count + f], 0); }
            }
        }
        return starts;
    }

    static void RequireNoFault(string? fault)
    {
        if (fault is not null) { throw new ArgumentException($"These are no encoded rows: {fault}."); }
    }

    int Existing(int row)
    {
        lifetime.Require();
        return Require.InRange(row, 0, RowCount - 1, nameof(row));
    }

    sealed class Owner : IDisposable
    {
        readonly List<IDisposable> buffers = [];

        public T* Copy<T>(ReadOnlySpan<T> from)
            where T : unmanaged
        {
            NativeBuffer<T> buffer = new(from.Length);
            from.CopyTo(buffer.Span);
            buffers.Add(buffer);
            return buffer.Pointer;
        }

        public void Dispose() => buffers.ForEach(buffer => buffer.Dispose());
    }
}
