namespace DeepFM.Core.Tests;

/// <summary>Results in double, with the rounding that float32 may add to them.</summary>
static class Exact
{
    /// <summary>Σ term(i), for a kernel that rounds each term and each partial sum, in whatever order.</summary>
    /// <remarks>
    /// Higham, section 3.1: |error| ≤ n·2⁻²⁴·Σ |term|, to first order; <paramref name="more"/> further roundings.
    /// </remarks>
    public static Rounded Sum(int count, Func<int, double> term, int more = 0)
    {
        double sum = 0, magnitude = 0;
        for (int i = 0; i < count; i++)
        {
            double value = term(i);
            sum += value;
            magnitude += Math.Abs(value);
        }
        return new(sum, (count + 1 + more) * magnitude);
    }

    /// <summary>A product or quotient after so many roundings.</summary>
    public static Rounded Of(double value, int roundings) => new(value, roundings * Math.Abs(value));

    /// <summary>The places of a matrix, row by row.</summary>
    public static IEnumerable<(int Row, int Column)> Elements(int rows, int columns) =>
        Enumerable.Range(0, rows * columns).Select(at => (at / columns, at % columns));

    public static uint[] Bits(ReadOnlySpan<float> numbers)
    {
        uint[] bits = new uint[numbers.Length];
        for (int i = 0; i < bits.Length; i++) { bits[i] = BitConverter.SingleToUInt32Bits(numbers[i]); }
        return bits;
    }
}
