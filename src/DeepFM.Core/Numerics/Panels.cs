namespace DeepFM.Numerics;

/// <summary>How the columns of a matrix are cut into panels: as few as there can be, and as even as whole registers allow.</summary>
/// <remarks>A panel of one or two registers alone would have too few sums: each would wait for its last addition.</remarks>
static class Panels<S, V>
    where S : ISimd<V>
    where V : struct
{
    /// <summary>Panels of so many columns.</summary>
    public static int Count(int columns) => (columns + MatrixBlock<S, V>.PanelWidth - 1) / MatrixBlock<S, V>.PanelWidth;

    /// <summary>The columns of some adjoining panels, those of them that there are.</summary>
    public static (int First, int Count) Of(int panel, int columns, int panels = 1)
    {
        int first = First(panel, columns);
        return (first, First(Math.Min(panel + panels, Count(columns)), columns) - first);
    }

    // Of the panel past the last, the number of columns.
    static int First(int panel, int columns)
    {
        int registers = (columns + S.Count - 1) / S.Count;
        (int few, int more) = Math.DivRem(registers, Count(columns));           // the first ones are a register wider
        return Math.Min(columns, S.Count * (panel * few + Math.Min(panel, more)));
    }
}
