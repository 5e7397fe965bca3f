using DeepFM.Notebooks.Execution;

namespace DeepFM.Notebooks.Languages;

/// <summary>A language that keeps state from cell to cell.</summary>
interface ICellLanguage : IAsyncDisposable
{
    /// <summary>As in the magic, such as "csharp".</summary>
    string Name { get; }

    /// <summary>The variables that the cells so far have left, the newest of each name.</summary>
    IReadOnlyList<CellVariable> Variables { get; }

    /// <summary>Runs code, and gives the value of its last expression, or null.</summary>
    /// <param name="code">The code; blank lines before it keep its line numbers those of the cell.</param>
    /// <param name="cell">The cell that it belongs to.</param>
    /// <exception cref="CellFailedException">It does not compile.</exception>
    Task<object?> RunAsync(string code, CellContext cell);

    /// <summary>Makes a variable, or replaces it.</summary>
    /// <exception cref="CellFailedException">Its name is none.</exception>
    Task SetAsync(string name, object? value, Type type, CellContext cell);
}

/// <summary>A variable and what it holds now.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type that it was declared with.</param>
/// <param name="Value">What it holds.</param>
sealed record CellVariable(string Name, Type Type, object? Value);
