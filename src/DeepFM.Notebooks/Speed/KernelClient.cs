using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using DeepFM.Notebooks.Jupyter;
using NetMQ;
using NetMQ.Sockets;

namespace DeepFM.Notebooks.Speed;

/// <summary>A kernel in a process of its own, and its only client.</summary>
sealed class KernelClient : IDisposable
{
    const int MostErrorLines = 50;
    static readonly TimeSpan patience = TimeSpan.FromSeconds(60), glance = TimeSpan.FromMilliseconds(100);
    readonly MessageCodec codec;
    readonly DealerSocket shell = new();
    readonly SubscriberSocket iopub = new();
    readonly string file = Path.GetTempFileName();
    readonly Process? process;
    readonly Queue<string> errors = [];         // the last lines of the standard error

    /// <summary>Starts it; it answers a while later.</summary>
    /// <param name="host">The dotnet program.</param>
    /// <param name="program">deepfm.dll.</param>
    public KernelClient(string host, string program)
    {
        codec = new(Connection.Key);
        try
        {
            process = Start(host, program);
            foreach ((NetMQSocket socket, int port) in new (NetMQSocket, int)[] { (shell, Connection.ShellPort), (iopub, Connection.IopubPort) })
            {
                socket.Options.Linger = TimeSpan.Zero;
                socket.Options.ReconnectInterval = TimeSpan.FromMilliseconds(10);
                socket.Connect($"tcp://127.0.0.1:{port}");
            }
            iopub.SubscribeToAnyTopic();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where the kernel listens. The key is nobody else's: whoever knows it can run code.</summary>
    public ConnectionFile Connection { get; } = ConnectionFile.OnFreePorts(RandomNumberGenerator.GetHexString(64, lowercase: true));

    /// <summary>Memory of the process, as the system counts it.</summary>
    public long ResidentBytes
    {
        get
        {
            process!.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>Waits for the answer to kernel_info_request, and until outputs come: the kernel is there.</summary>
    public void AskInfo()
    {
        // The kernel publishes its status with every request, but not to one whose subscription has not reached it yet.
        List<byte[]>? frames = null;
        Stopwatch time = Stopwatch.StartNew();
        do
        {
            if (time.Elapsed > patience) { throw new UserErrorException("The kernel answers, but publishes nothing."); }
            Send("kernel_info_request", []);
            Receive(shell, KernelChannel.Shell);
        }
        while (!iopub.TryReceiveMultipartBytes(glance, ref frames!));
    }

    /// <summary>Runs a cell that has a result, and waits for it and for the cell's end.</summary>
    /// <exception cref="UserErrorException">The cell fails, or the kernel does.</exception>
    public void Run(string code)
    {
        Send("execute_request", new() { ["code"] = code, ["silent"] = false, ["store_history"] = true, ["allow_stdin"] = false });
        JsonElement reply = Receive(shell, KernelChannel.Shell).Content;
        if (reply.GetProperty("status").GetString() != "ok")
        {
            string reason = reply.TryGetProperty("evalue", out JsonElement message) ? message.ToString() : reply.ToString();
            throw new UserErrorException($"The kernel failed at '{code}': {reason}");
        }
        bool result = false;
        while (!result) { result = Receive(iopub, KernelChannel.Iopub).Header.Type == "execute_result"; }
    }

    public void Dispose()
    {
        if (process is not null)
        {
            if (!process.HasExited) { process.Kill(entireProcessTree: true); }
            process.WaitForExit();
            process.Dispose();
        }
        shell.Dispose();
        iopub.Dispose();
        File.Delete(file);
    }

    Process Start(string host, string program)
    {
        Connection.Write(file);
        ProcessStartInfo start = new(host, [program, "kernel", "--connection-file", file]) { RedirectStandardError = true };
        start.Environment["JPY_PARENT_PID"] = $"{Environment.ProcessId}";
        foreach ((string name, string value) in KernelSpec.Variables) { start.Environment[name] = value; }
        Process started = Process.Start(start)!;
        started.ErrorDataReceived += (_, line) => Note(line.Data);
        started.BeginErrorReadLine();
        return started;
    }

    void Note(string? line)
    {
        if (line is null) { return; }
        lock (errors)
        {
            errors.Enqueue(line);
            if (errors.Count > MostErrorLines) { errors.Dequeue(); }
        }
    }

    string Errors()
    {
        lock (errors) { return string.Join('\n', errors); }
    }

    void Send(string type, JsonObject content)
    {
        foreach ((byte[] frame, bool more) in WithMore(codec.Write([], type, null, content))) { shell.SendFrame(frame, more); }
    }

    JupyterMessage Receive(NetMQSocket socket, KernelChannel channel)
    {
        List<byte[]>? frames = null;
        Stopwatch time = Stopwatch.StartNew();
        while (!socket.TryReceiveMultipartBytes(glance, ref frames!))
        {
            if (process!.HasExited)
            {
                process.WaitForExit();          // until all it wrote is here
                throw new UserErrorException($"The kernel has ended: {Errors()}");
            }
            if (time.Elapsed > patience)
            {
                throw new UserErrorException($"The kernel does not answer within {patience.TotalSeconds:0} s.");
            }
        }
        return codec.Read(channel, frames, out string reason) ?? throw new UserErrorException($"The kernel's message is wrong: {reason}");
    }

    static IEnumerable<(byte[] Frame, bool More)> WithMore(byte[][] frames) =>
        frames.Select((frame, at) => (frame, at < frames.Length - 1));
}
