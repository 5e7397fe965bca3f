namespace DeepFM.Data.Schemas;

/// <summary>Finds the name that was probably meant.</summary>
static class NearestName
{
    const int LongestName = 200;        // nobody meant a longer one, and comparing takes its length

    /// <summary>"; did you mean 'x'?" for the nearest of <paramref name="known"/>, or "." when none is near.</summary>
    public static string Hint(string wrong, IEnumerable<string> known) =>
        Find(wrong, known) is { } nearest ? $"; did you mean '{ShownText.Short(nearest)}'?" : ".";

    /// <summary>The name that was probably meant, which has characters in common with the wrong one; null when none is near.</summary>
    public static string? Find(string wrong, IEnumerable<string> known)
    {
        if (wrong.Length > LongestName) { return null; }
        string? nearest = known.Where(name => name.Length <= LongestName).MinBy(name => Distance(wrong, name));
        return nearest is not null && Distance(wrong, nearest) is int distance
            && distance <= Math.Max(2, wrong.Length / 3) && distance < Math.Max(wrong.Length, nearest.Length) ? nearest : null;
    }

    /// <summary>Number of characters to insert, delete or replace; upper and lower case are the same.</summary>
    public static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 0; i < a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i + 1;
            for (int j = 0; j < b.Length; j++)
            {
                int replaced = diagonal + (char.ToLowerInvariant(a[i]) == char.ToLowerInvariant(b[j]) ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, Math.Min(row[j], row[j + 1]) + 1);
            }
        }
        return row[^1];
    }
}
