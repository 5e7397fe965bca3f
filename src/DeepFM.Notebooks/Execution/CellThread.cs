using System.Diagnostics.CodeAnalysis;
using System.Runtime;

namespace DeepFM.Notebooks.Execution;

/// <summary>A cell on a thread of its own: user code may block it, deep recursion finds room on it, and it can be ended.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The source holds no handle, and its Cancel may outlast the cell.")]
sealed class CellThread
{
    const int StackBytes = 16 << 20;
    readonly CancellationTokenSource force = new();
    readonly TaskCompletionSource<CellResult> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Thread thread;

    /// <summary>Starts it.</summary>
    /// <param name="run">The cell: synchronous up to its first await.</param>
    /// <param name="forced">The result of a cell that was ended.</param>
    public CellThread(Func<Task<CellResult>> run, Func<CellResult> forced)
    {
        thread = new(() =>
        {
            Task<CellResult>? running = null;
            try
            {
#pragma warning disable SYSLIB0046 // Made for programs like this one, which run their user's code and must be able to stop it.
                ControlledExecution.Run(() => running = run(), force.Token);
#pragma warning restore SYSLIB0046
            }
            catch (Exception stopped) when (stopped is OperationCanceledException or ThreadInterruptedException)
            {
                ended.TrySetResult(forced());
                return;
            }
            // A cell reports its user's errors itself; what is left is the force that has met it while it did so.
            running!.ContinueWith(ran => ended.TrySetResult(ran.IsCompletedSuccessfully ? ran.Result : forced()), TaskScheduler.Default);
        }, StackBytes)
        { IsBackground = true, Name = "cell" };
        thread.Start();
    }

    /// <summary>The cell's end.</summary>
    public Task<CellResult> Ended => ended.Task;

    /// <summary>Waits for the end, up to a time.</summary>
    public async Task<bool> EndsWithin(TimeSpan time)
    {
        await Task.WhenAny(ended.Task, Task.Delay(time));
        return ended.Task.IsCompleted;
    }

    /// <summary>
    /// Ends managed code on the thread, wherever it is, and wakes it when it sleeps or waits. Code in native libraries, and what
    /// the cell has moved to other threads, goes on.
    /// </summary>
    public async Task<bool> EndAsync(TimeSpan within)
    {
        _ = Task.Run(force.Cancel);             // returns only when that is done
        if (await EndsWithin(within / 3)) { return true; }
        thread.Interrupt();
        return await EndsWithin(within * 2 / 3);
    }
}
