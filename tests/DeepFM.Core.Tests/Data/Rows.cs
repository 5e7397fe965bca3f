using System.Globalization;

namespace DeepFM.Core.Tests.Data;

/// <summary>Encoded rows as text, to compare and to read.</summary>
static class Rows
{
    /// <summary>"label: field=value field=value …" for each row, with ids named by the feature map.</summary>
    public static string[] Describe(EncodedData data, FeatureMap features) =>
        [.. Enumerable.Range(0, data.RowCount).Select(row => Describe(data, features, row))];

    /// <summary>All that a data set holds, bit for bit.</summary>
    public static string[] Dump(EncodedData data) => [.. Enumerable.Range(0, data.RowCount).Select(row => string.Create(
        CultureInfo.InvariantCulture,
        $"{data.Labels[row]}|{Join(data.Ids(row))}|{Join(data.Values(row))}|{Join(data.BagIds(row))}|{Join(data.BagWeights(row))}"))];

    public static string[] DumpAll(IEnumerable<EncodedData> chunks) =>
        [.. chunks.SelectMany(chunk => { using (chunk) { return Dump(chunk); } })];

    static string Describe(EncodedData data, FeatureMap features, int row)
    {
        List<string> parts = [];
        int value = 0, entry = 0;
        for (int f = 0; f < data.FieldCount; f++)
        {
            EncodedField field = data.Fields[f];
            int id = data.Ids(row)[f];
            parts.Add(field.Name + "=" + field.Shape switch
            {
                FieldShape.OneId => features.Describe(id).Value,
                FieldShape.Value => data.Values(row)[value++].ToString("0.###", CultureInfo.InvariantCulture),
                _ => "{" + string.Join(" ", Enumerable.Range(0, id).Select(_ => Entry(entry++))) + "}",
            });
        }
        return $"{data.Labels[row]}: {string.Join(" ", parts)}";

        string Entry(int at) => FormattableString.Invariant(
            $"{features.Describe(data.BagIds(row)[at]).Value}:{data.BagWeights(row)[at]:0.###}");
    }

    static string Join<T>(ReadOnlySpan<T> items) => string.Join(",", items.ToArray());
}
