using System.ComponentModel;
using DeepFM.Notebooks.Execution;

namespace DeepFM.Notebooks.Languages;

/// <summary>What the loops of a cell call in each round, so that they can be interrupted. The kernel writes the calls.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CellLoop
{
    static int interrupts;

    /// <summary>The call, in C# behind <c>global::</c> and in F# behind <c>global.</c></summary>
    internal static string CheckCall { get; } = $"{typeof(CellLoop).FullName}.{nameof(Check)}()";

    /// <summary>Throws when the user has interrupted the cell that runs here; almost nothing otherwise.</summary>
    /// <exception cref="OperationCanceledException">The cell was interrupted.</exception>
    public static void Check()
    {
        if (interrupts != 0) { CellContext.Current?.Cancellation.ThrowIfCancellationRequested(); }
    }

    /// <summary>Tells that an interrupted cell has not ended yet.</summary>
    internal static void Begin() => Interlocked.Increment(ref interrupts);

    /// <summary>Tells that an interrupted cell has ended.</summary>
    internal static void End() => Interlocked.Decrement(ref interrupts);
}
