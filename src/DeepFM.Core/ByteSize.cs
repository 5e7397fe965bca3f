namespace DeepFM;

/// <summary>Numbers of bytes in words.</summary>
static class ByteSize
{
    /// <summary>"12.3 MB", "4.5 GB".</summary>
    public static string Of(double bytes) => bytes < 1e9
        ? FormattableString.Invariant($"{bytes / 1e6:0.0} MB")
        : FormattableString.Invariant($"{bytes / 1e9:0.0} GB");
}
