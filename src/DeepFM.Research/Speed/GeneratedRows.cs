using DeepFM.Data;

namespace DeepFM.Research.Speed;

/// <summary>Rows to measure on: one id a field, a few ids often and most of them seldom, as in logs.</summary>
public static class GeneratedRows
{
    /// <summary>Draws rows.</summary>
    /// <param name="rowCount">B, in [1, 2³⁰].</param>
    /// <param name="fieldCount">F, in [1, 65536].</param>
    /// <param name="vocabulary">Ids of all fields together; each field owns ⌊vocabulary/F⌋ of them.</param>
    /// <param name="seed">The same seed draws the same rows.</param>
    /// <remarks>An id is ⌊u⁴·size⌋ within its field with u uniform in [0, 1); a label is 1 with probability ¼.</remarks>
    /// <exception cref="UserErrorException">There are fewer ids than fields.</exception>
    public static EncodedData Draw(int rowCount, int fieldCount, int vocabulary, int seed)
    {
        Require.InRange(rowCount, 1, 1 << 30, nameof(rowCount));
        Require.InRange(fieldCount, 1, 65_536, nameof(fieldCount));
        if (vocabulary < fieldCount)
        {
            throw new UserErrorException(
                $"A vocabulary of {vocabulary} is too small for {fieldCount} fields: each needs an id of its own.");
        }
        if ((long)rowCount * fieldCount > int.MaxValue)
        {
            throw new UserErrorException($"{rowCount} rows of {fieldCount} fields are more than {int.MaxValue} ids; take fewer of either.");
        }
        int size = vocabulary / fieldCount;
        EncodedField[] fields = [.. Enumerable.Range(0, fieldCount)
            .Select(f => new EncodedField($"field{f}", FieldShape.OneId, f * size, size))];
        Random random = new(seed);
        int[] ids = new int[rowCount * fieldCount];
        for (int i = 0; i < ids.Length; i++)
        {
            double u = random.NextDouble();
            ids[i] = i % fieldCount * size + (int)(u * u * u * u * size);
        }
        float[] labels = new float[rowCount];
        foreach (ref float label in labels.AsSpan()) { label = random.NextDouble() < 0.25 ? 1 : 0; }
        return EncodedData.FromArrays(fields, labels, ids);
    }
}
