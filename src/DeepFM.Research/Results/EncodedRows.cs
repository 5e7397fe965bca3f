using DeepFM.Data;
using DeepFM.Research.Reporting;

namespace DeepFM.Research.Results;

/// <summary>Encoded rows for a reader: which ids they have, and what these stand for.</summary>
public static class EncodedRows
{
    /// <summary>One row, a line an id: the places of its ones in a vector of D numbers, and what stands there.</summary>
    /// <param name="features">The encodings that made the rows.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="row">0-based.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public static ResultTable Row(FeatureMap features, EncodedData rows, int row)
    {
        Entry[] entries = [.. Entries(rows, Require.InRange(row, 0, rows.RowCount - 1))];
        return new("row", $"Row {row}",
            [
                new("field", "field"), new("value", "value"), new("id", "id: place in x", "N0"), new("x", "x at that place", "0.###"),
                new("training_rows", "training rows with it", "N0"),
            ],
            [.. entries.Select(entry => (IReadOnlyList<object?>)
                [entry.Field.Name, Text(features, entry), entry.Id, entry.Weight, features.TrainingCount(entry.Id)])])
        {
            Notes =
            [
                FormattableString.Invariant($"x has D = {Counted.Of(features.FeatureCount, "number")}; {entries.Length} of them {(entries.Length == 1 ? "is" : "are")} not 0. ")
                    + FormattableString.Invariant($"The label is {rows.Labels[row]}."),
            ],
        };
    }

    /// <summary>The first rows, a line a row and a column a field: each value with its id.</summary>
    /// <param name="features">The encodings that made the rows.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="count">How many at most; at least 1.</param>
    public static ResultTable Head(FeatureMap features, EncodedData rows, int count)
    {
        int shown = Math.Min(Require.InRange(count, 1, int.MaxValue), rows.RowCount);
        return new("rows", FormattableString.Invariant($"The first {shown} of {Counted.Of(rows.RowCount, "row")}"),
            [new("label", "label", "0"), .. rows.Fields.Select(field => new ResultColumn(field.Name, field.Name))],
            [.. Enumerable.Range(0, shown).Select(row =>
            {
                ILookup<string, Entry> byField = Entries(rows, row).ToLookup(entry => entry.Field.Name);
                string Cells(EncodedField field) => string.Join(", ", byField[field.Name].Select(entry => Cell(features, entry)));
                return (IReadOnlyList<object?>)[rows.Labels[row],
                    .. rows.Fields.Select(field => Cells(field) is { Length: > 0 } text ? text : "(none)")];
            })]);
    }

    /// <summary>The ids of a field: what each stands for, and how many training rows have it.</summary>
    /// <param name="features">The encodings.</param>
    /// <param name="field">The field's name.</param>
    /// <param name="count">How many ids at most, from the first on; at least 1.</param>
    /// <exception cref="UserErrorException">There is no such field; the message lists all.</exception>
    public static ResultTable Ids(FeatureMap features, string field, int count = 20)
    {
        EncodedField found = features.Fields.FirstOrDefault(known => known.Name == field)
            ?? throw UnknownName.Error("field", field, [.. features.Fields.Select(known => known.Name)]);
        int shown = Math.Min(Require.InRange(count, 1, int.MaxValue), found.IdCount);
        return new("ids", $"Ids of {field}",
            [new("id", "id", "N0"), new("value", "stands for"), new("training_rows", "training rows", "N0")],
            [.. Enumerable.Range(found.FirstId, shown).Select(id =>
                (IReadOnlyList<object?>)[id, features.Describe(id).Value, features.TrainingCount(id)])])
        {
            Notes = shown == found.IdCount ? [] : [FormattableString.Invariant($"The first {shown} of {Counted.Of(found.IdCount, "id")}.")],
        };
    }

    /// <summary>The value of a field in a row as text; several of a bag are joined.</summary>
    internal static string Value(FeatureMap features, EncodedData rows, int row, string field) =>
        string.Join(", ", Entries(rows, row).Where(entry => entry.Field.Name == field).Select(entry => Text(features, entry)));

    // A number is its own value; its field has one id for all.
    static string Text(FeatureMap features, Entry entry) => entry.Field.Shape == FieldShape.Value
        ? FormattableString.Invariant($"{entry.Weight:0.###}")
        : features.Describe(entry.Id).Value;

    static string Cell(FeatureMap features, Entry entry) => $"{Text(features, entry)} → {entry.Id}";

    sealed record Entry(EncodedField Field, int Id, float Weight);

    static IEnumerable<Entry> Entries(EncodedData rows, int row)
    {
        int bag = 0, value = 0;
        for (int f = 0; f < rows.FieldCount; f++)
        {
            EncodedField field = rows.Fields[f];
            int id = rows.Ids(row)[f];                          // of a bag, the number of its entries
            switch (field.Shape)
            {
                case FieldShape.Value: yield return new(field, field.FirstId, rows.Values(row)[value++]); break;
                case FieldShape.Bag:
                    for (int end = bag + id; bag < end; bag++)
                    {
                        yield return new(field, rows.BagIds(row)[bag], rows.BagWeights(row)[bag]);
                    }
                    break;
                default: yield return new(field, id, 1); break;
            }
        }
    }
}
