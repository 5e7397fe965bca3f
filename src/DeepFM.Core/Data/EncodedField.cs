namespace DeepFM.Data;

/// <summary>How the rows of a field are stored and read.</summary>
public enum FieldShape
{
    /// <summary>Exactly one id a row, with value 1: categorical fields and bucketed numbers.</summary>
    OneId,

    /// <summary>One id for the whole field, times the row's number: e = x·V (a missing number is 0).</summary>
    Value,

    /// <summary>Any number of ids a row, each with a weight: e = Σ_j weight_j·V[id_j] (an empty bag is 0).</summary>
    Bag,
}

/// <summary>A field of an encoded data set: its name, its shape, and the contiguous range of ids that it owns.</summary>
/// <param name="Name">Unique in the data set.</param>
/// <param name="Shape">How its rows are stored.</param>
/// <param name="FirstId">The first id of the range, 0-based; fields own disjoint ranges in field order.</param>
/// <param name="IdCount">The length of the range, at least 1.</param>
/// <param name="PairsWithin">
/// Of a bag: whether its entries are features of their own in a pair sum, each a pair with every other feature of the row.
/// </param>
public sealed record EncodedField(string Name, FieldShape Shape, int FirstId, int IdCount, bool PairsWithin = false);
