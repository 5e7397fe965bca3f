using System.Globalization;

namespace DeepFM.Research.Statistics;

/// <summary>A p-value in a table: one that its digits would round to 0 is "&lt; 0.0001" for a reader, and whole for a program.</summary>
/// <param name="Value">In [0, 1].</param>
public readonly record struct PValue(double Value) : IFormattable
{
    /// <summary>Differences with a smaller p-value are called significant.</summary>
    public const double Level = 0.05;

    const double Smallest = 0.0001;

    /// <summary>Without a format all digits, with one four.</summary>
    public string ToString(string? format, IFormatProvider? formatProvider) => format is null ? Value.ToString(formatProvider)
        : Value < Smallest / 2 ? $"< {Smallest.ToString("0.0000", formatProvider)}"
        : Value.ToString("0.0000", formatProvider);

    /// <inheritdoc/>
    public override string ToString() => ToString("p", CultureInfo.InvariantCulture);
}
