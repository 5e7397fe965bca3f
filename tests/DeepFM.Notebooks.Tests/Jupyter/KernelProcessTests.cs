using System.Diagnostics;
using System.Text.Json.Nodes;
using DeepFM.Notebooks.Jupyter;

namespace DeepFM.Notebooks.Tests.Jupyter;

/// <summary>The kernel as a process of its own: signals, its parent, and what would end other processes.</summary>
public sealed class KernelProcessTests : IDisposable
{
    readonly ConnectionFile connection = Client.Connection();
    readonly string folder = Directory.CreateTempSubdirectory("deepfm-kernel-").FullName;
    readonly Process process;
    readonly Client client;

    public KernelProcessTests()
    {
        process = Start(Environment.ProcessId);
        client = new Client(connection).Ready();
    }

    public void Dispose()
    {
        client.Dispose();
        if (!process.HasExited) { process.Kill(entireProcessTree: true); }
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Shutdown_EndsTheProcess_AndANewOneTakesItsPorts()
    {
        client.Ask("shutdown_request", new() { ["restart"] = true }, onControl: true);
        Assert.Equal(0, await ExitCode(process));

        using Process again = Start(Environment.ProcessId);
        client.Ready();
        Assert.Equal(1, client.Run("echo 1").Reply.Content.GetProperty("execution_count").GetInt32());
        client.Ask("shutdown_request", [], onControl: true);
        Assert.Equal(0, await ExitCode(again));
    }

    [Fact]
    public async Task Shutdown_EndsTheProcess_AlsoWhenACellDoesNotStop()
    {
        client.Execute("loop");
        client.Ask("shutdown_request", [], onControl: true);
        Assert.Equal(0, await ExitCode(process));
    }

    [Fact]
    public async Task Interrupt_Signal_StopsTheCell_NotTheProcess()
    {
        if (OperatingSystem.IsWindows()) { Assert.Skip("A process cannot send Ctrl-C to another one on Windows."); }
        string id = client.Execute("wait");
        while (client.Published() is not { Type: "execute_input" }) { }
        await Signal("-INT");
        Assert.Equal("error", Status(client.ReplyTo(id)));
        Assert.Equal("ok", Status(client.Run("echo 1").Reply));
    }

    [Theory, InlineData("-TERM"), InlineData("-HUP")]
    public async Task OtherSignals_EndTheProcess(string signal)
    {
        if (OperatingSystem.IsWindows()) { Assert.Skip("There are no such signals on Windows."); }
        await Signal(signal);
        Assert.Equal(0, await ExitCode(process));
    }

    [Fact]
    public async Task EnvironmentExit_AnswersItsCell_ThenEndsWithTheCode()
    {
        string id = client.Execute("exit 3");
        Received reply = client.ReplyTo(id);
        Assert.Equal(("error", "ProcessExit"), (Status(reply), reply.Content.GetProperty("ename").GetString()));
        Assert.Contains("exit code 3", reply.Content.GetProperty("evalue").GetString(), StringComparison.Ordinal);
        Assert.Contains(client.PublishedFor(id), message => message.Type == "error");
        Assert.Equal(3, await ExitCode(process));
    }

    [Fact]
    public void AnExceptionOnAThread_IsShown_AndTheKernelGoesOn()
    {
        string id = client.Execute("thread lost on a thread");
        AssertShown(id, "lost on a thread");
        Assert.Equal("ok", Status(client.Run("echo 1").Reply));
    }

    [Fact]
    public void AnExceptionInATask_IsShownOnceItIsCollected_AndTheKernelGoesOn()
    {
        client.Run("task lost in a task");
        // The collector decides when; each cell here asks it once.
        bool shown = false;
        for (int attempt = 0; attempt < 100 && !shown; attempt++)
        {
            shown = client.Run("collect").Published.Any(message => message.Type == "stream"
                && message.Content.GetProperty("text").GetString()!.Contains("lost in a task", StringComparison.Ordinal));
        }
        Assert.True(shown);
        Assert.Equal("ok", Status(client.Run("echo 1").Reply));
    }

    [Fact]
    public async Task AParentThatIsGone_EndsTheProcess()
    {
        if (OperatingSystem.IsWindows()) { Assert.Skip("On Windows the parent is a handle, which this test cannot pass on."); }
        using Process parent = Process.Start("sleep", "600");
        ConnectionFile other = Client.Connection();
        using Process orphan = Start(parent.Id, other);
        using Client its = new Client(other).Ready();
        parent.Kill();
        Assert.Equal(0, await ExitCode(orphan));
    }

    void AssertShown(string id, string text)
    {
        for (Received message = client.Published(); ; message = client.Published())
        {
            if (message.Type != "stream") { continue; }
            Assert.Equal((id, "stderr"), (message.ParentId, message.Content.GetProperty("name").GetString()));
            Assert.Contains(text, message.Content.GetProperty("text").GetString(), StringComparison.Ordinal);
            return;
        }
    }

    Process Start(int parent, ConnectionFile? other = null)
    {
        ConnectionFile at = other ?? connection;
        string file = Path.Combine(folder, $"{Guid.NewGuid():N}.json");
        File.WriteAllText(file, new JsonObject
        {
            ["transport"] = "tcp",
            ["ip"] = at.Ip,
            ["shell_port"] = at.ShellPort,
            ["control_port"] = at.ControlPort,
            ["iopub_port"] = at.IopubPort,
            ["stdin_port"] = at.StdinPort,
            ["hb_port"] = at.HeartbeatPort,
            ["key"] = at.Key,
            ["signature_scheme"] = "hmac-sha256",
            ["kernel_name"] = "fake",
        }.ToJsonString());
        ProcessStartInfo start = new("dotnet", [typeof(Program).Assembly.Location, Program.FakeKernel, file]);
        start.Environment["JPY_PARENT_PID"] = $"{parent}";
        return Process.Start(start)!;
    }

    async Task Signal(string signal)
    {
        using Process kill = Process.Start("kill", [signal, $"{process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    // A deadline, so that a process that stays fails the test.
    static async Task<int> ExitCode(Process process)
    {
        using CancellationTokenSource deadline = new(TimeSpan.FromMinutes(1));
        await process.WaitForExitAsync(deadline.Token);
        return process.ExitCode;
    }

    static string Status(Received reply) => reply.Content.GetProperty("status").GetString()!;
}
