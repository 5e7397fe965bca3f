using DeepFM.Numerics;

namespace DeepFM.Data;

/// <summary>Where the rows of an <see cref="EncodedData"/> lie, for code that has checked what it asks for.</summary>
readonly unsafe struct RowMemory
{
    /// <summary>F.</summary>
    public required int FieldCount { get; init; }

    /// <summary>Number of fields of shape <see cref="FieldShape.Value"/>.</summary>
    public required int ValueCount { get; init; }

    /// <summary>0 or 1, [rows].</summary>
    public required float* Labels { get; init; }

    /// <summary>[rows, F]; for a bag, the number of its entries.</summary>
    public required int* AllIds { get; init; }

    /// <summary>[rows, ValueCount].</summary>
    public required float* AllValues { get; init; }

    /// <summary>[rows + 1], or null without bags; the entries of a row's bags lie in field order.</summary>
    public required long* BagStarts { get; init; }

    /// <summary>[BagStarts[rows]].</summary>
    public required int* AllBagIds { get; init; }

    /// <summary>[BagStarts[rows]].</summary>
    public required float* AllBagWeights { get; init; }

    /// <summary>The ids of a row, [F].</summary>
    public ReadOnlySpan<int> Ids(int row) => new(AllIds + (long)row * FieldCount, FieldCount);

    /// <summary>The numbers of a row's value fields, [ValueCount].</summary>
    public ReadOnlySpan<float> Values(int row) => new(AllValues + (long)row * ValueCount, ValueCount);

    /// <summary>The ids of a row's bags.</summary>
    public ReadOnlySpan<int> BagIds(int row) => BagStarts == null ? default : new(AllBagIds + BagStarts[row], BagEntries(row));

    /// <summary>The weights that go with <see cref="BagIds"/>.</summary>
    public ReadOnlySpan<float> BagWeights(int row) =>
        BagStarts == null ? default : new(AllBagWeights + BagStarts[row], BagEntries(row));

    /// <summary>Asks for the cache lines of a row's ids.</summary>
    public void PrefetchIds(int row) => Cache.Prefetch((float*)(AllIds + (long)row * FieldCount), FieldCount);

    int BagEntries(int row) => (int)(BagStarts[row + 1] - BagStarts[row]);
}
