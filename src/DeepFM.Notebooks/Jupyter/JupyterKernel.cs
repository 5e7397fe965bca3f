using System.Text.Json.Nodes;
using System.Threading.Channels;
using DeepFM.Notebooks.Execution;

namespace DeepFM.Notebooks.Jupyter;

/// <summary>A Jupyter kernel: takes requests over ZeroMQ, has a host run their cells, and publishes what comes out.</summary>
/// <remarks>
/// <para>Jupyter messaging protocol 5.3. Requests of the shell channel are answered one after the other, those of the control
/// channel beside them. Messages that are malformed, wrongly signed or sent again are dropped with a line in the log.</para>
/// <para>The host is made in the background, so that the kernel answers before a compiler is loaded.</para>
/// </remarks>
public sealed class JupyterKernel : IAsyncDisposable
{
    readonly KernelLog log;
    readonly MessageCodec codec;
    readonly KernelSockets sockets;
    readonly IopubWriter iopub;
    readonly StdinChannel stdin;
    readonly Task<ICellHost> host;
    readonly ShellRequests requests;
    readonly ExecuteRequests cells;
    readonly Channel<JupyterMessage> shell = Channel.CreateUnbounded<JupyterMessage>();
    readonly Channel<JupyterMessage> control = Channel.CreateUnbounded<JupyterMessage>();
    readonly CancellationTokenSource ending = new();
    readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Task shellWork, controlWork;
    long abortedUntil;
    bool disposed;

    /// <summary>Listens, and begins to answer.</summary>
    /// <param name="connection">Where to listen, and the key.</param>
    /// <param name="createHost">Makes what runs the cells; called once, in the background.</param>
    /// <param name="log">Gets a line for what was dropped or failed; standard error by default.</param>
    /// <exception cref="UserErrorException">An address cannot be listened on.</exception>
    public JupyterKernel(ConnectionFile connection, Func<ICellHost> createHost, TextWriter? log = null)
    {
        this.log = new(log ?? Console.Error);
        if (connection.Key.Length == 0)
        {
            this.log.Line("the connection file has no key: every program that reaches the ports can run code here. "
                + "Jupyter gives a key; one in a file of your own must be random.");
        }
        codec = new(connection.Key);
        sockets = new(connection, Receive, this.log);
        iopub = new(codec, sockets.Send);
        stdin = new(codec, sockets.Send);
        host = Task.Run(createHost);
        _ = host.ContinueWith(failed => this.log.Line($"the host could not be made: {failed.Exception!.InnerException!.Message}"),
            CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        CellHistory history = new();
        requests = new(host, history, iopub);
        cells = new(host, history, iopub, stdin);
        iopub.Status("starting", null);
        shellWork = Task.Run(() => WorkAsync(shell.Reader));
        controlWork = Task.Run(() => WorkAsync(control.Reader));
    }

    /// <summary>Completes when a client has asked the kernel to end, or <see cref="Stop"/> was called.</summary>
    public Task Ended => ended.Task;

    /// <summary>How many requests of the shell channel wait for the one that is answered.</summary>
    internal int QueuedRequests => shell.Reader.Count;

    /// <summary>Stops the cell that runs; does nothing when none does.</summary>
    public void Interrupt() => cells.Interrupt();

    /// <summary>Asks the kernel to end.</summary>
    public void Stop() => ended.TrySetResult();

    /// <summary>Shows a failure outside any cell, such as one in a background task, under the cell that ran last.</summary>
    public void ReportBackgroundFailure(Exception failure)
    {
        log.Line($"a background failure: {failure}");
        iopub.Stream(cells.LastHeader, "stderr", $"Unhandled exception in the background: {ErrorReport.OfBackground(failure)}\n");
    }

    /// <summary>Ends the running cell's request with an error, because the process itself ends; sends all that waits.</summary>
    public void ReportExit(int code)
    {
        if (cells.Current is { } request)
        {
            JsonObject error = ExecuteRequests.Error("ProcessExit",
                $"The cell ended the kernel's process with exit code {code}. "
                + "Its variables are gone; a new kernel starts without them.", null);
            iopub.Publish("error", request.Header, (JsonObject)error.DeepClone());
            error["status"] = "error";
            Reply(request, "execute_reply", error);
            iopub.Status("idle", request.Header);
        }
        iopub.Flush();
        sockets.Dispose();
    }

    /// <summary>Ends the kernel: stops the running cell, disposes the host, closes the sockets.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, true)) { return; }
        Stop();
        shell.Writer.TryComplete();
        control.Writer.TryComplete();
        await ending.CancelAsync();
        cells.Interrupt();
        // A cell that does not stop must not keep the process.
        await Task.WhenAny(Task.WhenAll(shellWork, controlWork), Task.Delay(TimeSpan.FromSeconds(2)));
        if (host.IsCompletedSuccessfully) { await Task.WhenAny(DisposeHost(), Task.Delay(TimeSpan.FromSeconds(2))); }
        iopub.Dispose();
        sockets.Dispose();
        stdin.Dispose();
        ending.Dispose();
    }

