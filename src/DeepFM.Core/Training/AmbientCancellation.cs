namespace DeepFM.Training;

/// <summary>A token that trainings and evaluations watch beside the one that they are given.</summary>
/// <remarks>
/// For hosts that run other people's code, such as a notebook's kernel: what the code trains can be stopped although it passes no token
/// on. It flows into tasks and threads as an <see cref="AsyncLocal{T}"/> does. A library or program sets none and passes tokens.
/// </remarks>
public static class AmbientCancellation
{
    static readonly AsyncLocal<CancellationToken> token = new();

    /// <summary>The token of what runs here; none at the start.</summary>
    public static CancellationToken Token
    {
        get => token.Value;
        set => token.Value = value;
    }

    /// <summary>Throws when <paramref name="cancel"/> or the ambient token asks for it.</summary>
    internal static void ThrowIfRequested(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        token.Value.ThrowIfCancellationRequested();
    }
}
