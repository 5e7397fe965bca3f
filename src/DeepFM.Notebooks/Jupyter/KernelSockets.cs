using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace DeepFM.Notebooks.Jupyter;

/// <summary>The five sockets of a kernel and the one thread that touches them.</summary>
/// <remarks>
/// <para>Nothing here waits for a cell: the thread only moves frames, so that heartbeats, interrupts and outputs pass while a cell runs.</para>
/// <para>Whoever reaches the ports may send without knowing the key, and a signature is checked only when a message is whole. So the kit
/// speaks ZMTP itself: a message of more than <see cref="MessageLimitBytes"/> or <see cref="MessageCodec.FrameLimit"/> frames is read
/// over without being kept, and so is one that finds all of <see cref="GatheringLimitBytes"/> taken by messages that are not whole.</para>
/// </remarks>
sealed class KernelSockets : IDisposable
{
    /// <summary>The most bytes that a message may have. What Jupyter's server passes on has at most 10 MiB unless it is told otherwise.</summary>
    public const int MessageLimitBytes = 64 * 1024 * 1024;

    /// <summary>The most bytes in memory of messages that are not whole yet.</summary>
    public const int GatheringLimitBytes = 2 * MessageLimitBytes;

    /// <summary>The most bytes that wait for a peer that does not read them; beyond, it is given up.</summary>
    public const long WaitingLimitBytes = 1L << 30;

