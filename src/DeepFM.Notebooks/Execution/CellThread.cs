using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime;
using DeepFM.Notebooks.Languages.CSharp;

namespace DeepFM.Notebooks.Execution;

/// <summary>One cell on a thread of its own: user code may block it, deep recursion finds room on it, and it can be ended.</summary>
/// <remarks>
/// <para>
/// The one place that stops cells; a kernel and a notebook runner cancel the token that they gave to the host, and wait. First
/// the cell is asked: trainings, loops of C# cells, and all that watches the cell's token stop in good order. A cell that has
/// not ended after <see cref="patience"/> is ended by force: managed code wherever it is, a sleep or a wait by waking it. A cell
/// that does not end in as long again is left alone, so that the kernel stays usable whatever it runs.
/// </para>
/// <para>
/// Two things cannot be ended: code in native libraries, and what a cell has moved to other threads, as an await does with all
/// that follows it. That goes on in the background; the user is told, and can restart the kernel.
/// </para>
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "The sources hold no handle, and their Cancel and token may outlast the cell.")]
sealed class CellThread
{
    const int StackBytes = 16 << 20;            // deep recursion is a common slip in a cell, and an overflow would end the kernel

    /// <summary>How long an interrupted cell may take to end: by itself, and once more by force.</summary>
    static readonly TimeSpan patience = TimeSpan.FromMilliseconds(900);

    /// <summary>Time between two looks at a cell that is ended by force.</summary>
    static readonly TimeSpan glance = TimeSpan.FromMilliseconds(20);

    readonly CancellationTokenSource request = new(), force = new();
    readonly TaskCompletionSource<CellResult> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    volatile bool left;                         // the thread: what remains of the cell waits, or runs, elsewhere

    /// <summary>The token that the cell watches.</summary>
    public CancellationToken Cancellation => request.Token;

    /// <summary>Runs the cell; called once. Ends within two seconds after it shall stop.</summary>
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
            Task<CellResult>? running = null;
#pragma warning disable SYSLIB0046 // Made for programs like this one, which run their user's code and must be able to stop it.
            ControlledExecution.Run(() => running = cell(), force.Token);
#pragma warning restore SYSLIB0046
            left = true;
            ended.TrySetResult(await running!);
        }
        // A cell reports its user's errors itself; this is the force, which may meet it also while it does so.
        catch (Exception) when (force.IsCancellationRequested)
        {
            ended.TrySetResult(ErrorReport.OfInterrupt("The cell did not stop by itself and was ended by force: what it was changing "
                + "may be half done, and what it has started in the background may go on.", []));
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
        _ = RequestAsync(tell);
        if (await EndsWithin(patience)) { return true; }
        if (left) { return false; }

        _ = Task.Run(force.Cancel);             // ends a thread that computes; returns only when that is done
        for (Stopwatch time = Stopwatch.StartNew(); time.Elapsed < patience;)
        {
            if (await EndsWithin(glance)) { return true; }
            // Only now: a thread that was computing would meet it at a wait of what cleans up behind it.
            if (!left && thread.ThreadState.HasFlag(System.Threading.ThreadState.WaitSleepJoin)) { thread.Interrupt(); }
        }
        return false;
    }

    // Callbacks of the cell take as long as they like.
    async Task RequestAsync(Action<string> tell)
    {
        try { await request.CancelAsync(); }
        catch (Exception inCallback) { tell($"An error while the cell was stopped: {inCallback.Message}\n"); }
    }

    async Task<bool> EndsWithin(TimeSpan time)
    {
        await Task.WhenAny(ended.Task, Task.Delay(time));
        return ended.Task.IsCompleted;
    }
}
