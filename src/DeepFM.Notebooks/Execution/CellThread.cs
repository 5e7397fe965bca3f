using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using DeepFM.Notebooks.Languages;

namespace DeepFM.Notebooks.Execution;

/// <summary>One cell on a thread of its own: user code may block it, deep recursion finds room on it, and it can be stopped.</summary>
/// <remarks>
/// <para>
/// The one place that stops cells; a kernel and a notebook runner cancel the token that they gave to the host, and wait. First
/// the cell is asked: trainings, loops of cells, and all that watches the cell's token stop in good order. A cell that has not
/// ended after <see cref="CellPatience.Asked"/> is woken from its sleeps and waits. One that does not end within
/// <see cref="CellPatience.Woken"/> then is left alone, so that the kernel stays usable whatever it runs.
/// </para>
/// <para>
/// What computes in a library, or was moved to other threads, as an await does with all that follows it, goes on in the
/// background: the user is told, and can restart the kernel. It is not aborted, as <see cref="System.Runtime.ControlledExecution"/>
/// could do it: on Linux .NET 10 ends the whole process (an unhandled PAL_SEHException) when a thread meets the abort as it
/// returns from a method, which most code that calls others does.
/// </para>
/// </remarks>
/// <param name="patience">With a cell that shall stop.</param>
[SuppressMessage("Design", "CA1001", Justification = "The source holds no handle, and its token may outlast the cell.")]
sealed class CellThread(CellPatience patience)
{
    const int StackBytes = 16 << 20;            // deep recursion is a common slip in a cell, and an overflow would end the kernel

    /// <summary>Time between two looks at a cell that is woken.</summary>
    static readonly TimeSpan glance = TimeSpan.FromMilliseconds(20);

    readonly CancellationTokenSource request = new();
    readonly TaskCompletionSource<CellResult> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    volatile bool woken, left;                  // left the thread: what remains of the cell waits, or runs, elsewhere

    /// <summary>The token that the cell watches.</summary>
    public CancellationToken Cancellation => request.Token;

    /// <summary>Runs the cell; called once. Ends soon after the patience with a cell that shall stop.</summary>
    /// <param name="cell">The cell: synchronous up to its first await.</param>
    /// <param name="tell">Gets a line for the user when a callback of the cell fails while it is stopped.</param>
    /// <param name="leave">Called when the cell is left alone.</param>
    /// <param name="stop">Asks it to stop.</param>
    public async Task<CellResult> RunAsync(Func<Task<CellResult>> cell, Action<string> tell, Action leave, CancellationToken stop)
    {
        Thread thread = new(() => _ = OnThread(cell), StackBytes) { IsBackground = true, Name = "cell" };
        thread.Start();
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using (stop.Register(asked.SetResult)) { await Task.WhenAny(asked.Task, ended.Task); }
        if (ended.Task.IsCompleted || await StopAsync(thread, tell)) { return await ended.Task; }
        leave();
        return ErrorReport.OfInterrupt("The cell was interrupted, but does not stop; it goes on in the background, and nothing it "
            + "writes is shown. Restart the kernel to end it.", []);
    }

    async Task OnThread(Func<Task<CellResult>> cell)
    {
        try
        {
            Task<CellResult> running = cell();
            left = !running.IsCompleted;
            ended.TrySetResult(await running);
        }
        catch (ThreadInterruptedException) when (woken)     // while the cell reported its error
        {
            ended.TrySetResult(ErrorReport.OfInterrupt("The cell was interrupted.", []));
        }
        catch (Exception bug)
        {
            ended.TrySetException(bug);
        }
    }

    // Whether the cell ends.
    async Task<bool> StopAsync(Thread thread, Action<string> tell)
    {
        CellLoop.Begin();
        _ = ended.Task.ContinueWith(_ => CellLoop.End(), TaskScheduler.Default);
        Stopwatch time = Stopwatch.StartNew();
        Task told = RequestAsync(tell);
        if (!await EndsWithin(patience.Asked) && !await EndsWhenWoken(thread)) { return ended.Task.IsCompleted; }
        // A callback may still be about to write what belongs to the cell's end.
        TimeSpan remaining = patience.Asked + patience.Woken - time.Elapsed;
        if (remaining > TimeSpan.Zero) { await Task.WhenAny(told, Task.Delay(remaining)); }
        return true;
    }

    async Task<bool> EndsWhenWoken(Thread thread)
    {
        for (Stopwatch time = Stopwatch.StartNew(); !left && time.Elapsed < patience.Woken;)
        {
            // Only one that waits: a thread that computes would meet it later, where it is not expected any more.
            if (thread.ThreadState.HasFlag(System.Threading.ThreadState.WaitSleepJoin))
            {
                woken = true;
                thread.Interrupt();
            }
            if (await EndsWithin(glance)) { return true; }
        }
        return false;
    }

    // Callbacks of the cell take as long as they like.
    async Task RequestAsync(Action<string> tell)
    {
        try { await request.CancelAsync(); }
        catch (Exception inCallback) { tell($"An error while the cell was stopped: {inCallback.GetBaseException().Message}\n"); }
    }

    async Task<bool> EndsWithin(TimeSpan time)
    {
        await Task.WhenAny(ended.Task, Task.Delay(time));
        return ended.Task.IsCompleted;
    }
}

/// <summary>How long an interrupted cell may take to end.</summary>
/// <param name="Asked">By itself.</param>
/// <param name="Woken">Then, when it is woken.</param>
readonly record struct CellPatience(TimeSpan Asked, TimeSpan Woken)
{
    /// <summary>What a user waits willingly: together two seconds with all that is around it.</summary>
    public static CellPatience Standard { get; } = new(TimeSpan.FromMilliseconds(900), TimeSpan.FromMilliseconds(900));
}