    const int WishLimitBytes = 1024;            // a subscription
    static readonly TimeSpan handshakePatience = TimeSpan.FromSeconds(30);
    readonly Action<KernelChannel, IReadOnlyList<byte[]>> received;
    readonly KernelLog log;
    readonly long mostWaitingBytes;
    readonly List<Server> servers = [];
    readonly Dictionary<Socket, Peer> peers = [];
    readonly ConcurrentQueue<Outgoing> outbox = new();
    readonly List<ManualResetEventSlim> flushes = [];
    readonly GatheringLimit room = new(GatheringLimitBytes);
    readonly byte[] buffer = new byte[64 * 1024];
    readonly Socket bell = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);     // sends to itself, to end a wait
    readonly Thread thread;
    readonly ManualResetEventSlim closedAll = new();
    uint peerCount;
    bool isRung;
    volatile bool closed;

    /// <summary>Listens and starts the thread.</summary>
    /// <param name="connection">Where to listen.</param>
    /// <param name="received">Gets each message of the shell, control and stdin channels; must be quick.</param>
    /// <param name="log">Where failures are told.</param>
    /// <param name="mostWaitingBytes">At which a peer that does not read is given up.</param>
    /// <exception cref="UserErrorException">An address cannot be listened on.</exception>
    public KernelSockets(ConnectionFile connection, Action<KernelChannel, IReadOnlyList<byte[]>> received, KernelLog log,
        long mostWaitingBytes = WaitingLimitBytes)
    {
        (this.received, this.log, this.mostWaitingBytes) = (received, log, mostWaitingBytes);
        thread = new(Run) { IsBackground = true, Name = "kernel sockets" };
        try
        {
            bell.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            bell.Connect(bell.LocalEndPoint!);
            bell.Blocking = false;
            Listen("shell", connection.Ip, connection.ShellPort, KernelChannel.Shell);
            Listen("control", connection.Ip, connection.ControlPort, KernelChannel.Control);
            Listen("stdin", connection.Ip, connection.StdinPort, KernelChannel.Stdin);
            Listen("heartbeat", connection.Ip, connection.HeartbeatPort, null);
            Listen("iopub", connection.Ip, connection.IopubPort, KernelChannel.Iopub);
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

    /// <summary>Waits until everything queued so far has been handed to the system, or the time is over.</summary>
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
        Ring();
        closedAll.Wait(TimeSpan.FromSeconds(2));
    }

    void Enqueue(Outgoing message)
    {
        if (closed) { return; }
        outbox.Enqueue(message);
        Ring();
    }

    void Ring()
    {
        if (Interlocked.Exchange(ref isRung, true)) { return; }
        try { bell.Send([1]); }
        catch (Exception late) when (late is ObjectDisposedException or SocketException) { }
    }

    void Listen(string name, string ip, int port, KernelChannel? channel)
    {
        string address = $"tcp://{(ip.Contains(':') && ip[0] != '[' ? $"[{ip}]" : ip)}:{port}";
        try
        {
            IPAddress place = ip == "*" ? IPAddress.Any : IPAddress.TryParse(ip, out IPAddress? known) ? known : Dns.GetHostAddresses(ip)[0];
            Socket socket = new(place.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            servers.Add(new(name, channel, socket));
            socket.Bind(new IPEndPoint(place, port));
            socket.Listen(backlog: 512);
        }
        catch (Exception refused) when (refused is SocketException or ArgumentException)
        {
            string cause = refused is SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }
                ? "another program listens there" : refused.Message;
            throw new UserErrorException($"The {name} channel cannot listen on {address}: {cause}. Start the kernel from Jupyter, "
                + "which chooses free ports, or change the connection file.", refused);
        }
    }

    void Run()
    {
        try
        {
            while (!closed)
            {
                List<Socket> readable = [bell, .. servers.Select(server => server.Socket), .. peers.Keys];
                List<Socket> writable = [.. peers.Values.Where(peer => peer.Connection.HasWaiting).Select(peer => peer.Connection.Socket)];
                Socket.Select(readable, writable.Count > 0 ? writable : null, null, handshakePatience);
                Hear();
                foreach (Server server in servers.Where(server => readable.Contains(server.Socket))) { Accept(server); }
                foreach (Socket socket in writable) { At(socket, peer => peer.Connection.SendWaiting()); }
                foreach (Socket socket in readable) { At(socket, Receive); }
                foreach (Peer late in peers.Values.Where(IsLate).ToArray()) { Leave(late, "it never said who it is"); }
                if (flushes.Count > 0 && outbox.IsEmpty && !peers.Values.Any(peer => peer.Connection.HasWaiting)) { EndFlushes(); }
            }
        }
        catch (Exception bug) { log.Line($"the sockets failed: {bug}"); }
        finally
        {
            closed = true;
            Close();
            closedAll.Set();
        }
    }

    // All that was queued goes to those whom it concerns.
    void Hear()
    {
        bell.Receive(buffer, SocketFlags.None, out _);
        Interlocked.Exchange(ref isRung, false);            // a fence: the queue is looked at only after it is seen
        while (outbox.TryDequeue(out Outgoing? message))
        {
            if (message.Reached is { } reached) { flushes.Add(reached); }
            else if (message.Channel == KernelChannel.Iopub)
            {
                foreach (Peer peer in peers.Values.Where(peer => peer.Connection.Wants(message.Frames[0])).ToArray())
                {
                    Send(peer, message.Frames);
                }
            }
            else if (servers.Single(server => server.Channel == message.Channel).Find(message.Frames[0]) is { } client)
            {
                At(client.Socket, peer => Send(peer, message.Frames.AsSpan(1)));
            }
        }
    }

    void Send(Peer peer, ReadOnlySpan<byte[]> frames)
    {
        peer.Connection.Send(frames);
        if (peer.Connection.WaitingBytes > mostWaitingBytes) { Leave(peer, "it does not read what it is sent"); }
        else { At(peer.Connection.Socket, still => still.Connection.SendWaiting()); }
    }

    void Accept(Server server)
    {
        Socket socket;
        try { socket = server.Socket.Accept(); }
        catch (SocketException none)
        {
            if (none.SocketErrorCode == SocketError.WouldBlock) { return; }
            log.Line($"a connection on {server.Name} could not be taken: {none.Message}");
            Thread.Sleep(100);                              // too many are open: until some are closed
            return;
        }
        (socket.Blocking, socket.NoDelay) = (false, true);
        bool isIopub = server.Channel == KernelChannel.Iopub;
        ZmtpConnection connection = new(socket, isIopub ? "PUB" : "ROUTER",
            (message, command) => new(isIopub ? 1 : MessageCodec.FrameLimit - 1, isIopub ? WishLimitBytes : MessageLimitBytes, room)
            {
                Message = message,
                Commanded = command,
                Overrun = () => log.Line($"a message on {server.Name} was dropped: it is too large, or too much is sent at once"),
            },
            ready => Welcome(server, ready), (from, frames) => Take(server, from, frames));
        peers.Add(socket, new(server, connection, Environment.TickCount64));
        At(socket, peer => peer.Connection.SendWaiting());
    }

    // A client that comes back under its name gets its answers.
    void Welcome(Server server, ZmtpConnection connection)
    {
        if (connection.Identity.Length == 0)
        {
            connection.Identity = [0, .. BitConverter.GetBytes(++peerCount)];
        }
        if (server.Find(connection.Identity) is { } before) { At(before.Socket, peer => Leave(peer, null)); }
        server.Add(connection);
    }

    void Take(Server server, ZmtpConnection from, List<byte[]> frames)
    {
        switch (server.Channel)
        {
            case null:
                from.Send([.. frames]);                     // the heartbeat
                break;
            case KernelChannel.Iopub:
                from.Subscribe(frames[0]);
                break;
            case { } channel:
                try { received(channel, [from.Identity, .. frames]); }
                catch (Exception bug) { log.Line($"a message was lost: {bug}"); }
                break;
        }
    }

    void Receive(Peer peer)
    {
        if (!peer.Connection.Receive(buffer)) { Leave(peer, null); }
        else { peer.Connection.SendWaiting(); }
    }

    // What a connection does ends that connection alone.
    void At(Socket socket, Action<Peer> action)
    {
        if (!peers.TryGetValue(socket, out Peer? peer)) { return; }
        try { action(peer); }
        catch (ZmtpException wrong) { Leave(peer, wrong.Message); }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException) { Leave(peer, null); }
    }

    void Leave(Peer peer, string? reason)
    {
        if (!peers.Remove(peer.Connection.Socket)) { return; }
        if (reason is not null) { log.Line($"a connection on {peer.Server.Name} was closed: {reason}"); }
        peer.Server.Remove(peer.Connection);
        peer.Connection.Dispose();
    }

    static bool IsLate(Peer peer) => !peer.Connection.IsReady
        && Environment.TickCount64 - peer.Since > (long)handshakePatience.TotalMilliseconds;

    void EndFlushes()
    {
        foreach (ManualResetEventSlim reached in flushes)
        {
            try { reached.Set(); }
            catch (ObjectDisposedException) { }             // whoever waited has gone
        }
        flushes.Clear();
    }

    void Close()
    {
        foreach (Peer peer in peers.Values) { peer.Connection.Dispose(); }
        peers.Clear();
        foreach (Server server in servers) { server.Socket.Dispose(); }
        bell.Dispose();
    }

    sealed record Outgoing(KernelChannel Channel, byte[][] Frames, ManualResetEventSlim? Reached);

    sealed record Peer(Server Server, ZmtpConnection Connection, long Since);

    /// <summary>A port, and who is connected to it.</summary>
    /// <param name="Name">For messages.</param>
    /// <param name="Channel">Null for the heartbeat.</param>
    /// <param name="Socket">Where it listens.</param>
    sealed record Server(string Name, KernelChannel? Channel, Socket Socket)
    {
        readonly Dictionary<string, ZmtpConnection> byIdentity = [];

        public ZmtpConnection? Find(byte[] identity) => byIdentity.GetValueOrDefault(Convert.ToHexString(identity));

        public void Add(ZmtpConnection connection) => byIdentity[Convert.ToHexString(connection.Identity)] = connection;

        public void Remove(ZmtpConnection connection)
        {
            if (Find(connection.Identity) == connection) { byIdentity.Remove(Convert.ToHexString(connection.Identity)); }
        }
    }
}
