using System.Collections.Concurrent;

namespace DeepFM.Notebooks.Tests.Jupyter;

/// <summary>Much of everything: text, cells, kernels.</summary>
[Collection(nameof(Alone))]
public sealed class LoadTests
{
    const long Megabyte = 1 << 20;

    [Fact]
    public async Task AHundredMegabytesOfLines_ArriveWhole()
    {
        const int megabytes = 100;
        await using RunningKernel kernel = new();
        long length = 0;
        string id = kernel.Client.Execute($"megabytes {megabytes}");
        foreach (Received message in kernel.Client.PublishedUntilIdle(id))
        {
            if (message.Type != "stream") { continue; }
            int text = message.Content.GetProperty("text").GetString()!.Length;
            Assert.InRange(text, 1, Notebooks.Jupyter.IopubWriter.FlushChars);
            length += text;
        }

        Assert.Equal(megabytes * Megabyte, length);
        Assert.Equal("ok", kernel.Client.ReplyTo(id).Content.GetProperty("status").GetString());
    }

    [Fact]
    public async Task AThousandCells_LeaveNothingBehind()
    {
        await using RunningKernel kernel = new();
        void Cells(int count)
        {
            for (int i = 0; i < count; i++)
            {
                (Received reply, List<Received> published) = kernel.Client.Run($"echo {i}");
                Assert.Equal("ok", reply.Content.GetProperty("status").GetString());
                Assert.Equal(4, published.Count);
            }
        }

        Cells(50);
        long before = Heap.Settled();
        Cells(1000);
        // History keeps each cell's code and value, and the replay guard its signature: some hundred bytes a cell.
        Heap.AssertBelow(before + 4 * Megabyte);
    }

    [Fact]
    public async Task TwoKernels_RunSideBySide_AndDoNotMix()
    {
        await using RunningKernel first = new("key one"), second = new("key two");
        string waits = first.Client.Execute("wait");
        first.Host.Busy.Wait(TestContext.Current.CancellationToken);

        Assert.Equal("ok", second.Client.Run("echo beside").Reply.Content.GetProperty("status").GetString());
        second.Kernel.Interrupt();
        Assert.False(second.Kernel.Ended.IsCompleted || first.Kernel.Ended.IsCompleted);
        second.Client.Ask("shutdown_request", [], onControl: true);
        await second.DisposeAsync();

        first.Client.Ask("interrupt_request", [], onControl: true);
        Assert.Equal("error", first.Client.ReplyTo(waits).Content.GetProperty("status").GetString());
        Assert.Equal("ok", first.Client.Run("echo on").Reply.Content.GetProperty("status").GetString());
    }

    [Fact]
    public async Task TwoClients_GetTheirOwnAnswers_AndSeeAllOutputs()
    {
        await using RunningKernel kernel = new();
        using Client other = new Client(kernel.Connection).Ready();
        string mine = kernel.Client.Execute("echo mine"), theirs = other.Execute("echo theirs");

        Assert.Equal(mine, kernel.Client.Reply().ParentId);
        Assert.Equal(theirs, other.Reply().ParentId);
        Assert.Contains(other.PublishedFor(mine), message => message.Type == "execute_result");
    }

    [Fact]
    public async Task ManyThreadsThatPrint_LoseNothing()
    {
        ConcurrentBag<int> lengths = [];
        Notebooks.Jupyter.MessageCodec codec = new("secret");
        using (Notebooks.Jupyter.IopubWriter writer = new(codec, (_, frames) => lengths.Add(frames[^1].Length)))
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(() =>
            {
                for (int i = 0; i < 5000; i++) { writer.Stream(null, "stdout", "0123456789"); }
            })));
        }
        int around = """{"name":"stdout","text":""}""".Length;
        Assert.Equal(8 * 5000 * 10, lengths.Sum(length => length - around));
    }
}
