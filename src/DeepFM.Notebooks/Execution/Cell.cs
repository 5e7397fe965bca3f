using DeepFM.Notebooks.Execution;

namespace DeepFM.Notebooks;

/// <summary>What a running cell can know about itself.</summary>
/// <remarks>It flows into the tasks and threads that the cell starts. Outside a cell everything has its empty value.</remarks>
public static class Cell
{
    /// <summary>Asked for when the user interrupts the cell; pass it to what may take long. The kit's trainings watch it anyway.</summary>
    public static CancellationToken Cancellation => CellContext.Current?.Cancellation ?? CancellationToken.None;

    /// <summary>The cell's number, from 1 in the order of execution; 0 outside a cell.</summary>
    public static int Number => CellContext.Current?.Number ?? 0;
}
