namespace DeepFM.Data;

/// <summary>The one check of encoded rows that come from outside: what is wrong, in words, or null.</summary>
static unsafe class EncodedCheck
{
    /// <summary>Most rows of one data set: as many as the largest array holds.</summary>
    public static int MaxRowCount => Array.MaxLength;

    /// <summary>Fields have names of their own, and ranges of ids that adjoin from 0 on.</summary>
    public static string? FaultOf(IReadOnlyList<EncodedField> fields)
    {
        if (fields.Count == 0) { return "there are no fields"; }
        HashSet<string> names = [];
        long next = 0;
        foreach (EncodedField field in fields)
        {
            string? fault = field is not { Name: not null } ? "a field has no name"
                : !names.Add(field.Name) ? $"two fields are named '{field.Name}'"
                : !Enum.IsDefined(field.Shape) ? $"field '{field.Name}' has the shape {field.Shape}, which there is not"
                : field.IdCount < 1 ? $"field '{field.Name}' owns {field.IdCount} ids; each field owns 1 at least"
                : field.FirstId != next ? $"the ids of '{field.Name}' begin at {field.FirstId}, but those before it end at {next}"
                : (next += field.IdCount) > int.MaxValue ? $"its fields own more than {int.MaxValue} ids together"
                : null;
            if (fault is not null) { return fault; }
        }
        return null;
    }

    /// <summary>Ids lie in their field's range, bags fill the entries, labels are 0 or 1, numbers and weights are finite.</summary>
    /// <param name="fields">Without fault.</param>
    /// <param name="rows">Whose tensors are as long as the numbers of rows, fields and entries say.</param>
    /// <param name="rowCount">Number of rows.</param>
    /// <param name="bagEntries">Entries of all bags.</param>
    /// <remarks>One pass over the memory, from its beginning to its end.</remarks>
    public static string? FaultOf(IReadOnlyList<EncodedField> fields, in RowMemory rows, int rowCount, long bagEntries)
    {
        Column[] columns = [.. fields.Select(field => new Column(field.FirstId, field.IdCount, field.Shape))];
        bool hasBags = rows.BagStarts != null;
        if (hasBags && (rows.BagStarts[0] != 0 || rows.BagStarts[rowCount] != bagEntries))
        {
            return $"its bags have {rows.BagStarts[rowCount] - rows.BagStarts[0]} entries, but there are {bagEntries}";
        }
        for (int row = 0; row < rowCount; row++)
        {
            long at = hasBags ? rows.BagStarts[row] : 0, end = hasBags ? rows.BagStarts[row + 1] : 0;
            if (at > end || end > bagEntries || end - at > int.MaxValue) { return $"the bags of row {row} lie outside bag.ids"; }
            float label = rows.Labels[row];
            if (label is not (0 or 1)) { return FormattableString.Invariant($"row {row} has the label {label}; labels are 0 or 1"); }
            ReadOnlySpan<int> ids = rows.Ids(row);
            for (int f = 0, value = 0; f < ids.Length; f++)
            {
                ref readonly Column column = ref columns[f];
                int id = ids[f];
                if (column.Shape == FieldShape.Bag)
                {
                    if (id < 0 || id > end - at) { return $"row {row} has {id} entries of '{fields[f].Name}'"; }
                    for (long stop = at + id; at < stop; at++)
                    {
                        if (!column.Owns(rows.AllBagIds[at])) { return IdFault(row, fields[f], rows.AllBagIds[at]); }
                        float weight = rows.AllBagWeights[at];
                        if (!float.IsFinite(weight)) { return NumberFault(row, "weight", fields[f], weight); }
                    }
                    continue;
                }
                if (!column.Owns(id)) { return IdFault(row, fields[f], id); }
                if (column.Shape == FieldShape.Value && !float.IsFinite(rows.Values(row)[value++]))
                {
                    return NumberFault(row, "number", fields[f], rows.Values(row)[value - 1]);
                }
            }
            if (at != end) { return $"row {row} has {end - at} bag entries that no field owns"; }
        }
        return null;
    }

    static string IdFault(int row, EncodedField field, int id) =>
        $"row {row} has id {id} in '{field.Name}', which owns [{field.FirstId}, {field.FirstId + field.IdCount})";

    static string NumberFault(int row, string what, EncodedField field, float number) =>
        FormattableString.Invariant($"row {row} has the {what} {number} in '{field.Name}'; it must be finite");

    readonly record struct Column(int FirstId, int IdCount, FieldShape Shape)
    {
        public bool Owns(int id) => (uint)(id - FirstId) < (uint)IdCount;
    }
}
