using DeepFM.Data;
using DeepFM.Data.Encoders;
using static System.FormattableString;

namespace DeepFM.Doubts;

/// <summary>A field of numbers that are far larger, or far smaller, than what other fields bring: ids count as 1.</summary>
static class SizesOfNumbers
{
    const double Far = 1e4;

    public static IEnumerable<string> Find(FeatureMap features)
    {
        (string Name, double Size)[] numbers = [.. features.Encoders.OfType<ValueEncoder>()
            .Select(encoder => (encoder.Field.Name, encoder.Size)).Where(field => field.Size > 0)];
        foreach ((string name, double size) in numbers)
        {
            // Weights start alike for all fields, so a field by itself is compared with 1 too.
            double other = numbers.Where(field => field.Name != name).Select(field => field.Size).Append(1).MaxBy(other => Ratio(size, other));
            if (Ratio(size, other) >= Far && Math.Abs(Math.Log(size)) >= Math.Abs(Math.Log(other)))
            {
                yield return Invariant($"Numbers of field '{name}' are about {size:G2} in size, others {other:G2}: ")
                    + (size > other ? "training follows this field alone, or diverges" : "the field has hardly any influence")
                    + ". Set \"standardize\": true for it in the schema, or \"transform\": \"log1p\", or buckets.";
            }
        }
    }

    static double Ratio(double a, double b) => Math.Max(a / b, b / a);
}
