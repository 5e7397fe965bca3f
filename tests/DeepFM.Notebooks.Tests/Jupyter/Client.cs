using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DeepFM.Notebooks.Jupyter;
using NetMQ;
using NetMQ.Sockets;

namespace DeepFM.Notebooks.Tests.Jupyter;

/// <summary>A message as a client sees it.</summary>
sealed record Received(string Type, string ParentId, string ParentType, JsonElement Content, JsonElement Header, int Frames);

/// <summary>A Jupyter client over real sockets, written from the protocol's text and not from the kernel's code.</summary>
sealed class Client : IDisposable
{
    // A deadline, so that a message that never comes fails the test; nothing is measured.
    static readonly TimeSpan deadline = TimeSpan.FromSeconds(60), glance = TimeSpan.FromMilliseconds(100);
    readonly ConnectionFile connection;
    readonly DealerSocket shell = new(), control = new(), stdin = new(), heartbeat = new();
    readonly SubscriberSocket iopub = new();
    readonly string session = Guid.NewGuid().ToString();

    public Client(ConnectionFile connection)
    {
        this.connection = connection;
        foreach (DealerSocket socket in new[] { shell, control, stdin })
        {
            socket.Options.Identity = Encoding.ASCII.GetBytes(session);
        }
        foreach (NetMQSocket socket in new NetMQSocket[] { shell, control, stdin, heartbeat, iopub })
        {
            socket.Options.Linger = TimeSpan.Zero;
            socket.Options.ReceiveHighWatermark = 0;
        }
        shell.Connect($"tcp://127.0.0.1:{connection.ShellPort}");
        control.Connect($"tcp://127.0.0.1:{connection.ControlPort}");
        stdin.Connect($"tcp://127.0.0.1:{connection.StdinPort}");
        heartbeat.Connect($"tcp://127.0.0.1:{connection.HeartbeatPort}");
        iopub.SubscribeToAnyTopic();
        iopub.Connect($"tcp://127.0.0.1:{connection.IopubPort}");
    }

    /// <summary>Asks until an answer is seen on iopub too: then the subscription has arrived.</summary>
    /// <param name="isGone">Whether the kernel has ended, so that no answer can come.</param>
    /// <exception cref="EndOfStreamException">The kernel has ended.</exception>
    public Client Ready(Func<bool>? isGone = null)
    {
        for (int attempt = 0; attempt < 600; attempt++)
        {
            string id = Send("kernel_info_request", []);
            WaitFor(id, isGone ?? (() => false));
            while (TryPublished(glance) is { } message)
            {
                if (message.Type == "status" && message.ParentId == id && State(message) == "idle") { return this; }
            }
        }
        throw new TimeoutException("The kernel's iopub channel stays silent.");
    }

    /// <summary>Sends a request and returns its id.</summary>
    public string Send(string type, JsonObject content, bool onControl = false)
    {
        (string id, List<byte[]> frames) = Message(type, content);
        SendFrames(frames, onControl);
        return id;
    }

    public void SendFrames(IReadOnlyList<byte[]> frames, bool onControl = false) =>
        (onControl ? control : shell).SendMultipartBytes(frames);

    public void SendOnStdin(string type, JsonObject content) => stdin.SendMultipartBytes(Message(type, content).Frames);

    public string Execute(string code, bool silent = false, bool stores = true, bool mayAsk = true, bool stopsOnError = true) =>
        Send("execute_request", new()
        {
            ["code"] = code,
            ["silent"] = silent,
            ["store_history"] = stores,
            ["user_expressions"] = new JsonObject(),
            ["allow_stdin"] = mayAsk,
            ["stop_on_error"] = stopsOnError,
        });

    /// <summary>Sends a request and returns its answer and everything that was published for it, up to idle.</summary>
    public (Received Reply, List<Received> Published) Ask(string type, JsonObject content, bool onControl = false)
    {
        string id = Send(type, content, onControl);
        return (ReplyTo(id, onControl), PublishedFor(id));
    }

    public (Received Reply, List<Received> Published) Run(string code)
    {
        string id = Execute(code);
        return (ReplyTo(id), PublishedFor(id));
    }

    public Received Reply(bool onControl = false) => Receive(onControl ? control : shell, deadline)
        ?? throw new TimeoutException("No reply came.");

