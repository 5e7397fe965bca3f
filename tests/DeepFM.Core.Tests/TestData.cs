using DeepFM.Data;
using DeepFM.Models;

namespace DeepFM.Core.Tests;

/// <summary>
/// Small random rows and parameters of prime sizes, so that a swapped pair of sizes cannot cancel out.
/// </summary>
static class TestData
{
    public static ModelOptions SmallModel { get; } = new() { EmbeddingSize = 3, HiddenWidths = [7, 5], DropRate = 0 };

    /// <summary>Rows whose second field is a value and whose fourth is a bag; ids come again within few rows.</summary>
    public static EncodedData Random(int fieldCount, int rows, int seed, int idsPerField = 5)
    {
        EncodedField[] fields = new EncodedField[fieldCount];
        for (int f = 0, first = 0; f < fieldCount; first += fields[f++].IdCount)
        {
            FieldShape shape = f switch { 1 => FieldShape.Value, 3 => FieldShape.Bag, _ => FieldShape.OneId };
            fields[f] = new($"field{f}", shape, first, shape == FieldShape.Value ? 1 : idsPerField + f % 3);
        }
        return Random(fields, rows, seed, longestBag: 3);
    }

    /// <summary>
    /// Rows of these fields, "one" for one id a row, "value", "bag", "pairs" for a bag whose entries are features of their own. Bags
    /// hold up to six entries, some the same, and now and then none.
    /// </summary>
    public static EncodedData Random(string fields, int rows, int seed, int idsPerField = 5)
    {
        List<EncodedField> made = [];
        foreach (string kind in fields.Split(' '))
        {
            FieldShape shape = kind switch { "one" => FieldShape.OneId, "value" => FieldShape.Value, _ => FieldShape.Bag };
            made.Add(new($"field{made.Count}", shape, made.Count == 0 ? 0 : made[^1].FirstId + made[^1].IdCount,
                shape == FieldShape.Value ? 1 : idsPerField + made.Count % 3, PairsWithin: kind == "pairs"));
        }
        return Random(made, rows, seed, longestBag: 6);
    }

    static EncodedData Random(IReadOnlyList<EncodedField> fields, int rows, int seed, int longestBag)
    {
        Random random = new(seed);
        List<int> ids = [], bagIds = [];
        List<float> values = [], bagWeights = [];
        for (int row = 0; row < rows; row++)
        {
            foreach (EncodedField field in fields)
            {
                if (field.Shape == FieldShape.Bag)
                {
                    int length = random.Next(longestBag + 1);
                    ids.Add(length);
                    for (int j = 0; j < length; j++)
                    {
                        bagIds.Add(field.FirstId + random.Next(field.IdCount));
                        float weight = 0.25f + random.NextSingle();
                        bagWeights.Add(!field.PairsWithin ? weight : random.Next(-3, 5) * weight);
                    }
                    continue;
                }
                ids.Add(field.FirstId + random.Next(field.IdCount));
                if (field.Shape == FieldShape.Value) { values.Add(2 * random.NextSingle() - 1); }
            }
        }
        return EncodedData.FromArrays(fields, Draw.Labels(rows, seed), [.. ids], [.. values], [.. bagIds],
            [.. bagWeights]);
    }

    /// <summary>Parameters large enough that every term counts; variances and scales are positive.</summary>
    public static Dictionary<string, double[]> Parameters(ModelDefinition definition, int featureCount, int seed) =>
        definition.Parameters(featureCount).Select((parameter, i) => (parameter, i)).ToDictionary(
            pair => pair.parameter.Name,
            pair => Draw.Floats((int)pair.parameter.Count, seed + pair.i, scale: 0.5f).Select(value => (double)(
                pair.parameter.Name.EndsWith(".variance", StringComparison.Ordinal)
                || pair.parameter.Name.EndsWith(".scale", StringComparison.Ordinal) ? 1 + value : value)).ToArray());
}
