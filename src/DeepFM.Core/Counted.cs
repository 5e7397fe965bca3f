using System.Globalization;

namespace DeepFM;

/// <summary>A number with its noun: "1 row", "2 rows", "1,000 rows".</summary>
public static class Counted
{
    /// <summary>The number, with commas between thousands, and the noun that goes with it.</summary>
    /// <param name="count">How many.</param>
    /// <param name="one">The noun for one, such as "row".</param>
    /// <param name="many">The noun for all other numbers; null for <paramref name="one"/> with an s.</param>
    public static string Of(long count, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : many ?? one + "s")}");

    /// <summary>"12 %": a share in whole hundredths.</summary>
    public static string Percent(double share) => share.ToString("P0", CultureInfo.InvariantCulture);
}
