using DeepFM.Numerics;

namespace DeepFM.Data;

/// <summary>Rows whose fields have been turned into ids, values and bags, with their labels.</summary>
/// <remarks>
/// Row-major, because training visits rows in shuffled order: one row's ids are then one or two cache lines, where
/// columns would cost a cache miss each. Ids are global: field f owns [FirstId, FirstId + IdCount).
/// </remarks>
public sealed unsafe partial class EncodedData : IDisposable
{
    readonly IDisposable? owner;
    readonly float* labels;         // [RowCount], 0 or 1
    readonly int* ids;              // [RowCount, FieldCount]; for a bag, the number of its entries
    readonly float* values;         // [RowCount, ValueCount]
    readonly long* bagStarts;       // [RowCount + 1]; the entries of a row's bags lie in field order
    readonly int* bagIds;           // [bagStarts[RowCount]]
    readonly float* bagWeights;     // [bagStarts[RowCount]]

    /// <summary>Describes memory that <paramref name="owner"/> keeps alive and frees.</summary>
    internal EncodedData(IReadOnlyList<EncodedField> fields, int rowCount, float* labels, int* ids, float* values,
        long* bagStarts, int* bagIds, float* bagWeights, IDisposable? owner)
    {
        Fields = fields;
        RowCount = rowCount;
        ValueCount = fields.Count(field => field.Shape == FieldShape.Value);
        FeatureCount = fields.Count == 0 ? 0 : fields[^1].FirstId + fields[^1].IdCount;
        this.labels = labels;
        this.ids = ids;
        this.values = values;
        this.bagStarts = bagStarts;
        this.bagIds = bagIds;
        this.bagWeights = bagWeights;
        this.owner = owner;
    }

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

    /// <summary>Memory, or file, that labels, ids, values and bags take.</summary>
    internal long Bytes => sizeof(float) * ((1L + FieldCount + ValueCount) * RowCount)
        + (bagStarts == null ? 0 : sizeof(long) * (RowCount + 1L) + 2 * sizeof(float) * bagStarts[RowCount]);

    /// <summary>1 for a click, 0 for none, [RowCount].</summary>
    public ReadOnlySpan<float> Labels => new(labels, RowCount);

    /// <summary>The ids of a row, [F]; for a bag field the number of its entries stands in place of an id.</summary>
    public ReadOnlySpan<int> Ids(int row) => new(ids + (long)row * FieldCount, FieldCount);

    /// <summary>The numbers of a row's value fields, in field order, [ValueCount].</summary>
    public ReadOnlySpan<float> Values(int row) => new(values + (long)row * ValueCount, ValueCount);

    /// <summary>The ids of a row's bag fields, one bag after the other in field order.</summary>
    public ReadOnlySpan<int> BagIds(int row) =>
        bagStarts == null ? default : new(bagIds + bagStarts[row], (int)(bagStarts[row + 1] - bagStarts[row]));

    /// <summary>The weights that go with <see cref="BagIds"/>; for mean pooling they already hold the division.</summary>
    public ReadOnlySpan<float> BagWeights(int row) =>
        bagStarts == null ? default : new(bagWeights + bagStarts[row], (int)(bagStarts[row + 1] - bagStarts[row]));

    /// <summary>Asks for the cache lines of a row's ids.</summary>
    internal void PrefetchIds(int row) => Cache.Prefetch((float*)(ids + (long)row * FieldCount), FieldCount);

    /// <summary>Copies arrays into an encoded data set.</summary>
    /// <param name="fields">F fields with adjoining id ranges, the first from 0.</param>
    /// <param name="labels">[B], each 0 or 1.</param>
    /// <param name="ids">[B, F]; for a bag field, the number of its entries.</param>
    /// <param name="values">[B, ValueCount], or null when no field is a value.</param>
    /// <param name="bagIds">Entries of all bags, row by row, field by field; null when no field is a bag.</param>
    /// <param name="bagWeights">Their weights.</param>
    /// <exception cref="ArgumentException">A length does not fit, or an id lies outside its field's range.</exception>
    public static EncodedData FromArrays(IReadOnlyList<EncodedField> fields, ReadOnlySpan<float> labels,
        ReadOnlySpan<int> ids, ReadOnlySpan<float> values = default, ReadOnlySpan<int> bagIds = default,
        ReadOnlySpan<float> bagWeights = default)
    {
        int B = labels.Length, F = fields.Count, V = fields.Count(field => field.Shape == FieldShape.Value);
        bool hasBags = fields.Any(field => field.Shape == FieldShape.Bag);
        Require.Shape(ids.Length, [B, F]);
        Require.Shape(values.Length, [B, V]);
        Require.Shape(bagWeights.Length, [bagIds.Length]);

        int at = 0;
        long[] starts = new long[hasBags ? B + 1 : 0];
        for (int b = 0; b < B; b++)
        {
            for (int f = 0; f < F; f++)
            {
                int id = ids[b * F + f];
                if (fields[f].Shape == FieldShape.Bag)
                {
                    for (int j = 0; j < id; j++) { RequireId(fields[f], bagIds[at++]); }
                }
                else
                {
                    RequireId(fields[f], id);
                }
            }
            if (hasBags) { starts[b + 1] = at; }
        }
        Require.Shape(bagIds.Length, [at]);

        Owner owner = new();
        return new(fields, B, owner.Copy(labels), owner.Copy(ids), owner.Copy(values),
            hasBags ? owner.Copy<long>(starts) : null, owner.Copy(bagIds), owner.Copy(bagWeights), owner);
    }

    /// <inheritdoc/>
    public void Dispose() => owner?.Dispose();

    static void RequireId(EncodedField field, int id)
    {
        if (id < field.FirstId || id >= field.FirstId + field.IdCount)
        {
            throw new ArgumentException(
                $"Field '{field.Name}' has id {id}, but owns ids [{field.FirstId}, {field.FirstId + field.IdCount}).");
        }
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
