using System.Net;
using System.Net.Sockets;

namespace DeepFM.Notebooks.Jupyter;

/// <summary>Ports of loopback for a program that listens later, such as a kernel that is about to start.</summary>
/// <remarks>
/// A port is free when it is given out; until it is used another program could take it. So they lie below those that the system chooses
/// for connections and for listeners that leave it the choice (from 32768 on Linux, from 49152 on Windows and macOS), and this process
/// gives each out once before it begins again. From a port that the system chooses, a client that connects before the kernel listens
/// could also meet itself.
/// </remarks>
static class FreePorts
{
    const int First = 12_000, Count = 20_000;       // browsers refuse some ports below
    static int last = Random.Shared.Next(Count);

    /// <summary>The next one.</summary>
    /// <exception cref="UserErrorException">All are taken.</exception>
    public static int Next()
    {
        for (int tries = 0; tries < Count; tries++)
        {
            int port = First + (int)((uint)Interlocked.Increment(ref last) % Count);
            if (IsFree(port)) { return port; }
        }
        throw new UserErrorException($"No port of 127.0.0.1 in [{First}, {First + Count - 1}] is free. End programs that listen there.");
    }

    static bool IsFree(int port)
    {
        using TcpListener listener = new(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
