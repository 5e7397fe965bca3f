using System.Text;
using DeepFM.Notebooks.Execution;

namespace DeepFM.Notebooks.Tests.Execution;

/// <summary>Keeps what a cell writes and shows.</summary>
public sealed class RecordedOutput : ICellOutput
{
    readonly StringBuilder stdout = new(), stderr = new();

    public string Out { get { lock (stdout) { return stdout.ToString(); } } }

    public string Error { get { lock (stdout) { return stderr.ToString(); } } }

    public int Writes { get; private set; }

    /// <summary>"display", "update" or "stdout", in order.</summary>
    public List<string> Events { get; } = [];

    public List<(MimeBundle Bundle, string? Id)> Displays { get; } = [];

    public List<(MimeBundle Bundle, string Id)> Updates { get; } = [];

    public Queue<string> Lines { get; } = new();

    public List<(string Prompt, bool Password)> Asked { get; } = [];

    public void Stream(string name, string text)
    {
        lock (stdout)
        {
            (name == "stdout" ? stdout : stderr).Append(text);
            Writes++;
            Events.Add(name);
        }
    }

    public void Display(MimeBundle bundle, string? displayId)
    {
        Displays.Add((bundle, displayId));
        Events.Add("display");
    }

    public void UpdateDisplay(MimeBundle bundle, string displayId)
    {
        Updates.Add((bundle, displayId));
        Events.Add("update");
    }

    public void Clear(bool wait) => Events.Add("clear");

    public Task<string> ReadLineAsync(string prompt, bool password, CancellationToken cancel)
    {
        Asked.Add((prompt, password));
        return Task.FromResult(Lines.Dequeue());
    }
}

/// <summary>One host for the tests of a class; each test uses names of its own.</summary>
public sealed class HostFixture : IAsyncLifetime
{
    public CellHost Host { get; } = new();

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => Host.DisposeAsync();

    /// <summary>Runs a cell.</summary>
    public Task<CellResult> RunAsync(string code, RecordedOutput? output = null, CancellationToken cancel = default) =>
        Host.RunAsync(code, output ?? new(), cancel);

    /// <summary>Runs a cell that writes "on", interrupts it when it has done so, and waits for its end.</summary>
    public async Task<CellResult> InterruptAsync(string code, RecordedOutput? output = null)
    {
        output ??= new();
        using CancellationTokenSource interrupt = new();
        Task<CellResult> running = RunAsync(code, output, interrupt.Token);
        while (output.Out != "on" && !running.IsCompleted) { await Task.Delay(5, TestContext.Current.CancellationToken); }
        await interrupt.CancelAsync();
        return await running;
    }

    /// <summary>The text of a cell's value.</summary>
    public async Task<string?> ValueAsync(string code)
    {
        CellResult result = await RunAsync(code);
        Assert.True(result.Succeeded, string.Join('\n', result.Traceback ?? []));
        return result.Value?.Data["text/plain"].ToString();
    }
}
