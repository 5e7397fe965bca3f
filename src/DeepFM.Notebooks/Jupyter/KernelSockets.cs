using System.Net;
using System.Net.Sockets;
using NetMQ;
using NetMQ.Sockets;

namespace DeepFM.Notebooks.Jupyter;

/// <summary>The five sockets of a kernel and the one thread that touches them.</summary>
/// <remarks>
/// Nothing here waits for a cell: the thread only moves frames, so that heartbeats, interrupts and outputs pass while a cell runs.
/// Messages that are too large are refused by the transport, which then closes that connection.
/// </remarks>
sealed class KernelSockets : IDisposable
{
    /// <summary>The most bytes that one frame may have.</summary>
    public const int FrameLimitBytes = 64 * 1024 * 1024;

    const int FramesInMemory = MessageCodec.FrameLimit + 1;
    readonly Action<KernelChannel, IReadOnlyList<byte[]>> received;
    readonly KernelLog log;
    readonly RouterSocket shell = new(), control = new(), stdin = new(), heartbeat = new();
    readonly PublisherSocket iopub = new();
    readonly NetMQQueue<Outgoing> outbox = new();
    readonly NetMQPoller poller;
    readonly Thread thread;
    readonly ManualResetEventSlim drained = new();
    volatile bool closed;

    /// <summary>Binds the sockets and starts the thread.</summary>
    /// <param name="connection">Where to listen.</param>
    /// <param name="received">Gets each message of the shell, control and stdin channels; must be quick.</param>
    /// <param name="log">Where failures are told.</param>
    /// <exception cref="UserErrorException">An address cannot be listened on.</exception>
    public KernelSockets(ConnectionFile connection, Action<KernelChannel, IReadOnlyList<byte[]>> received, KernelLog log)
    {
        (this.received, this.log) = (received, log);
        poller = [outbox];
        thread = new(Run) { IsBackground = true, Name = "kernel sockets" };
        try
        {
            Listen(shell, "shell", connection.Ip, connection.ShellPort, KernelChannel.Shell);
            Listen(control, "control", connection.Ip, connection.ControlPort, KernelChannel.Control);
            Listen(stdin, "stdin", connection.Ip, connection.StdinPort, KernelChannel.Stdin);
            Bind(heartbeat, "heartbeat", connection.Ip, connection.HeartbeatPort);
            heartbeat.ReceiveReady += (_, _) => Guarded(Echo);
            poller.Add(heartbeat);
            Bind(iopub, "iopub", connection.Ip, connection.IopubPort);
            outbox.ReceiveReady += (_, _) => Guarded(SendWaiting);
            thread.Start();
        }
        catch
        {
            Close();
            throw;
        }
    }

    /// <summary>Queues a message; messages leave in the order in which they were queued. After the end it is dropped.</summary>
    public void Send(KernelChannel channel, byte[][] frames) => Enqueue(new(channel, frames, null));

    /// <summary>Waits until everything queued so far has been handed to the transport, or the time is over.</summary>
    public void Flush(TimeSpan atMost)
    {
        using ManualResetEventSlim reached = new();
        Enqueue(new(KernelChannel.Iopub, [], reached));
        reached.Wait(atMost);
    }

    /// <summary>Sends what is queued, then closes the sockets.</summary>
    public void Dispose()
    {
        if (closed) { return; }
        Flush(TimeSpan.FromSeconds(1));
        closed = true;
        poller.StopAsync();
        drained.Wait(TimeSpan.FromSeconds(2));
    }

    void Enqueue(Outgoing message)
    {
        if (closed) { return; }
        try { outbox.Enqueue(message); }
        catch (Exception late) when (late is ObjectDisposedException or TerminatingException) { }
    }

    void Listen(RouterSocket socket, string name, string ip, int port, KernelChannel channel)
    {
        Bind(socket, name, ip, port);
        socket.ReceiveReady += (_, _) => Guarded(() =>
        {
            if (Receive(socket) is { } frames) { received(channel, frames); }
        });
        poller.Add(socket);
    }

    static void Bind(NetMQSocket socket, string name, string ip, int port)
    {
        // Losing a message would leave a client waiting for ever, so the queues are not limited; StreamPace keeps them short.
        socket.Options.SendHighWatermark = 0;
        socket.Options.MaxMsgSize = FrameLimitBytes;
        socket.Options.Linger = TimeSpan.FromSeconds(1);
        if (socket is RouterSocket router) { router.Options.RouterHandover = true; }    // a client that comes back gets its answers
        string address = $"tcp://{(ip.Contains(':') && ip[0] != '[' ? $"[{ip}]" : ip)}:{port}";
        try
        {
            socket.Bind(address);
        }
        catch (Exception refused) when (refused is NetMQException or SocketException or ArgumentException or ProtocolNotSupportedException)
        {
            string cause = refused is AddressAlreadyInUseException ? "another program listens there" : refused.Message;
            throw new UserErrorException($"The {name} channel cannot listen on {address}: {cause}. Start the kernel from Jupyter, "
                + "which chooses free ports, or change the connection file.", refused);
        }
    }

    // All frames of one message; null when they are more than any message has.
    static List<byte[]>? Receive(NetMQSocket socket)
    {
        List<byte[]> frames = [];
        bool more = true;
        for (int count = 0; more; count++)
        {
            if (!socket.TryReceiveFrameBytes(TimeSpan.Zero, out byte[]? frame, out more)) { return null; }
            if (count < FramesInMemory) { frames.Add(frame!); }
        }
        return frames;
    }

    void Echo()
    {
        if (Receive(heartbeat) is { Count: <= MessageCodec.FrameLimit } frames) { TrySend(heartbeat, frames); }
    }

    void SendWaiting()
    {
        while (outbox.TryDequeue(out Outgoing? message, TimeSpan.Zero))
        {
            if (message.Reached is { } reached) { reached.Set(); }
            else
            {
                TrySend(message.Channel switch
                {
                    KernelChannel.Shell => shell,
                    KernelChannel.Control => control,
                    KernelChannel.Stdin => stdin,
                    _ => iopub,
                }, message.Frames);
            }
        }
    }

    static void TrySend(NetMQSocket socket, IReadOnlyList<byte[]> frames)
    {
        for (int i = 0; i < frames.Count; i++) { socket.TrySendFrame(TimeSpan.Zero, frames[i], frames[i].Length, i + 1 < frames.Count); }
    }

    void Guarded(Action action)
    {
        try { action(); }
        catch (Exception bug) when (bug is not TerminatingException) { log.Line($"a message was lost: {bug}"); }
    }

    void Run()
    {
        try { poller.Run(); }
        catch (Exception bug) { log.Line($"the sockets failed: {bug}"); }
        finally
        {
            Close();
            drained.Set();
        }
    }

    void Close()
    {
        poller.Dispose();
        outbox.Dispose();
        foreach (NetMQSocket socket in new NetMQSocket[] { shell, control, stdin, heartbeat, iopub }) { socket.Dispose(); }
    }

    sealed record Outgoing(KernelChannel Channel, byte[][] Frames, ManualResetEventSlim? Reached);
}
