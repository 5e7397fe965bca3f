using DeepFM.Data;
using DeepFM.Metrics;

namespace DeepFM.Research;

/// <summary>Refuses data that no models can be compared on, before anything is trained.</summary>
static class DataCheck
{
    /// <summary>Refuses splits without rows to compare on.</summary>
    /// <exception cref="UserErrorException">They are like that; the message says what to do.</exception>
    public static void RequireRowsToCompareOn(DataSplits data)
    {
        if (data.Test is null or { RowCount: 0 } && data.Valid is null or { RowCount: 0 })
        {
            throw new UserErrorException("Models are compared on test or validation rows, and there are none; give --test, --valid "
                + "or --split.");
        }
    }

    /// <summary>Refuses splits without rows to compare on, or with rows of one class.</summary>
    /// <exception cref="UserErrorException">They are like that; the message says which rows, and what to do.</exception>
    public static void RequireBothClasses(DataSplits data)
    {
        RequireRowsToCompareOn(data);
        foreach ((string name, EncodedData? rows) in new[] { ("training", data.Train), ("validation", data.Valid), ("test", data.Test) })
        {
            if (rows is null || !OneClass.Is(rows.Labels)) { continue; }
            throw new UserErrorException($"{OneClass.Of(rows.RowCount, rows.Labels[0], $"the {name} rows")}. Models can be "
                + "compared on rows of both classes alone; check the schema's label, or give other rows.");
        }
    }
}
