namespace DeepFM.Notebooks.Display;

/// <summary>Shows something that is under way: one display, replaced not too often, and marked when the user stops the cell.</summary>
/// <typeparam name="T">It at one moment.</typeparam>
/// <param name="every">Shortest time between two changes.</param>
/// <param name="stopped">What is shown in its place once the cell is interrupted; null when it had ended before.</param>
sealed class LiveDisplay<T>(TimeSpan every, Func<T, T?> stopped) where T : class
{
    readonly Lock gate = new();
    Action<object>? update;
    CancellationToken watched;
    T? last;
    long shown;

    /// <summary>Shows it as it is now.</summary>
    /// <param name="moment">Made only when it is shown.</param>
    /// <param name="matters">Whether it is shown even a moment after the one before.</param>
    public void Show(Func<T> moment, bool matters)
    {
        CancellationToken cell = Cell.Cancellation;
        lock (gate)
        {
            if (update is not null && cell.IsCancellationRequested) { return; }     // Stop has the last word
            if (update is not null && !matters && TimeProvider.System.GetElapsedTime(shown) < every) { return; }
            shown = TimeProvider.System.GetTimestamp();
            last = moment();
            if (update is null) { update = DisplayTarget.Show(last); }
            else { update(last); }
            if (cell == watched) { return; }
            watched = cell;
        }
        cell.Register(Stop);
    }

    // What is shown must not promise seconds left once nothing goes on.
    void Stop()
    {
        lock (gate)
        {
            if (stopped(last!) is { } end) { update!(end); }
        }
    }
}
