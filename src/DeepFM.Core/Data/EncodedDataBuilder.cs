namespace DeepFM.Data;

/// <summary>Rows being encoded; becomes an <see cref="EncodedData"/> without a copy.</summary>
sealed unsafe class EncodedDataBuilder : IDisposable
{
    readonly bool hasBags;
    bool isHandedOver;

    public EncodedDataBuilder(IReadOnlyList<EncodedField> fields)
    {
        Fields = fields;
        hasBags = fields.Any(field => field.Shape == FieldShape.Bag);
    }

    public IReadOnlyList<EncodedField> Fields { get; }

    public int RowCount => checked((int)Labels.Count);

    public NativeList<float> Labels { get; } = new();       // [rows]

    public NativeList<int> Ids { get; } = new();            // [rows, F]

    public NativeList<float> Values { get; } = new();       // [rows, values]

    public NativeList<int> BagLengths { get; } = new();     // [rows], of all bags of a row together

    public NativeList<int> BagIds { get; } = new();

    public NativeList<float> BagWeights { get; } = new();

    /// <summary>Makes room for rows: lists that grow step by step take more than twice as much for a moment.</summary>
    /// <param name="rows">Rows to come.</param>
    /// <param name="bagEntries">Entries of all their bags.</param>
    public void Reserve(long rows, long bagEntries)
    {
        Labels.Reserve(rows);
        Ids.Reserve(rows * Fields.Count);
        Values.Reserve(rows * Fields.Count(field => field.Shape == FieldShape.Value));
        if (!hasBags) { return; }
        BagLengths.Reserve(rows);
        BagIds.Reserve(bagEntries);
        BagWeights.Reserve(bagEntries);
    }

    /// <summary>Ends a row whose fields were all added.</summary>
    /// <param name="label">0 or 1.</param>
    /// <param name="bagEntriesBefore">The length of <see cref="BagIds"/> before the row.</param>
    public void EndRow(float label, long bagEntriesBefore)
    {
        Labels.Add(label);
        if (hasBags) { BagLengths.Add((int)(BagIds.Count - bagEntriesBefore)); }
    }

    /// <exception cref="UserErrorException">There would be more rows than an encoded data set can number.</exception>
    public void Append(EncodedDataBuilder rows)
    {
        if (Labels.Count + rows.Labels.Count > EncodedCheck.MaxRowCount) { throw TooManyRows(); }
        Labels.AddRange(rows.Labels);
        Ids.AddRange(rows.Ids);
        Values.AddRange(rows.Values);
        BagLengths.AddRange(rows.BagLengths);
        BagIds.AddRange(rows.BagIds);
        BagWeights.AddRange(rows.BagWeights);
    }

    /// <summary>Copies some rows of encoded data with the same fields.</summary>
    public void Append(EncodedData rows, int first, int count)
    {
        for (int row = first; row < first + count; row++)
        {
            long entries = BagIds.Count;
            Ids.AddRange(rows.Ids(row));
            Values.AddRange(rows.Values(row));
            BagIds.AddRange(rows.BagIds(row));
            BagWeights.AddRange(rows.BagWeights(row));
            EndRow(rows.Labels[row], entries);
        }
    }

    /// <summary>Hands the memory over; this builder is used up.</summary>
    public EncodedData Build()
    {
        NativeList<long> starts = new();
        if (hasBags)
        {
            long start = 0;
            starts.Add(start);
            for (long row = 0; row < BagLengths.Count; row++) { starts.Add(start += BagLengths[row]); }
        }
        isHandedOver = true;
        return new(Fields, RowCount, Labels.Pointer, Ids.Pointer, Values.Pointer, hasBags ? starts.Pointer : null,
            BagIds.Pointer, BagWeights.Pointer, new Lists([starts, .. All()]));
    }

    /// <summary>Empties it for other rows, unless its memory was handed over; false then.</summary>
    public bool TryClear()
    {
        if (isHandedOver) { return false; }
        Labels.Clear();
        Ids.Clear();
        Values.Clear();
        BagLengths.Clear();
        BagIds.Clear();
        BagWeights.Clear();
        return true;
    }

    /// <summary>Frees the memory, unless it was handed over.</summary>
    public void Dispose()
    {
        if (!isHandedOver) { new Lists([.. All()]).Dispose(); }
    }

    /// <summary>Says that a part has more rows than an encoded data set can number.</summary>
    internal static UserErrorException TooManyRows() =>
        new($"There are more than {EncodedCheck.MaxRowCount} rows in one part. Split the data into several runs.");

    IEnumerable<IDisposable> All() => [Labels, Ids, Values, BagLengths, BagIds, BagWeights];

    sealed class Lists(IReadOnlyList<IDisposable> lists) : IDisposable
    {
        public void Dispose()
        {
            foreach (IDisposable list in lists) { list.Dispose(); }
        }
    }
}
