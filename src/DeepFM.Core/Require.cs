using System.Numerics;
using System.Runtime.CompilerServices;

namespace DeepFM;

/// <summary>Guards of arguments: each message names the argument, the value found and what is allowed.</summary>
public static class Require
{
    /// <summary>Returns <paramref name="value"/>, or throws when it is outside [min, max].</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the range, or not a number.</exception>
    public static T InRange<T>(T value, T min, T max, [CallerMemberName] string name = "")
        where T : INumber<T>
    {
        // Written so that NaN, for which every comparison is false, is refused too.
        if (!(value >= min && value <= max))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be in [{min}, {max}].");
        }
        return value;
    }

    /// <summary>Throws when <paramref name="length"/> is not the product of <paramref name="shape"/>.</summary>
    /// <exception cref="ArgumentException">The buffer has another length.</exception>
    public static void Shape(long length, ReadOnlySpan<int> shape,
        [CallerArgumentExpression(nameof(length))] string name = "")
    {
        long expected = 1;
        foreach (int size in shape) { expected *= size; }
        if (length != expected)
        {
            throw new ArgumentException(
                $"{name} is {length}, but the shape must be [{string.Join(", ", shape.ToArray())}].");
        }
    }
}
