namespace DeepFM;

/// <summary>Wrong use or wrong data: the message says where, what was found, what is allowed and what to do.</summary>
/// <remarks>The command prints the message alone, without a stack trace, and ends with exit code 2.</remarks>
public sealed class UserErrorException : Exception
{
    /// <summary>An error with no message; prefer the others.</summary>
    public UserErrorException() { }

    /// <summary>An error with the message that the user reads.</summary>
    public UserErrorException(string message) : base(message) { }

    /// <summary>An error with the message that the user reads and the failure behind it.</summary>
    public UserErrorException(string message, Exception inner) : base(message, inner) { }
}
