using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace DeepFM.Notebooks.Jupyter;

/// <summary>One peer of one of the kernel's sockets. Not for several threads at once.</summary>
sealed class ZmtpConnection : IDisposable
{
    const int MostTopics = 1000, MostCopied = 16 * 1024;
    static readonly byte[] greeting = [0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0, .. "NULL"u8, .. new byte[16 + 1 + 31]];
    readonly ZmtpDecoder decoder;
    readonly Queue<byte[]> waiting = new();
    readonly List<byte[]> topics = [];
    readonly Action<ZmtpConnection> ready;
    int sentOfFirst;

    /// <summary>Greets the peer.</summary>
    /// <param name="socket">Connected, and not blocking.</param>
    /// <param name="type">What the peer sees: "ROUTER" or "PUB".</param>
    /// <param name="decoder">Makes what reads the peer's bytes, from what gets its messages and its commands.</param>
    /// <param name="ready">Told when the peer has said who it is.</param>
    /// <param name="message">Gets the peer's messages.</param>
    public ZmtpConnection(Socket socket, string type, Func<Action<List<byte[]>>, Action<string, byte[]>, ZmtpDecoder> decoder,
        Action<ZmtpConnection> ready, Action<ZmtpConnection, List<byte[]>> message)
    {
        (Socket, this.ready) = (socket, ready);
        this.decoder = decoder(frames =>
        {
            if (!IsReady) { throw new ZmtpException("a message comes before READY"); }
            message(this, frames);
        }, Command);
        Enqueue(greeting);
        byte[] name = Encoding.ASCII.GetBytes(type);
        Enqueue([4, (byte)(6 + 12 + 4 + name.Length), 5, .. "READY"u8, 11, .. "Socket-Type"u8, 0, 0, 0, (byte)name.Length, .. name]);
    }

    /// <summary>The socket.</summary>
    public Socket Socket { get; }

    /// <summary>Whom the peer says that it is; empty when it does not.</summary>
    public byte[] Identity { get; set; } = [];

    /// <summary>Whether the peer has said who it is.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Whether there is something to send.</summary>
    public bool HasWaiting => waiting.Count > 0;

    /// <summary>How much there is to send.</summary>
    public long WaitingBytes { get; private set; }

    /// <summary>Whether the peer wants messages that begin so.</summary>
    public bool Wants(ReadOnlySpan<byte> first)
    {
        foreach (byte[] topic in topics)
        {
            if (first.StartsWith(topic)) { return true; }
        }
        return false;
    }

    /// <summary>Takes what has come.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="ZmtpException">It is no ZMTP.</exception>
    /// <exception cref="SocketException">The connection is broken.</exception>
    public bool Receive(byte[] buffer)
    {
        int count = Socket.Receive(buffer, SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock) { return true; }
        if (error != SocketError.Success) { throw new SocketException((int)error); }
        decoder.Feed(buffer.AsSpan(0, count));
        return count > 0;
    }

    /// <summary>Queues a message.</summary>
    public void Send(ReadOnlySpan<byte[]> frames)
    {
        Span<byte> length = stackalloc byte[sizeof(long)];
        List<byte> small = [];                              // many frames, one piece
        for (int i = 0; i < frames.Length; i++)
        {
            byte[] frame = frames[i];
            bool isLong = frame.Length > byte.MaxValue;
            small.Add((byte)((i + 1 < frames.Length ? 1 : 0) | (isLong ? 2 : 0)));
            BinaryPrimitives.WriteInt64BigEndian(length, frame.Length);
            small.AddRange(isLong ? length : length[^1..]);
            if (frame.Length <= MostCopied)
            {
                small.AddRange(frame.AsSpan());
                continue;
            }
            Enqueue([.. small]);
            small.Clear();
            Enqueue(frame);
        }
        Enqueue([.. small]);
    }

    /// <summary>Hands to the system what it takes.</summary>
    /// <exception cref="SocketException">The connection is broken.</exception>
    public void SendWaiting()
    {
        while (waiting.TryPeek(out byte[]? first))
        {
            int sent = Socket.Send(first.AsSpan(sentOfFirst), SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock) { return; }
            if (error != SocketError.Success) { throw new SocketException((int)error); }
            WaitingBytes -= sent;
            sentOfFirst += sent;
            if (sentOfFirst < first.Length) { return; }
            waiting.Dequeue();
            sentOfFirst = 0;
        }
    }

    /// <summary>A peer's wish to get, or no longer to get, what begins with a topic: 1 or 0, then the topic.</summary>
    public void Subscribe(byte[] wish)
    {
        if (wish.Length == 0) { return; }
        byte[] topic = wish[1..];
        if (wish[0] == 1 && topics.Count < MostTopics) { topics.Add(topic); }
        else if (wish[0] == 0 && topics.FindIndex(known => known.AsSpan().SequenceEqual(topic)) is >= 0 and int at) { topics.RemoveAt(at); }
    }

    public void Dispose()
    {
        decoder.Drop();
        waiting.Clear();
        Socket.Dispose();
    }

    void Enqueue(byte[] bytes)
    {
        if (bytes.Length == 0) { return; }
        waiting.Enqueue(bytes);
        WaitingBytes += bytes.Length;
    }

    void Command(string name, byte[] data)
    {
        switch (name)
        {
            case "READY" when !IsReady:
                Identity = IdentityOf(data);
                IsReady = true;
                ready(this);
                break;
            case "PING" when data.Length is >= 2 and <= 2 + 16:
                Enqueue([4, (byte)(5 + data.Length - 2), 4, .. "PONG"u8, .. data[2..]]);
                break;
            case "SUBSCRIBE":
                Subscribe([1, .. data]);
                break;
            case "CANCEL":
                Subscribe([0, .. data]);
                break;
            case "ERROR":
                throw new ZmtpException("the peer refuses the connection");
        }
    }

    // Properties: a byte for the name's length, the name, four for the value's, the value.
    static byte[] IdentityOf(ReadOnlySpan<byte> properties)
    {
        byte[] identity = [];
        while (properties.Length > 0)
        {
            int name = properties[0];
            if (properties.Length < 1 + name + 4) { throw new ZmtpException("READY is malformed"); }
            uint value = BinaryPrimitives.ReadUInt32BigEndian(properties[(1 + name)..]);
            if (value > properties.Length - (1 + name + 4)) { throw new ZmtpException("READY is malformed"); }
            ReadOnlySpan<byte> content = properties.Slice(1 + name + 4, (int)value);
            if (Encoding.Latin1.GetString(properties.Slice(1, name)).Equals("Identity", StringComparison.OrdinalIgnoreCase))
            {
                identity = content.Length <= 255 ? content.ToArray() : throw new ZmtpException("an identity is too long");
            }
            properties = properties[(1 + name + 4 + (int)value)..];
        }
        return identity;
    }
}
