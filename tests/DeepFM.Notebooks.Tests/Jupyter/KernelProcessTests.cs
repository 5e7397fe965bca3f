using System.Diagnostics;

namespace DeepFM.Notebooks.Tests.Jupyter;

/// <summary>The kernel as a process of its own: signals, its parent, and what would end other processes.</summary>
public sealed class KernelProcessTests : IDisposable
{
    readonly KernelProcessUnderTest kernel = new(typeof(Program).Assembly.Location, Program.FakeKernel);

    Client Client => kernel.Client;

    public void Dispose() => kernel.Dispose();

    [Fact]
    public async Task Shutdown_EndsTheProcess_AndANewOneTakesItsPorts()
    {
        Client.Ask("shutdown_request", new() { ["restart"] = true }, onControl: true);
        Assert.Equal(0, await kernel.ExitCode());

        kernel.Start();
        Client.Ready();
        Assert.Equal(1, Client.Run("echo 1").Reply.Content.GetProperty("execution_count").GetInt32());
        Client.Ask("shutdown_request", [], onControl: true);
        Assert.Equal(0, await kernel.ExitCode());
    }

    [Fact]
    public async Task Shutdown_EndsTheProcess_AlsoWhenACellDoesNotStop()
    {
        Client.Execute("loop");
        Client.Ask("shutdown_request", [], onControl: true);
        Assert.Equal(0, await kernel.ExitCode());
    }

    [Fact]
    public async Task Interrupt_Signal_StopsTheCell_NotTheProcess()
    {
        if (OperatingSystem.IsWindows()) { Assert.Skip("A process cannot send Ctrl-C to another one on Windows."); }
        string id = Client.Execute("wait");
        while (Client.Published() is not { Type: "execute_input" }) { }
        await kernel.Signal("-INT");
        Assert.Equal("error", Status(Client.ReplyTo(id)));
        Assert.Equal("ok", Status(Client.Run("echo 1").Reply));
    }

    [Theory, InlineData("-TERM"), InlineData("-HUP")]
    public async Task OtherSignals_EndTheProcess(string signal)
    {
        if (OperatingSystem.IsWindows()) { Assert.Skip("There are no such signals on Windows."); }
        await kernel.Signal(signal);
        Assert.Equal(0, await kernel.ExitCode());
    }

    [Fact]
    public async Task EnvironmentExit_AnswersItsCell_ThenEndsWithTheCode()
    {
        string id = Client.Execute("exit 3");
        Received reply = Client.ReplyTo(id);
        Assert.Equal(("error", "ProcessExit"), (Status(reply), reply.Content.GetProperty("ename").GetString()));
        Assert.Contains("exit code 3", reply.Content.GetProperty("evalue").GetString(), StringComparison.Ordinal);
        Assert.Contains(Client.PublishedFor(id), message => message.Type == "error");
        Assert.Equal(3, await kernel.ExitCode());
    }

    [Fact]
    public void AnExceptionOnAThread_IsShown_AndTheKernelGoesOn()
    {
        string id = Client.Execute("thread lost on a thread");
        AssertShown(id, "lost on a thread");
        Assert.Equal("ok", Status(Client.Run("echo 1").Reply));
    }

    [Fact]
    public void AnExceptionInATask_IsShownOnceItIsCollected_AndTheKernelGoesOn()
    {
        Client.Run("task lost in a task");
        // The collector decides when; each cell here asks it once.
        bool shown = false;
        for (int attempt = 0; attempt < 100 && !shown; attempt++)
        {
            shown = Client.Run("collect").Published.Any(message => message.Type == "stream"
                && message.Content.GetProperty("text").GetString()!.Contains("lost in a task", StringComparison.Ordinal));
        }
        Assert.True(shown);
        Assert.Equal("ok", Status(Client.Run("echo 1").Reply));
    }

    [Fact]
    public async Task AParentThatIsGone_EndsTheProcess()
    {
        if (OperatingSystem.IsWindows()) { Assert.Skip("On Windows the parent is a handle, which this test cannot pass on."); }
        // With an output of its own, so that it holds nothing open of the process that runs the tests.
        using Process parent = Process.Start(new ProcessStartInfo("sleep", "600") { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            using KernelProcessUnderTest orphan = new(parent.Id, typeof(Program).Assembly.Location, Program.FakeKernel);
            parent.Kill();
            Assert.Equal(0, await orphan.ExitCode());
        }
        finally { parent.Kill(); }
    }

    void AssertShown(string id, string text)
    {
        for (Received message = Client.Published(); ; message = Client.Published())
        {
            if (message.Type != "stream") { continue; }
            Assert.Equal((id, "stderr"), (message.ParentId, message.Content.GetProperty("name").GetString()));
            Assert.Contains(text, message.Content.GetProperty("text").GetString(), StringComparison.Ordinal);
            return;
        }
    }

    static string Status(Received reply) => reply.Content.GetProperty("status").GetString()!;
}
