using DeepFM.Data;

namespace DeepFM.Doubts;

/// <summary>All that may be doubtful in encoded data, whatever is trained on them.</summary>
static class DataDoubts
{
    /// <summary>A sentence a doubt; none where all is well.</summary>
    public static IEnumerable<string> Of(DataSplits data) =>
    [
        .. PartOfOneClass.Find(data),
        .. FewOfAClass.Find(data),
        .. UnknownValues.Find(data),
        .. SizesOfNumbers.Find(data),
    ];

    /// <summary>The parts that there are, with their names for a sentence.</summary>
    public static IEnumerable<(string Name, EncodedData Rows)> Parts(DataSplits data)
    {
        yield return ("training", data.Train);
        if (data.Valid is { RowCount: > 0 } valid) { yield return ("validation", valid); }
        if (data.Test is { RowCount: > 0 } test) { yield return ("test", test); }
    }
}
