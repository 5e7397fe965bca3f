namespace DeepFM.Notebooks.Tests;

/// <summary>Waits that end: what never comes fails the test. Nothing is measured.</summary>
static class Deadline
{
    static readonly TimeSpan deadline = TimeSpan.FromMinutes(2);

    /// <summary>Waits until something is so.</summary>
    public static async Task UntilAsync(Func<bool> isSo)
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(deadline);
        while (!isSo()) { await Task.Delay(5, late.Token); }
    }
}
