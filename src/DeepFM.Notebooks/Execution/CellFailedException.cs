namespace DeepFM.Notebooks.Execution;

/// <summary>A cell's code is wrong before it runs: it does not compile, or names something that is not there.</summary>
/// <param name="name">The kind of error, for the notebook's heading.</param>
/// <param name="message">What is wrong, in a line or a few.</param>
/// <param name="details">Lines below it: all errors with their place and their line of code.</param>
sealed class CellFailedException(string name, string message, IReadOnlyList<string> details) : Exception(message)
{
    /// <summary>The kind of error.</summary>
    public string Name { get; } = name;

    /// <summary>All errors, with their place and their line of code.</summary>
    public IReadOnlyList<string> Details { get; } = details;
}
