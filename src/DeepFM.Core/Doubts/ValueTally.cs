using DeepFM.Data;
using DeepFM.Data.Encoders;
using DeepFM.Data.Schemas;

namespace DeepFM.Doubts;

/// <summary>How many values of each field are unseen or missing in rows that come in pieces.</summary>
/// <param name="features">What the rows are encoded with.</param>
/// <param name="enough">A field is counted until so many of its values are known: then it says something.</param>
sealed class ValueTally(FeatureMap features, long enough = ValueTally.Enough)
{
    /// <summary>Known values of a field that are enough not to call it doubtful, however many are unseen.</summary>
    public const long Enough = 1000;

    readonly bool[] isCounted = [.. features.Schema.Fields.Select(HasUnseen)];

    /// <summary>Rows so far.</summary>
    public long RowCount { get; private set; }

    /// <summary>By field, of its values (of a bag, its entries) so far: those with the id of unseen ones.</summary>
    public long[] Unseen { get; } = new long[features.Fields.Count];

    /// <summary>Those that are missing and have an id for that.</summary>
    public long[] Missing { get; } = new long[features.Fields.Count];

    /// <summary>All.</summary>
    public long[] Total { get; } = new long[features.Fields.Count];

    /// <summary>Whether values of a kind of field can be unseen.</summary>
    public static bool HasUnseen(FieldSpec spec) => spec is not (ValueSpec or QuantileSpec);

    /// <summary>Counts rows.</summary>
    public void Add(EncodedData rows)
    {
        RowCount += rows.RowCount;
        for (int row = 0; row < rows.RowCount && isCounted.Contains(true); row++)
        {
            ReadOnlySpan<int> ids = rows.Ids(row), bag = rows.BagIds(row);
            for (int f = 0; f < isCounted.Length; f++)
            {
                EncodedField field = features.Fields[f];
                ReadOnlySpan<int> own = ids.Slice(f, 1);
                if (field.Shape == FieldShape.Bag)
                {
                    own = bag[..ids[f]];
                    bag = bag[ids[f]..];
                }
                if (isCounted[f]) { Count(f, field.FirstId, own); }
            }
        }
    }

    void Count(int f, int firstId, ReadOnlySpan<int> ids)
    {
        Total[f] += ids.Length;
        Unseen[f] += ids.Count(firstId + FittedIds.Unseen);
        if (features.Encoders[f].MissingId is { } missing) { Missing[f] += ids.Count(firstId + missing); }
        isCounted[f] = Total[f] - Unseen[f] - Missing[f] < enough;
    }
}
