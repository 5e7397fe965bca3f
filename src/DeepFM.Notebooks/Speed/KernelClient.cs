using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using DeepFM.Notebooks.Jupyter;
using NetMQ;
using NetMQ.Sockets;

namespace DeepFM.Notebooks.Speed;

/// <summary>A kernel in a process of its own, and its only client.</summary>
sealed class KernelClient : IDisposable
{
    static readonly TimeSpan patience = TimeSpan.FromSeconds(60);
    readonly MessageCodec codec = new("benchmark");
    readonly DealerSocket shell = new();
    readonly SubscriberSocket iopub = new();
    readonly string file = Path.GetTempFileName();
    readonly Process process;

    /// <summary>Starts it; it answers a while later.</summary>
    /// <param name="host">The dotnet program.</param>
    /// <param name="program">deepfm.dll.</param>
    public KernelClient(string host, string program)
    {
        int[] ports = FreePorts();
        File.WriteAllText(file, new JsonObject
        {
            ["transport"] = "tcp",
            ["ip"] = "127.0.0.1",
            ["shell_port"] = ports[0],
            ["control_port"] = ports[1],
            ["iopub_port"] = ports[2],
            ["stdin_port"] = ports[3],
            ["hb_port"] = ports[4],
            ["key"] = "benchmark",
        }.ToJsonString());
        ProcessStartInfo start = new(host, [program, "kernel", "--connection-file", file]) { RedirectStandardError = true };
        start.Environment["JPY_PARENT_PID"] = $"{Environment.ProcessId}";
        foreach ((string name, string value) in KernelSpec.Variables) { start.Environment[name] = value; }
        process = Process.Start(start)!;
        foreach ((NetMQSocket socket, int port) in new (NetMQSocket, int)[] { (shell, ports[0]), (iopub, ports[2]) })
        {
            socket.Options.Linger = TimeSpan.Zero;
            socket.Options.ReconnectInterval = TimeSpan.FromMilliseconds(10);
            socket.Connect($"tcp://127.0.0.1:{port}");
        }
        iopub.SubscribeToAnyTopic();
    }

    /// <summary>Memory of the process, as the system counts it.</summary>
    public long ResidentBytes
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>Waits for the answer to kernel_info_request: the kernel is there.</summary>
    public void AskInfo()
    {
        Send("kernel_info_request", []);
        Receive(shell, KernelChannel.Shell);
    }

    /// <summary>Runs a cell, and waits for its result and for its end.</summary>
    public void Run(string code)
    {
        Send("execute_request", new() { ["code"] = code, ["silent"] = false, ["store_history"] = true, ["allow_stdin"] = false });
        bool result = false;
        while (!result) { result = Receive(iopub, KernelChannel.Iopub).Header.Type == "execute_result"; }
        JsonElement reply = Receive(shell, KernelChannel.Shell).Content;
        if (reply.GetProperty("status").GetString() != "ok") { throw new UserErrorException($"The kernel failed at '{code}': {reply}"); }
    }

    public void Dispose()
    {
        if (!process.HasExited) { process.Kill(entireProcessTree: true); }
        process.WaitForExit();
        process.Dispose();
        shell.Dispose();
        iopub.Dispose();
        File.Delete(file);
    }

    void Send(string type, JsonObject content)
    {
        foreach ((byte[] frame, bool more) in WithMore(codec.Write([], type, null, content))) { shell.SendFrame(frame, more); }
    }

    JupyterMessage Receive(NetMQSocket socket, KernelChannel channel)
    {
        List<byte[]>? frames = null;
        if (!socket.TryReceiveMultipartBytes(patience, ref frames!))
        {
            string state = process.HasExited ? $"has ended: {process.StandardError.ReadToEnd()}" : $"does not answer within {patience.TotalSeconds:0} s.";
            throw new UserErrorException($"The kernel {state}");
        }
        return codec.Read(channel, frames, out string reason) ?? throw new UserErrorException($"The kernel's message is wrong: {reason}");
    }

    static IEnumerable<(byte[] Frame, bool More)> WithMore(byte[][] frames) =>
        frames.Select((frame, at) => (frame, at < frames.Length - 1));

    static int[] FreePorts()
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, 5).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (TcpListener listener in listeners) { listener.Start(); }
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        foreach (TcpListener listener in listeners) { listener.Dispose(); }
        return ports;
    }
}
