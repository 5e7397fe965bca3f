using DeepFM.Notebooks.Execution;
using DeepFM.Notebooks.Tests.Execution;

namespace DeepFM.Notebooks.Tests.Jupyter;

/// <summary>Cells that are stopped: those that watch their token, those that must be woken, and those that are left alone.</summary>
public sealed class InterruptTests : IAsyncDisposable
{
    readonly RunningKernel kernel = new();

    Client Client => kernel.Client;

    public ValueTask DisposeAsync() => kernel.DisposeAsync();

    [Fact]
    public void ACellThatWatchesItsToken_Stops_AndTheNextOneRuns()
    {
        string id = Client.Execute("wait");
        kernel.Host.Busy.Wait(TestContext.Current.CancellationToken);

        Assert.Equal("ok", Client.Ask("interrupt_request", [], onControl: true).Reply.Content.GetProperty("status").GetString());

        Assert.Equal("OperationCanceledException", Client.ReplyTo(id).Content.GetProperty("ename").GetString());
        Assert.DoesNotContain(Client.PublishedFor(id), message => message.Type == "stream");
        Assert.Equal("ok", Client.Run("echo 1").Reply.Content.GetProperty("status").GetString());
    }

    [Fact]
    public void ACellThatSleeps_IsWoken() => AssertInterrupted("doze", Patience.Wakes, "The cell was interrupted.");

    [Theory, InlineData("loop"), InlineData("drift")]
    public void ACellThatDoesNotStop_IsLeftAlone_AndSaysSo(string code) =>
        AssertInterrupted(code, Patience.Leaves, "goes on in the background");

    void AssertInterrupted(string code, CellPatience patience, string said)
    {
        kernel.Host.Patience = patience;
        string id = Client.Execute(code);
        kernel.Host.Busy.Wait(TestContext.Current.CancellationToken);
        kernel.Kernel.Interrupt();

        Assert.Equal("Interrupted", Client.ReplyTo(id).Content.GetProperty("ename").GetString());
        Received told = Assert.Single(Client.PublishedFor(id), message => message.Type == "error");
        Assert.Contains(said, told.Content.GetProperty("evalue").GetString(), StringComparison.Ordinal);
        Assert.Equal("ok", Client.Run("echo 1").Reply.Content.GetProperty("status").GetString());
    }

    [Fact]
    public void AnInterruptWithNothingToStop_DoesNothing()
    {
        Client.Ask("interrupt_request", [], onControl: true);
        Assert.Equal("ok", Client.Run("echo 1").Reply.Content.GetProperty("status").GetString());
    }
}
