using System.Globalization;
using System.Text.Json;

namespace DeepFM.Core.Tests.Data.Naive;

/// <summary>Rows as text, written alike for encoded data and for what the naive fields expect.</summary>
static class NaiveRows
{
    public static string Number(double number) => ((float)number + 0f).ToString("R", CultureInfo.InvariantCulture);

    public static string Json(string[] texts) => JsonSerializer.Serialize(texts);

    public static string Bag(IEnumerable<(string Id, float Weight)> entries) =>
        "{" + string.Join(" ", entries.Select(entry => $"{entry.Id}:{Number(entry.Weight)}")) + "}";

    public static string Expect(IReadOnlyList<NaiveField> fields, Dictionary<string, string> row, float label) =>
        $"{label}: " + string.Join("; ", fields.Select(field => $"{field.Name}={field.Expect(row)}"));

    public static string Describe(EncodedData data, FeatureMap features, int row)
    {
        List<string> parts = [];
        int value = 0, entry = 0;
        for (int f = 0; f < data.FieldCount; f++)
        {
            int id = data.Ids(row)[f];
            parts.Add(data.Fields[f].Name + "=" + data.Fields[f].Shape switch
            {
                FieldShape.OneId => features.Describe(id).Value,
                FieldShape.Value => Number(data.Values(row)[value++]),
                _ => Bag([.. Enumerable.Range(0, id).Select(_ => Entry(entry++))]),
            });
        }
        return $"{data.Labels[row]}: {string.Join("; ", parts)}";

        (string, float) Entry(int at) => (features.Describe(data.BagIds(row)[at]).Value, data.BagWeights(row)[at]);
    }
}
