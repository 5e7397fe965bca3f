namespace DeepFM.Numerics;

/// <summary>A fixed set of threads that share out numbered tasks. The caller is one of them.</summary>
/// <remarks>
/// Between two runs the others spin for a moment, then park: a step has several short phases, and waking a thread costs
/// more than some of them. Which thread takes which task varies; results must not depend on it. A run allocates nothing.
/// </remarks>
sealed class ThreadTeam : IDisposable
{
    const int SpinsBeforeParking = 2000;

    readonly Thread[] workers;
    readonly SemaphoreSlim[] parked;        // one a worker, released to wake it
    readonly int[] isParked;
    Action<int, int> task = static (_, _) => { };
    int taskCount, nextTask, generation, running;
    readonly Lifetime lifetime;
    Exception? failure;
    volatile bool stopped;

    /// <summary>Starts <paramref name="threads"/> − 1 threads.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is outside [1, 1024].</exception>
    public ThreadTeam(int threads)
    {
        Require.InRange(threads, 1, 1024, nameof(threads));
        lifetime = new(this, Stop);
        workers = new Thread[threads - 1];
        parked = new SemaphoreSlim[threads - 1];
        isParked = new int[threads - 1];
        for (int i = 0; i < workers.Length; i++)
        {
            int worker = i;
            parked[i] = new(0);
            workers[i] = new(() => Work(worker)) { IsBackground = true, Name = $"DeepFM worker {i + 1}" };
            workers[i].Start();
        }
    }

    /// <summary>Threads, the caller included.</summary>
    public int Count => workers.Length + 1;

    /// <summary>Calls <paramref name="body"/>(task, thread) for tasks 0 … count − 1 and returns when all are done.</summary>
    /// <exception cref="AggregateException">A task threw on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The threads have ended.</exception>
    public void Run(int count, Action<int, int> body)
    {
        using Lifetime.Call call = lifetime.Enter();
        if (workers.Length == 0 || count <= 1)
        {
            for (int i = 0; i < count; i++) { body(i, 0); }
            return;
        }

        // Whatever ends the caller's part, also a notebook's interrupt, and wherever it comes: no task may go on when this returns.
        bool wasInterrupted = false;
        try
        {
            Start(count, body, ref wasInterrupted);
            TakeTasks(0);
        }
        finally
        {
            WaitForWorkers(ref wasInterrupted);
            if (wasInterrupted) { Thread.CurrentThread.Interrupt(); }       // the next wait of the caller's hears of it
        }
        if (failure != null) { throw new AggregateException(failure); }
    }

    /// <summary>Ends the threads, once a run that is under way has ended. May come twice.</summary>
    public void Dispose() => lifetime.End();

    void Stop()
    {
        stopped = true;
        for (int i = 0; i < workers.Length; i++)
        {
            parked[i].Release();
            workers[i].Join();
            parked[i].Dispose();
        }
    }

    void Start(int count, Action<int, int> body, ref bool wasInterrupted)
    {
        task = body;
        taskCount = count;
        nextTask = 0;
        failure = null;
        Volatile.Write(ref running, workers.Length);
        Interlocked.Increment(ref generation);
        for (int i = 0; i < workers.Length; i++)
        {
            if (Interlocked.Exchange(ref isParked[i], 0) == 0) { continue; }
            for (bool isReleased = false; !isReleased;)
            {
                try
                {
                    parked[i].Release();
                    isReleased = true;
                }
                catch (ThreadInterruptedException) { wasInterrupted = true; }
            }
        }
    }

    void Work(int worker)
    {
        int seen = 0;
        while (true)
        {
            Await(worker, seen);
            if (stopped) { return; }
            seen++;
            TakeTasks(worker + 1);
            Interlocked.Decrement(ref running);
        }
    }

    void Await(int worker, int seen)
    {
        SpinWait spin = default;
        for (int i = 0; i < SpinsBeforeParking; i++)
        {
            if (Volatile.Read(ref generation) != seen || stopped) { return; }
            Spin(ref spin);
        }
        Interlocked.Exchange(ref isParked[worker], 1);
        // A run that began before the flag was seen does not wake this thread; it must look once more.
        if ((Volatile.Read(ref generation) != seen || stopped)
            && Interlocked.Exchange(ref isParked[worker], 0) == 1)
        {
            return;
        }
        parked[worker].Wait();
    }

    void TakeTasks(int thread)
    {
        try
        {
            for (int i; (i = Interlocked.Increment(ref nextTask) - 1) < taskCount;) { task(i, thread); }
        }
        catch (Exception thrown)
        {
            if (thread == 0) { throw; }
            failure = thrown;
        }
    }

    void WaitForWorkers(ref bool wasInterrupted)
    {
        Volatile.Write(ref nextTask, taskCount);
        SpinWait spin = default;
        while (Volatile.Read(ref running) > 0)
        {
            try { Spin(ref spin); }
            catch (ThreadInterruptedException) { wasInterrupted = true; }
        }
    }

    // Never sleeps (a sleep of 1 ms is longer than a phase), but lets other threads run where cores are short.
    static void Spin(ref SpinWait spin) => spin.SpinOnce(sleep1Threshold: -1);
}
