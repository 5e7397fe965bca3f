namespace DeepFM.Training;

/// <summary>Training cannot go on: the message says where it stood and what to try.</summary>
/// <remarks>The command prints the message alone and ends with exit code 1.</remarks>
public sealed class TrainingFailedException : Exception
{
    /// <summary>A failure with no message; prefer the others.</summary>
    public TrainingFailedException() { }

    /// <summary>A failure with the message that the user reads.</summary>
    public TrainingFailedException(string message) : base(message) { }

    /// <summary>A failure with the message that the user reads and the failure behind it.</summary>
    public TrainingFailedException(string message, Exception inner) : base(message, inner) { }
}
