using System.Buffers.Binary;
using System.Net.Sockets;

namespace DeepFM.Notebooks.Tests.Jupyter;

/// <summary>A peer of the kernel's sockets, byte by byte as the specification of ZMTP 3.0 has it.</summary>
sealed class ZmtpPeer : IDisposable
{
    // A deadline, so that what never comes fails the test; nothing is measured.
    const int DeadlineMilliseconds = 60_000;
    static readonly byte[] greeting = [0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0, .. "NULL"u8, .. new byte[16 + 1 + 31]];
    readonly TcpClient connection;
    readonly NetworkStream stream;

    public ZmtpPeer(int port, string type, string identity = "")
    {
        connection = new("127.0.0.1", port) { ReceiveTimeout = DeadlineMilliseconds };
        stream = connection.GetStream();
        stream.Write(greeting);
        Command("READY", [.. Property("Socket-Type", type), .. Property("Identity", identity)]);
        Assert.Equal(greeting, Bytes(greeting.Length));
        (byte flags, byte[] ready) = Frame();
        Assert.Equal((4, "READY"), (flags, System.Text.Encoding.ASCII.GetString(ready, 1, 5)));
    }

    public void Command(string name, params byte[] data) =>
        stream.Write([4, (byte)(1 + name.Length + data.Length), (byte)name.Length, .. Client.Utf8(name), .. data]);

    public void Send(params string[] frames)
    {
        for (int i = 0; i < frames.Length; i++)
        {
            stream.Write([(byte)(i + 1 < frames.Length ? 1 : 0), (byte)frames[i].Length, .. Client.Utf8(frames[i])]);
        }
    }

    /// <summary>A message, its frames joined by blanks; null at the end of the connection.</summary>
    public string? Receive()
    {
        List<string> frames = [];
        try
        {
            byte flags = 1;
            while ((flags & 1) != 0)
            {
                (flags, byte[] body) = Frame();
                frames.Add((flags & 4) != 0 ? $"command {System.Text.Encoding.ASCII.GetString(body)[1..]}" : System.Text.Encoding.ASCII.GetString(body));
            }
            return string.Join(' ', frames);
        }
        catch (Exception end) when (end is EndOfStreamException or IOException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionReset } })
        {
            return null;
        }
    }

    public void Dispose() => connection.Dispose();

    static byte[] Property(string name, string value) =>
        [(byte)name.Length, .. Client.Utf8(name), 0, 0, 0, (byte)value.Length, .. Client.Utf8(value)];

    (byte Flags, byte[] Body) Frame()
    {
        byte flags = Bytes(1)[0];
        long length = (flags & 2) == 0 ? Bytes(1)[0] : BinaryPrimitives.ReadInt64BigEndian(Bytes(8));
        return (flags, Bytes((int)length));
    }

    byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
