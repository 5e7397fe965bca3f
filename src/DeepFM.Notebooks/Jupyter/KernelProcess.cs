using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using DeepFM.Notebooks.Execution;

namespace DeepFM.Notebooks.Jupyter;

/// <summary>A kernel as a process: with its signals, its parent, and the failures that would end a process.</summary>
public static class KernelProcess
{
    static JupyterKernel? running;
    static bool handlesExceptions;

    /// <summary>Runs a kernel until a client, a signal or the end of its parent ends it.</summary>
    /// <remarks>
    /// SIGINT interrupts the cell that runs, as an interrupt_request does. Exceptions in background tasks and threads are shown
    /// under the last cell and do not end the process. A cell that calls Environment.Exit ends it, after its request was answered.
    /// </remarks>
    /// <param name="connectionFile">The file that Jupyter wrote.</param>
    /// <param name="createHost">Makes what runs the cells; called once, in the background.</param>
    /// <exception cref="UserErrorException">The file is wrong, or an address cannot be listened on.</exception>
    public static async Task RunAsync(string connectionFile, Func<ICellHost> createHost)
    {
        await using JupyterKernel kernel = new(ConnectionFile.Read(connectionFile), createHost,
            new StreamWriter(Console.OpenStandardError()) { AutoFlush = true });    // cells may redirect Console.Error
        running = kernel;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        TaskScheduler.UnobservedTaskException += OnUnobserved;
        if (!handlesExceptions)                 // can be set once in a process
        {
            handlesExceptions = true;
            ExceptionHandling.SetUnhandledExceptionHandler(OnUnhandled);
        }
        using PosixSignalRegistration interrupt = On(PosixSignal.SIGINT, kernel.Interrupt);
        using PosixSignalRegistration terminate = On(PosixSignal.SIGTERM, kernel.Stop), hangUp = On(PosixSignal.SIGHUP, kernel.Stop);
        using ParentWatch parent = new(Environment.GetEnvironmentVariable("JPY_PARENT_PID"), kernel.Stop);
        try
        {
            await kernel.Ended;
            await kernel.DisposeAsync();
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= OnUnobserved;
            AppDomain.CurrentDomain.ProcessExit -= OnExit;
            running = null;
        }
    }

    static PosixSignalRegistration On(PosixSignal signal, Action action) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        action();
    });

    static void OnUnobserved(object? sender, UnobservedTaskExceptionEventArgs failed)
    {
        failed.SetObserved();
        running?.ReportBackgroundFailure(failed.Exception.InnerException ?? failed.Exception);
    }

    static bool OnUnhandled(Exception failure)
    {
        if (running is not { } kernel) { return false; }
        kernel.ReportBackgroundFailure(failure);
        return true;
    }

    // Comes when a cell calls Environment.Exit; the usual end has taken this away before.
    static void OnExit(object? sender, EventArgs e) => running?.ReportExit(Environment.ExitCode);
}
