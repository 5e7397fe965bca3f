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
        Random random = new(seed);
        EncodedField[] fields = new EncodedField[fieldCount];
        for (int f = 0, first = 0; f < fieldCount; first += fields[f++].IdCount)
        {
            FieldShape shape = f switch { 1 => FieldShape.Value, 3 => FieldShape.Bag, _ => FieldShape.OneId };
            fields[f] = new($"field{f}", shape, first, shape == FieldShape.Value ? 1 : idsPerField + f % 3);
        }

        List<int> ids = [], bagIds = [];
        List<float> values = [], bagWeights = [];
        for (int row = 0; row < rows; row++)
        {
            foreach (EncodedField field in fields)
            {
                if (field.Shape == FieldShape.Bag)
                {
                    int length = random.Next(4);
                    ids.Add(length);
                    for (int j = 0; j < length; j++)
                    {
                        bagIds.Add(field.FirstId + random.Next(field.IdCount));
                        bagWeights.Add(0.25f + random.NextSingle());
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
