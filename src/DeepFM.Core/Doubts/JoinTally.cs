using DeepFM.Data.Reading;
using DeepFM.Data.Schemas;
using static System.FormattableString;

namespace DeepFM.Doubts;

/// <summary>How many rows of each part have a key that a joined table has; any thread may add.</summary>
/// <param name="joins">The tables.</param>
/// <param name="partCount">Parts that the rows are told into.</param>
sealed class JoinTally(IReadOnlyList<JoinSpec> joins, int partCount)
{
    readonly Lock gate = new();
    readonly long[] rows = new long[partCount];
    readonly long[,] found = new long[joins.Count, partCount];

    /// <summary>Counts the rows of a group.</summary>
    /// <param name="group">The rows.</param>
    /// <param name="parts">The part of each.</param>
    public void Add(RowReader group, ReadOnlySpan<int> parts)
    {
        if (joins.Count == 0) { return; }
        lock (gate)
        {
            for (int row = 0; row < group.Count; row++)
            {
                rows[parts[row]]++;
                for (int join = 0; join < joins.Count; join++)
                {
                    if (group.HasKey(join, row)) { found[join, parts[row]]++; }
                }
            }
        }
    }

    /// <summary>Whether no row of a part, or hardly any, has a key that a table has; false for no table, which is -1.</summary>
    public bool FindsNone(int join, int part) => join >= 0 && UnknownValues.IsNearlyAll(rows[part] - found[join, part], rows[part]);

    /// <summary>A sentence a table that has no row's key, or hardly any.</summary>
    /// <param name="part">The part.</param>
    /// <param name="name">What its rows are called.</param>
    public IEnumerable<string> Sentences(int part, string name)
    {
        for (int i = 0; i < joins.Count; i++)
        {
            (JoinSpec join, long all, long with) = (joins[i], rows[part], found[i, part]);
            if (!FindsNone(i, part)) { continue; }
            yield return (with == 0 ? $"No {name} row has a key that {ShownText.Short(join.File)} has: all that it adds by '{ShownText.Short(join.On)}' is missing"
                    : Invariant($"Only {with:N0} of the {all:N0} {name} rows {(with == 1 ? "has" : "have")} a key that {ShownText.Short(join.File)} has: ")
                        + $"what it adds by '{ShownText.Short(join.On)}' is missing in all others")
                + ". Keys are compared as text ('1.0' is not '1'): write them alike in both files.";
        }
    }
}
