namespace DeepFM;

/// <summary>The message for a name that does not exist: what there is, and which of it was probably meant.</summary>
static class UnknownName
{
    /// <summary>"There is no {kind} '{name}'; did you mean '…'? There are: …"</summary>
    public static UserErrorException Error(string kind, string name, IReadOnlyList<string> known)
    {
        string meant = Nearest(name, known) is { } nearest ? $" Did you mean '{nearest}'?" : "";
        return new($"There is no {kind} '{name}'.{meant} There are: {string.Join(", ", known)}.");
    }

    /// <summary>The known name with the fewest changed letters, or null when more than half would have to change.</summary>
    public static string? Nearest(string name, IReadOnlyList<string> known)
    {
        string? nearest = known.MinBy(other => Distance(name, other));
        return nearest is not null && 2 * Distance(name, nearest) <= Math.Max(name.Length, nearest.Length)
            ? nearest
            : null;
    }

    // Levenshtein's distance, without regard to case.
    static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                bool same = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]);
                int replaced = diagonal + (same ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }
        return row[^1];
    }
}
