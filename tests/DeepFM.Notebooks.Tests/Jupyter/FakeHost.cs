using System.Globalization;
using DeepFM.Notebooks.Execution;

namespace DeepFM.Notebooks.Tests.Jupyter;

/// <summary>A host whose cells are one word and its argument: enough to bring about everything that a kernel must pass on.</summary>
sealed class FakeHost : ICellHost
{
    bool disposed;

    /// <summary>Set while a cell waits or loops.</summary>
    public ManualResetEventSlim Busy { get; } = new();

    public CellPatience Patience { get; set; } = CellPatience.Standard;

    public bool Disposed => disposed;

    public Task<CellResult> RunAsync(string code, ICellOutput output, CancellationToken cancel)
    {
        CellThread thread = new(Patience);
        return thread.RunAsync(() => RunCellAsync(code, output, thread.Cancellation),
            line => output.Stream("stderr", line), leave: () => { }, cancel);
    }

    async Task<CellResult> RunCellAsync(string code, ICellOutput output, CancellationToken cancel)
    {
        (string word, string rest) = code.Split(' ', 2) is [string first, string second] ? (first, second) : (code, "");
        switch (word)
        {
            case "echo": return new(true, Text(rest));
            case "print": output.Stream("stdout", rest); return Nothing;
            case "complain": output.Stream("stderr", rest); return Nothing;
            case "chars":
                foreach (char unit in rest) { output.Stream("stdout", unit.ToString()); }
                return Nothing;
            case "bad": output.Stream("stdout", "a\ud800b"); return Nothing;
            case "megabytes": PrintMegabytes(output, int.Parse(rest, CultureInfo.InvariantCulture)); return Nothing;
            case "fail": return new(false, null, "TestException", rest, ["line 1", "line 2"]);
            case "bug": throw new InvalidOperationException("A bug of the host.");
            case "wait":
                Busy.Set();
                await Task.Delay(Timeout.Infinite, cancel).ContinueWith(_ => { }, TaskScheduler.Default);
                return new(false, null, "OperationCanceledException", "stopped");
            case "loop":
                Busy.Set();
                while (!Volatile.Read(ref disposed)) { }
                return Nothing;
            case "doze":
                Busy.Set();
                Thread.Sleep(Timeout.Infinite);
                return Nothing;
            case "drift":
                Busy.Set();
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
                return Nothing;
            case "mix":
                output.Stream("stdout", "before");
                output.Display(Text("picture"), null);
                output.Stream("stdout", "after");
                output.Stream("stderr", "aside");
                return new(true, Text("value"));
            case "display":
                output.Display(Text("old"), rest);
                output.UpdateDisplay(Text("new"), rest);
                output.Clear(wait: true);
                return Nothing;
            case "ask": return new(true, Text(await output.ReadLineAsync(rest, password: true, cancel)));
            case "json":
                return new(true, new(new Dictionary<string, object>
                {
                    ["text/plain"] = rest,
                    ["application/json"] = new Dictionary<string, object> { ["numbers"] = new List<int> { 1, 2 } },
                }, new Dictionary<string, object> { ["isolated"] = true }));
            case "later":
                _ = Task.Run(async () =>
                {
                    while (!Busy.IsSet) { await Task.Yield(); }
                    output.Stream("stdout", rest);
                }, CancellationToken.None);
                return Nothing;
            case "exit": Environment.Exit(int.Parse(rest, CultureInfo.InvariantCulture)); return Nothing;
            case "thread":
                new Thread(() => throw new InvalidOperationException(rest)).Start();
                return Nothing;
            case "task":
                _ = Task.Run(() => throw new InvalidOperationException(rest), CancellationToken.None);
                return Nothing;
            case "collect":
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return Nothing;
            case "release": Busy.Set(); return Nothing;
            default: return Nothing;
        }
    }

    /// <summary>Offers one completion for the whole word before the position, and tells the position in its kind.</summary>
    public Task<Completions> CompleteAsync(string code, int position, CancellationToken cancel)
    {
        int start = code.LastIndexOf(' ', Math.Max(0, position - 1)) + 1;
        return Task.FromResult(new Completions(start, position, [new("Complete", $"at {position}"), new("Second", null)]));
    }

    public Task<MimeBundle?> InspectAsync(string code, int position, CancellationToken cancel) =>
        Task.FromResult(code.Contains("known", StringComparison.Ordinal) ? Text($"known at {position}") : null);

    public Completeness IsComplete(string code) => code.EndsWith('{') ? new("incomplete", "    ") : new("complete");

    public ValueTask DisposeAsync()
    {
        disposed = true;
        return ValueTask.CompletedTask;
    }

    static CellResult Nothing => new(true, null);

    static MimeBundle Text(string text) => new(new Dictionary<string, object> { ["text/plain"] = text });

    // In lines of 64 characters, as a loop with WriteLine does it.
    static void PrintMegabytes(ICellOutput output, int megabytes)
    {
        string line = new string('x', 63) + "\n";
        for (int i = 0; i < megabytes * (1 << 20) / line.Length; i++) { output.Stream("stdout", line); }
    }
}
