namespace DeepFM.Data.Reading;

/// <summary>Work on several items at a time, results in the order of the items.</summary>
static class OrderedParallel
{
    /// <summary>
    /// Applies <paramref name="work"/> to each item on the thread pool; the caller's thread draws the items.
    /// </summary>
    /// <remarks>
    /// At most 2·<paramref name="threads"/> items are under way, so memory is bounded. The first failure by item order is
    /// thrown, whatever the timing; the others are waited for first.
    /// </remarks>
    public static IEnumerable<TResult> Run<TItem, TResult>(IEnumerable<TItem> items, int threads, Func<TItem, TResult> work)
    {
        using SemaphoreSlim running = new(threads);
        Queue<Task<TResult>> started = [];
        try
        {
            using IEnumerator<TItem> next = items.GetEnumerator();
            for (bool hasMore = true; hasMore || started.Count > 0;)
            {
                Exception? drawing = null;
                try { hasMore = hasMore && next.MoveNext(); }
                catch (Exception failure) { (drawing, hasMore) = (failure, false); }
                if (hasMore)
                {
                    TItem item = next.Current;
                    running.Wait();
                    started.Enqueue(Task.Run(() =>
                    {
                        try { return work(item); }
                        finally { running.Release(); }
                    }));
                }
                while (started.Count >= 2 * threads || (!hasMore && started.Count > 0))
                {
                    yield return started.Dequeue().GetAwaiter().GetResult();
                }
                if (drawing is not null) { System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(drawing); }
            }
        }
        finally
        {
            while (started.TryDequeue(out Task<TResult>? left))
            {
                try { (left.GetAwaiter().GetResult() as IDisposable)?.Dispose(); }
                catch (Exception) { }       // an earlier failure is already on its way to the caller
            }
        }
    }
}
