using DeepFM.Notebooks.Jupyter;

namespace DeepFM.Notebooks.Tests.Jupyter;

/// <summary>What peers of the kernel's sockets see of them.</summary>
public sealed class KernelSocketsTests : IDisposable
{
    readonly StringWriter log = new();
    readonly ConnectionFile connection = ConnectionFile.OnFreePorts("key");
    readonly Queue<string> received = new();
    readonly SemaphoreSlim arrived = new(0);
    readonly KernelSockets sockets;

    public KernelSocketsTests() => sockets = new(connection, (channel, frames) =>
    {
        lock (received) { received.Enqueue($"{channel} {string.Join(' ', frames.Select(System.Text.Encoding.ASCII.GetString))}"); }
        arrived.Release();
    }, new(TextWriter.Synchronized(log)), mostWaitingBytes: 50_000_000);

    public void Dispose() => sockets.Dispose();

    [Fact]
    public void AClientThatComesBackUnderItsName_GetsTheAnswers()
    {
        using ZmtpPeer before = new(connection.ShellPort, "DEALER", "me");
        before.Send("a", "b");
        Assert.Equal("Shell me a b", Received());
        using ZmtpPeer after = new(connection.ShellPort, "DEALER", "me");
        after.Send("c");
        Assert.Equal("Shell me c", Received());

        Send(KernelChannel.Shell, "me", "answer");
        Assert.Equal("answer", after.Receive());
        Assert.Null(before.Receive());                  // closed
    }

    [Fact]
    public void ASubscriber_GetsWhatBeginsWithItsTopics_UntilItWantsThemNoMore()
    {
        using ZmtpPeer peer = new(connection.IopubPort, "SUB"), all = new(connection.IopubPort, "SUB"), none = new(connection.IopubPort, "SUB");
        foreach (ZmtpPeer every in new[] { peer, all, none }) { every.Command("PING", 0, 0, (byte)'x'); }
        Assert.All([peer, all, none], every => Assert.Equal("command PONGx", every.Receive()));
        peer.Send("\u0001str");
        peer.Command("SUBSCRIBE", Client.Utf8("err"));
        all.Send("\u0001");
        Settle(peer, all);

        foreach (string topic in new[] { "stream", "status", "error" }) { Send(KernelChannel.Iopub, topic, "1"); }
        peer.Send("\0str");
        Settle(peer, all, "stream 1", "error 1");
        foreach (string topic in new[] { "stream", "error" }) { Send(KernelChannel.Iopub, topic, "2"); }

        Assert.Equal("error 2", peer.Receive());
        Assert.Equal(["stream 1", "status 1", "error 1", "stream 2", "error 2"], Enumerable.Range(0, 5).Select(_ => all.Receive()));
        none.Command("PING", 0, 0, (byte)'y');
        Assert.Equal("command PONGy", none.Receive());  // and nothing before
    }

    [Fact]
    public async Task WhatWasQueued_ComesThoughTheSocketsAreClosed()
    {
        using ZmtpPeer peer = new(connection.ControlPort, "DEALER", "me");
        peer.Send("a");
        Assert.Equal("Control me a", Received());
        string large = new('x', 20_000_000);
        Send(KernelChannel.Control, "me", large);
        Send(KernelChannel.Control, "me", "last");
        Task closing = Task.Run(sockets.Dispose, TestContext.Current.CancellationToken);

        Assert.Equal(large.Length, peer.Receive()!.Length);
        Assert.Equal("last", peer.Receive());
        Assert.Null(peer.Receive());
        await closing;
    }

    [Fact]
    public void APeerThatDoesNotRead_IsGivenUp_AndOthersAreServed()
    {
        using ZmtpPeer stuck = new(connection.ShellPort, "DEALER", "stuck"), other = new(connection.ShellPort, "DEALER", "other");
        stuck.Send("a");
        Assert.Equal("Shell stuck a", Received());
        other.Send("a");
        Assert.Equal("Shell other a", Received());
        string piece = new('x', 10_000_000);
        for (int i = 0; i < 10; i++) { Send(KernelChannel.Shell, "stuck", piece); }
        Send(KernelChannel.Shell, "other", "served");

        Assert.Equal("served", other.Receive());
        Assert.Contains("a connection on shell was closed: it does not read what it is sent", log.ToString(), StringComparison.Ordinal);
    }

    // A peer's wish counts once it is answered behind it.
    static void Settle(ZmtpPeer peer, ZmtpPeer all, params string[] before)
    {
        foreach (ZmtpPeer every in before.Length > 0 ? [peer] : new[] { peer, all })
        {
            every.Command("PING", 0, 0, (byte)'z');
            Assert.Equal([.. before, "command PONGz"], Enumerable.Range(0, before.Length + 1).Select(_ => every.Receive()));
        }
    }

    void Send(KernelChannel channel, params string[] frames) => sockets.Send(channel, [.. frames.Select(Client.Utf8)]);

    string Received()
    {
        Assert.True(arrived.Wait(TimeSpan.FromSeconds(60)));
        lock (received) { return received.Dequeue(); }
    }
}
