namespace DeepFM.Data.Reading;

/// <summary>Counts the lines that are no rows; any thread may add.</summary>
sealed class SkippedLines
{
    long blank, comments;

    /// <summary>Empty lines.</summary>
    public long Blank => Interlocked.Read(ref blank);

    /// <summary>Lines that begin as the schema says that comments do.</summary>
    public long Comments => Interlocked.Read(ref comments);

    /// <summary>Counts a line of so many bytes.</summary>
    public void Add(int length) => Interlocked.Increment(ref length == 0 ? ref blank : ref comments);
}