    async Task DisposeHost()
    {
        try { await (await host).DisposeAsync(); }
        catch (Exception failed) { log.Line($"the host did not end in order: {failed}"); }
    }

    // On the sockets' thread: only sorts.
    void Receive(KernelChannel channel, IReadOnlyList<byte[]> frames)
    {
        if (codec.Read(channel, frames, out string reason) is not { } message)
        {
            log.Line($"a message on {channel} was dropped: {reason}");
            return;
        }
        if (channel == KernelChannel.Stdin)
        {
            try { stdin.Answer(message); }
            catch (BadRequestException wrong) { log.Line($"an answer on stdin was dropped: {wrong.Message}"); }
            return;
        }
        (channel == KernelChannel.Control ? control : shell).Writer.TryWrite(message);
    }

    async Task WorkAsync(ChannelReader<JupyterMessage> queue)
    {
        await foreach (JupyterMessage request in queue.ReadAllAsync())
        {
            if (ending.IsCancellationRequested) { return; }
            try
            {
                iopub.Status("busy", request.Header);
                await AnswerAsync(request);
                iopub.Status("idle", request.Header);
            }
            catch (Exception bug)
            {
                log.Line($"{request.Header.Type} failed: {bug}");
            }
            if (ended.Task.IsCompleted) { return; }
        }
    }

    async Task AnswerAsync(JupyterMessage request)
    {
        string type = request.Header.Type;
        if (!type.EndsWith("_request", StringComparison.Ordinal) && !ShellRequests.Knows(type)) { Ignore(request); return; }
        string replyType = type.Replace("_request", "_reply", StringComparison.Ordinal);
        try
        {
            switch (type)
            {
                case "execute_request" when request.Channel == KernelChannel.Shell:
                    bool aborted = request.Received <= Volatile.Read(ref abortedUntil);
                    Reply(request, replyType, aborted ? ExecuteRequests.Aborted() : await cells.RunAsync(request, AbortQueue));
                    break;
                case "interrupt_request":
                    cells.Interrupt();
                    Reply(request, replyType, new() { ["status"] = "ok" });
                    break;
                case "shutdown_request":
                    Shutdown(request);
                    break;
                default:
                    if (!ShellRequests.Knows(type)) { Ignore(request); }
                    else if (await requests.AnswerAsync(request, ending.Token) is { } content) { Reply(request, replyType, content); }
                    break;
            }
        }
        catch (Exception failed) when (failed is not OperationCanceledException || !ending.IsCancellationRequested)
        {
            if (failed is not BadRequestException) { log.Line($"{type} failed: {failed}"); }
            JsonObject error = ExecuteRequests.Error(failed.GetType().Name, failed.Message, null);
            error["status"] = "error";
            Reply(request, replyType, error);
        }
    }

    // What came before the failure was told was sent in the belief that all would go well.
    void AbortQueue() => Volatile.Write(ref abortedUntil, System.Diagnostics.Stopwatch.GetTimestamp());

    void Shutdown(JupyterMessage request)
    {
        JsonObject content = new() { ["status"] = "ok", ["restart"] = new RequestContent(request.Content).Flag("restart", false) };
        Reply(request, "shutdown_reply", content);
        iopub.Publish("shutdown_reply", request.Header, (JsonObject)content.DeepClone());
        ended.TrySetResult();
    }

    void Ignore(JupyterMessage request) => log.Line($"'{request.Header.Type}' on {request.Channel} is not known here and was ignored");

    void Reply(JupyterMessage request, string type, JsonObject content) =>
        sockets.Send(request.Channel, codec.Write(request.Identities, type, request.Header, content));
}
