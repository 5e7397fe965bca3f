using DeepFM.Notebooks.Execution;

namespace DeepFM.Notebooks.Tests.Execution;

/// <summary>How long tests wait for a cell that they interrupt, so that none depends on how fast the machine is.</summary>
static class Patience
{
    // A deadline, so that a cell that never ends fails the test; nothing is measured.
    static readonly TimeSpan deadline = TimeSpan.FromMinutes(2), moment = TimeSpan.FromMilliseconds(20);

    /// <summary>With a cell that ends by itself: it is not woken.</summary>
    public static CellPatience Asks { get; } = new(deadline, deadline);

    /// <summary>With a cell that ends once it is woken.</summary>
    public static CellPatience Wakes { get; } = new(moment, deadline);

    /// <summary>With a cell that does not end.</summary>
    public static CellPatience Leaves { get; } = new(moment, moment);
}