    /// <summary>The answer to a request; answers to others before it are passed over.</summary>
    public Received ReplyTo(string id, bool onControl = false)
    {
        Received reply;
        do { reply = Reply(onControl); } while (reply.ParentId != id);
        return reply;
    }

    public Received AskedOnStdin() => Receive(stdin, deadline) ?? throw new TimeoutException("No question came.");

    public Received? TryPublished(TimeSpan wait) => Receive(iopub, wait);

    public Received Published() => TryPublished(deadline) ?? throw new TimeoutException("Nothing was published.");

    /// <summary>Everything published for a request, from busy to idle, both included.</summary>
    public List<Received> PublishedFor(string id) => [.. PublishedUntilIdle(id)];

    /// <summary>The same, one message after the other: for what is too much to keep.</summary>
    public IEnumerable<Received> PublishedUntilIdle(string id)
    {
        Received message;
        do
        {
            message = Published();
            if (message.ParentId == id) { yield return message; }
        }
        while (message.ParentId != id || State(message) != "idle");
    }

    /// <summary>What the heartbeat sends back for some bytes.</summary>
    public byte[] Beat(byte[] bytes)
    {
        heartbeat.SendMoreFrameEmpty().SendFrame(bytes);
        NetMQMessage echo = new();
        return heartbeat.TryReceiveMultipartMessage(deadline, ref echo!)
            ? echo.Last.ToByteArray()
            : throw new TimeoutException("No heartbeat.");
    }

    /// <summary>The frames of a well-formed message.</summary>
    public (string Id, List<byte[]> Frames) Message(string type, JsonObject content)
    {
        string id = Guid.NewGuid().ToString();
        JsonObject header = new()
        {
            ["msg_id"] = id,
            ["session"] = session,
            ["username"] = "tester",
            ["date"] = "2026-01-01T00:00:00.000000Z",
            ["msg_type"] = type,
            ["version"] = "5.3",
        };
        byte[][] parts = [Utf8(header.ToJsonString()), Utf8("{}"), Utf8("{}"), Utf8(content.ToJsonString())];
        return (id, Signed(parts));
    }

    /// <summary>Parts with the delimiter and the right signature before them.</summary>
    public List<byte[]> Signed(IReadOnlyList<byte[]> parts) => [Utf8("<IDS|MSG>"), Utf8(Signature(parts)), .. parts];

    public static string State(Received message) =>
        message.Type == "status" ? message.Content.GetProperty("execution_state").GetString()! : "";

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public void Dispose()
    {
        foreach (NetMQSocket socket in new NetMQSocket[] { shell, control, stdin, heartbeat, iopub }) { socket.Dispose(); }
    }

    string Signature(IEnumerable<byte[]> parts) => connection.Key.Length == 0
        ? ""
        : Convert.ToHexStringLower(HMACSHA256.HashData(Utf8(connection.Key), parts.SelectMany(part => part).ToArray()));

    void WaitFor(string id, Func<bool> isGone)
    {
        Stopwatch time = Stopwatch.StartNew();
        while (Receive(shell, glance)?.ParentId != id)
        {
            if (isGone()) { throw new EndOfStreamException("The kernel has ended."); }
            if (time.Elapsed > deadline) { throw new TimeoutException("No reply came."); }
        }
    }

    // Every message of the kernel must be signed.
    Received? Receive(NetMQSocket socket, TimeSpan wait)
    {
        List<byte[]> frames = [];
        if (!socket.TryReceiveMultipartBytes(wait, ref frames!)) { return null; }
        int at = frames.FindIndex(frame => frame.AsSpan().SequenceEqual("<IDS|MSG>"u8));
        Assert.True(at >= 0, "no delimiter");
        Assert.Equal(Signature(frames.Skip(at + 2)), Encoding.ASCII.GetString(frames[at + 1]));
        JsonElement[] json = [.. frames.Skip(at + 2).Select(part => JsonDocument.Parse(part).RootElement)];
        string Parent(string name) => json[1].TryGetProperty(name, out JsonElement value) ? value.GetString()! : "";
        return new(json[0].GetProperty("msg_type").GetString()!, Parent("msg_id"), Parent("msg_type"), json[3], json[0], frames.Count);
    }
}
