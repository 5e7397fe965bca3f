using System.Buffers.Binary;
using System.Text;

namespace DeepFM.Notebooks.Jupyter;

/// <summary>Bytes that are no ZMTP; the connection has to end.</summary>
sealed class ZmtpException(string message) : Exception(message);

/// <summary>How much of what has not come to its end may be in memory, over all connections together.</summary>
/// <param name="mostBytes">That much.</param>
sealed class GatheringLimit(long mostBytes)
{
    /// <summary>Bytes that are held.</summary>
    public long Bytes { get; private set; }

    /// <summary>Takes room; false when there is not so much left.</summary>
    public bool Take(long bytes)
    {
        if (Bytes + bytes > mostBytes) { return false; }
        Bytes += bytes;
        return true;
    }

    /// <summary>Gives room back.</summary>
    public void Return(long bytes) => Bytes -= bytes;
}

/// <summary>What a peer sends, byte by byte: its greeting, its READY command, then messages.</summary>
/// <remarks>
/// <para>NetMQ would be less code, but bounds no message: its <c>MaxMsgSize</c> is one frame's, its high-water mark counts whole messages,
/// and of 1,500 frames of 1 MiB (4.0.4.5, limits of 1 MiB and 10 messages) it kept all until the last had come.</para>
/// <para>ZMTP 3.0 (https://rfc.zeromq.org/spec/23), the mechanism NULL. Frames of a message are gathered only up to the limits: of a
/// message that has more frames or bytes, or for which there is no room, nothing is kept, and it is read over.</para>
/// <para>A length is only a promise: memory is taken as the bytes come.</para>
/// </remarks>
/// <param name="mostFrames">Frames of a message.</param>
/// <param name="mostBytes">Bytes of a message.</param>
/// <param name="room">Shared by all connections.</param>
sealed class ZmtpDecoder(int mostFrames, long mostBytes, GatheringLimit room)
{
    /// <summary>Bytes of a greeting.</summary>
    public const int GreetingBytes = 64;

    /// <summary>Bytes of a command at most: READY, SUBSCRIBE, PING.</summary>
    public const int MostCommandBytes = 4096;

    /// <summary>What a message may always have: small ones pass, however much others hold.</summary>
    public const int FreeBytes = 64 * 1024;

    const int FirstPiece = 4096;
    const byte More = 1, Long = 2, Command = 4;
    readonly byte[] start = new byte[GreetingBytes];        // of the greeting, then of each frame: flags and length
    int startCount;
    bool greeted, inBody;
    byte flags;
    byte[] body = [];
    long bodyLength, bodyCount, gathered, held;
    List<byte[]> frames = [];
    int frameCount;
    long messageBytes;
    bool overrun;

    /// <summary>A whole message has come.</summary>
    public required Action<List<byte[]>> Message { get; init; }

    /// <summary>A message was read over.</summary>
    public required Action Overrun { get; init; }

    /// <summary>A command has come: its name and what follows.</summary>
    public required Action<string, byte[]> Commanded { get; init; }

    /// <summary>Takes what has come.</summary>
    /// <exception cref="ZmtpException">It is no ZMTP 3.</exception>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0 || inBody && bodyCount == bodyLength)
        {
            int taken = inBody ? FeedBody(bytes) : FeedStart(bytes);
            bytes = bytes[taken..];
        }
    }

    /// <summary>Gives up what has been gathered: the connection has ended.</summary>
    public void Drop()
    {
        room.Return(held);
        gathered = held = 0;
        frames = [];
        body = [];
    }

    int FeedStart(ReadOnlySpan<byte> bytes)
    {
        int wanted = !greeted ? GreetingBytes : startCount == 0 ? 1 : (start[0] & Long) != 0 ? 9 : 2;
        int taken = Math.Min(wanted - startCount, bytes.Length);
        bytes[..taken].CopyTo(start.AsSpan(startCount));
        startCount += taken;
        if (!greeted) { CheckGreeting(); }
        if (startCount < wanted || greeted && wanted == 1) { return taken; }
        startCount = 0;
        if (!greeted) { greeted = true; }
        else { BeginBody(); }
        return taken;
    }

    void CheckGreeting()
    {
        ReadOnlySpan<byte> come = start.AsSpan(0, startCount);
        if (come[0] != 0xff || come.Length > 9 && (come[9] & 1) == 0 || come.Length > 10 && come[10] < 3)
        {
            throw new ZmtpException("it does not begin as a peer of ZeroMQ 4 or later does");
        }
        if (come.Length == GreetingBytes && !come[12..32].SequenceEqual("NULL\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"u8))
        {
            throw new ZmtpException("it wants another mechanism than NULL");
        }
    }

    void BeginBody()
    {
        flags = start[0];
        ulong length = (flags & Long) != 0 ? BinaryPrimitives.ReadUInt64BigEndian(start.AsSpan(1)) : start[1];
        if ((flags & ~(More | Long | Command)) != 0 || length > long.MaxValue) { throw new ZmtpException("a frame is malformed"); }
        if ((flags & Command) != 0 && length > MostCommandBytes) { throw new ZmtpException("a command is too long"); }
        (inBody, bodyLength, bodyCount) = (true, (long)length, 0);
        if ((flags & Command) == 0 && (++frameCount > mostFrames || length > (ulong)mostBytes || (messageBytes += bodyLength) > mostBytes))
        {
            ReadOver();
        }
        body = overrun ? [] : new byte[Math.Min(bodyLength, FirstPiece)];
    }

    int FeedBody(ReadOnlySpan<byte> bytes)
    {
        int taken = (int)Math.Min(bodyLength - bodyCount, bytes.Length);
        if (!overrun) { Keep(bytes[..taken]); }
        bodyCount += taken;
        if (bodyCount == bodyLength) { EndBody(); }
        return taken;
    }

    void Keep(ReadOnlySpan<byte> bytes)
    {
        if ((flags & Command) == 0)
        {
            gathered += bytes.Length;
            long owed = Math.Max(0, gathered - FreeBytes) - held;
            if (!room.Take(owed))
            {
                ReadOver();
                return;
            }
            held += owed;
        }
        if (bodyCount + bytes.Length > body.Length)
        {
            Array.Resize(ref body, (int)Math.Min(bodyLength, Math.Max(2L * body.Length, bodyCount + bytes.Length)));
        }
        bytes.CopyTo(body.AsSpan((int)bodyCount));
    }

    void ReadOver()
    {
        Drop();
        overrun = true;
    }

    void EndBody()
    {
        inBody = false;
        if ((flags & Command) != 0)
        {
            int name = body.Length > 0 ? body[0] : 0;
            if (body.Length == 0 || name >= body.Length) { throw new ZmtpException("a command has no name"); }
            Commanded(Encoding.Latin1.GetString(body, 1, name), body[(1 + name)..]);
            return;
        }
        if (!overrun) { frames.Add(body); }
        body = [];
        if ((flags & More) != 0) { return; }
        (List<byte[]> message, bool wasOverrun) = (frames, overrun);
        Drop();
        (frameCount, messageBytes, overrun) = (0, 0, false);
        if (wasOverrun) { Overrun(); }
        else { Message(message); }
    }
}
