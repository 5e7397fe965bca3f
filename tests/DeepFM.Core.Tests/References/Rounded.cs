namespace DeepFM.Core.Tests;

/// <summary>A number in double, and how far float32 arithmetic may be from it.</summary>
/// <remarks>
/// Running error analysis (Higham, Accuracy and Stability of Numerical Algorithms, section 3.3): each operation passes
/// on the errors of its operands to first order and adds the rounding of its own result. So a tolerance is derived from
/// the numbers themselves: where sums cancel it is wide relative to the result, elsewhere it is a few units in the last
/// place.
/// </remarks>
/// <param name="Value">The number.</param>
/// <param name="Error">
/// First-order bound of the float32 error, in <see cref="Unit"/>s; 0 for inputs that are float32 numbers.
/// </param>
readonly record struct Rounded(double Value, double Error)
{
    /// <summary>2⁻²⁴, the relative error of one float32 rounding.</summary>
    public const double Unit = 1.0 / (1 << 24);

    public static Rounded operator +(Rounded a, Rounded b)
    {
        double sum = a.Value + b.Value;
        return new(sum, a.Error + b.Error + Math.Abs(sum));
    }

    public static Rounded operator *(Rounded a, Rounded b)
    {
        double product = a.Value * b.Value;
        return new(product, Math.Abs(a.Value) * b.Error + Math.Abs(b.Value) * a.Error + Math.Abs(product));
    }
}
