using static System.FormattableString;

namespace DeepFM.Metrics;

/// <summary>Rows of one class, and the words for them.</summary>
public static class OneClass
{
    /// <summary>Whether there are labels, all alike.</summary>
    public static bool Is(ReadOnlySpan<float> labels) => !labels.IsEmpty && !labels.ContainsAnyExcept(labels[0]);

    /// <summary>"All 2 labels are 0", "The only label is 0".</summary>
    /// <param name="count">Labels, at least 1.</param>
    /// <param name="label">What they are.</param>
    /// <param name="of">Whose labels they are, such as "the test rows"; null to leave it out.</param>
    public static string Of(long count, float label, string? of = null)
    {
        string whose = of is null ? "" : $" of {of}";
        return count == 1 ? Invariant($"The only label{whose} is {label}") : Invariant($"All {count:N0} labels{whose} are {label}");
    }
}
