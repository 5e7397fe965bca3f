using System.Runtime;
using DeepFM.Notebooks.Execution;

namespace DeepFM.Notebooks.Jupyter;

/// <summary>Runs one cell on a thread of its own, so that it can be stopped.</summary>
/// <remarks>
/// An interrupt first cancels the cell's token: training and everything else that watches it stops in good order. A cell that
/// does not (an endless loop, a long sleep) is the host's to end: <see cref="CellHost"/> does so by force, and leaves the cell
/// alone when that fails too, all within two seconds. A host that has not returned after <see cref="PatienceSeconds"/> is ended
/// by force here, so that the kernel stays usable whatever it runs. Two things cannot be ended: code in native libraries, and
/// what a cell has moved to other threads, which goes on in the background. The user is told, and can restart the kernel.
/// </remarks>
sealed class CellRunner : IDisposable
{
    /// <summary>How long the host of an interrupted cell may take to return by itself.</summary>
    public const double PatienceSeconds = 3;

    const int StackBytes = 16 * 1024 * 1024;    // deep recursion is a common slip in a cell, and an overflow would end the kernel
    readonly CancellationTokenSource polite = new(), force = new();
    readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    Thread? thread;
    int interrupts;

    /// <summary>Whether the cell was asked to stop.</summary>
    public bool Interrupted => Volatile.Read(ref interrupts) > 0;

    /// <summary>The token that the cell watches.</summary>
    public CancellationToken Cancel => polite.Token;

    /// <summary>Runs the cell; completes when its thread has left it. Never throws.</summary>
    public async Task<CellResult> RunAsync(ICellHost host, string code, ICellOutput output)
    {
        TaskCompletionSource<CellResult> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        thread = new(() => done.SetResult(OnThread(host, code, output)), StackBytes) { IsBackground = true, Name = "cell" };
        thread.Start();
        CellResult result = await done.Task;
        ended.TrySetResult();
        return result;
    }

    /// <summary>Asks the cell to stop, and ends it by force when it does not.</summary>
    /// <param name="tell">Gets a sentence for the user when the cell does not stop by itself.</param>
    public void Interrupt(Action<string> tell)
    {
        if (Interlocked.Increment(ref interrupts) == 1) { _ = Task.Run(() => StopAsync(tell)); }
    }

    /// <summary>Nothing can be stopped after this.</summary>
    public void Dispose() => ended.TrySetResult();

    async Task StopAsync(Action<string> tell)
    {
        try { polite.Cancel(); }
        catch (AggregateException inCallback) { tell($"An error while the cell was stopped: {inCallback.InnerException?.Message}"); }
        if (await EndsWithin(PatienceSeconds)) { return; }

        tell($"The cell did not stop by itself within {PatienceSeconds:0} s, so it is ended by force: what it was changing may be half "
            + "done, and what it has started in the background may go on.");
        _ = Task.Run(force.Cancel);             // ends a thread that computes; returns only when that is done
        thread?.Interrupt();                    // wakes one that sleeps or waits
        if (await EndsWithin(PatienceSeconds)) { return; }
        tell("The cell is in native code, which cannot be ended. Restart the kernel to be rid of it.");
    }

    async Task<bool> EndsWithin(double seconds)
    {
        await Task.WhenAny(ended.Task, Task.Delay(TimeSpan.FromSeconds(seconds)));
        return ended.Task.IsCompleted;
    }

    CellResult OnThread(ICellHost host, string code, ICellOutput output)
    {
        CellResult? result = null;
        try
        {
#pragma warning disable SYSLIB0046 // Made for programs like this one, which run their user's code and must be able to stop it.
            ControlledExecution.Run(() => result = host.RunAsync(code, output, polite.Token).GetAwaiter().GetResult(), force.Token);
#pragma warning restore SYSLIB0046
            return result!;
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or ThreadInterruptedException && Interrupted)
        {
            return result ?? new(false, null, "Interrupted", "The cell was interrupted.", ["The cell was interrupted."]);
        }
        catch (Exception bug)
        {
            return new(false, null, bug.GetType().Name, bug.Message, bug.ToString().Split(Environment.NewLine));
        }
    }
}
