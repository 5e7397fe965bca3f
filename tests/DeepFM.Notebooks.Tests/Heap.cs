namespace DeepFM.Notebooks.Tests;

/// <summary>The live objects of this process, for tests that run <see cref="Alone"/>.</summary>
static class Heap
{
    const int Collections = 20;

    /// <summary>Bytes of the heap once finalizers, and unloads that wait for them, have nothing left to free.</summary>
    public static long Settled()
    {
        long least = long.MaxValue;
        for (int i = 0; i < Collections; i++)
        {
            long bytes = Collected();
            if (bytes >= least) { break; }
            least = bytes;
        }
        return least;
    }

    /// <summary>Fails when the heap does not come down to a limit, however often it is collected.</summary>
    public static void AssertBelow(long limit)
    {
        long bytes = long.MaxValue;
        // What work in the background still holds is freed a moment later.
        for (int i = 0; i < Collections && bytes > limit; i++)
        {
            if (i > 0) { Thread.Sleep(10 * i); }
            bytes = Collected();
        }
        Assert.InRange(bytes, 0, limit);
    }

    static long Collected()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
