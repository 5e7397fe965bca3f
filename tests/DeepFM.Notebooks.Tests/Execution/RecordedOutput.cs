using System.Text;
using DeepFM.Notebooks.Execution;

namespace DeepFM.Notebooks.Tests.Execution;

/// <summary>Keeps what a cell writes and shows.</summary>
public sealed class RecordedOutput : ICellOutput
{
    readonly Lock gate = new();
    readonly StringBuilder stdout = new(), stderr = new();
    readonly List<string> events = [];
    readonly List<(MimeBundle Bundle, string? Id)> displays = [];
    readonly List<(MimeBundle Bundle, string Id)> updates = [];
    readonly List<(string Prompt, bool Password)> asked = [];
    int writes;

    public string Out { get { lock (gate) { return stdout.ToString(); } } }

    public string Error { get { lock (gate) { return stderr.ToString(); } } }

    public int Writes { get { lock (gate) { return writes; } } }

    /// <summary>"display", "update" or "stdout", in order.</summary>
    public List<string> Events { get { lock (gate) { return [.. events]; } } }

    public List<(MimeBundle Bundle, string? Id)> Displays { get { lock (gate) { return [.. displays]; } } }

    public List<(MimeBundle Bundle, string Id)> Updates { get { lock (gate) { return [.. updates]; } } }

    /// <summary>What the user will answer; filled before the cell runs.</summary>
    public Queue<string> Lines { get; } = new();

    public List<(string Prompt, bool Password)> Asked { get { lock (gate) { return [.. asked]; } } }

    public void Stream(string name, string text)
    {
        lock (gate)
        {
            (name == "stdout" ? stdout : stderr).Append(text);
            writes++;
            events.Add(name);
        }
    }

    public void Display(MimeBundle bundle, string? displayId)
    {
        lock (gate)
        {
            displays.Add((bundle, displayId));
            events.Add("display");
        }
    }

    public void UpdateDisplay(MimeBundle bundle, string displayId)
    {
        lock (gate)
        {
            updates.Add((bundle, displayId));
            events.Add("update");
        }
    }

    public void Clear(bool wait)
    {
        lock (gate) { events.Add("clear"); }
    }

    public Task<string> ReadLineAsync(string prompt, bool password, CancellationToken cancel)
    {
        lock (gate)
        {
            asked.Add((prompt, password));
            return Task.FromResult(Lines.Dequeue());
        }
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
    /// <param name="code">The cell.</param>
    /// <param name="output">What it writes.</param>
    /// <param name="patience">With it; that with a cell which ends by itself when null.</param>
    internal async Task<CellResult> InterruptAsync(string code, RecordedOutput? output = null, CellPatience? patience = null)
    {
        output ??= new();
        Host.Patience = patience ?? Patience.Asks;
        using CancellationTokenSource interrupt = new();
        Task<CellResult> running = RunAsync(code, output, interrupt.Token);
        await Deadline.UntilAsync(() => output.Out == "on" || running.IsCompleted);
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
