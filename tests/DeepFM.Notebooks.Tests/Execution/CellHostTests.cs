using DeepFM.Notebooks.Execution;
using DeepFM.Training;

namespace DeepFM.Notebooks.Tests.Execution;

public sealed class CellHostTests : IClassFixture<HostFixture>, IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("cells-").FullName, go, gone;
    readonly HostFixture host;

    public CellHostTests(HostFixture host)
    {
        this.host = host;
        (go, gone) = (Path.Combine(folder, "go"), Path.Combine(folder, "gone"));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task TheConsole_OfACell_ItsTasksAndItsThreads_IsCaptured()
    {
        RecordedOutput output = new();
        CellResult result = await host.RunAsync("""
            Console.WriteLine("first");
            await Task.Run(() => Console.Write("task "));
            var thread = new System.Threading.Thread(() => Console.Write("thread"));
            thread.Start();
            thread.Join();
            Console.Error.Write("wrong");
            """, output);

        Assert.True(result.Succeeded, string.Join('\n', result.Traceback ?? []));
        Assert.Equal("first\ntask thread", output.Out);
        Assert.Equal("wrong", output.Error);
    }

    [Fact]
    public async Task Text_IsPassedOn_WhileTheCellRuns_AndBeforeWhatIsShownAfterIt()
    {
        RecordedOutput output = new();
        Task<CellResult> running = host.RunAsync($$"""
            Console.Write("early");
            while (!System.IO.File.Exists(@"{{go}}")) { await Task.Delay(5); }
            Console.Write(" late");
            display(1);
            """, output);
        await Deadline.UntilAsync(() => output.Out == "early" || running.IsCompleted);
        await File.WriteAllTextAsync(go, "", TestContext.Current.CancellationToken);
        CellResult result = await running;
        Assert.True(result.Succeeded, string.Join('\n', result.Traceback ?? []));
        Assert.Equal(["stdout", "stdout", "display"], output.Events);
    }

    [Fact]
    public async Task ATaskThatGoesOnAfterItsCell_StillWritesUnderIt()
    {
        RecordedOutput output = new();
        await host.RunAsync("""
            var go = new TaskCompletionSource();
            var late = Task.Run(async () => { await go.Task; Console.WriteLine("late"); Console.Error.Write("and wrong"); });
            Console.Write("first ");
            """, output);
        RecordedOutput next = new();
        await host.RunAsync("go.SetResult(); await late;", next);
        Assert.Equal(("first late\n", "and wrong", ""), (output.Out, output.Error, next.Out + next.Error));
    }

    [Fact]
    public void Text_IsPassedOn_BeforeTheCallThatWritesItReturns()
    {
        RecordedOutput output = new();
        CellContext cell = new(1, "", output, new(), CancellationToken.None);
        cell.Write("stdout", "last");
        Assert.Equal("last", output.Out);
    }

    [Fact]
    public async Task TwoHosts_KeepTheirConsolesAndVariablesApart()
    {
        await using CellHost other = new();
        RecordedOutput here = new(), there = new();
        await Task.WhenAll(
            host.RunAsync("int mine = 1; for (int i = 0; i < 20; i++) { Console.Write(\"a\"); await Task.Delay(1); }", here),
            other.RunAsync("for (int i = 0; i < 20; i++) { Console.Write(\"b\"); await Task.Delay(1); }", there, CancellationToken.None));

        Assert.Equal((new string('a', 20), new string('b', 20)), (here.Out, there.Out));
        Assert.False((await other.RunAsync("mine", there, CancellationToken.None)).Succeeded);
    }

    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("await Task.Delay(-1, DeepFM.Notebooks.Cell.Cancellation);")]
    [InlineData("for (int i = 0; ; i++) i--;")]
    [InlineData("Action act = () => { do { } while (true); };\nact();")]
    [InlineData("void Spin() { while (true) { System.Threading.Thread.Sleep(1); } }\nSpin();")]
    [InlineData("try { while (true) { } } catch (OperationCanceledException e) { throw new AggregateException(e, new TaskCanceledException()); }")]
    [InlineData("async Task Spin() { while (true) { await Task.Delay(1); } }\nawait Spin();")]
    [InlineData("async Task Spin() { while (true) { } }\nawait Spin();")]
    [InlineData("class Wheel { public async Task Spin() { await Task.Yield(); for (;;) { } } }\nawait new Wheel().Spin();")]
    public async Task AnInterrupt_StopsTheCell_AndTheNextOneRuns(string code) =>
        await AssertStops(code, Patience.Asks);

    [Fact]
    public async Task ACellThatSleeps_IsWoken_AndTheNextOneRuns() =>
        await AssertStops("System.Threading.Thread.Sleep(System.Threading.Timeout.Infinite);", Patience.Wakes);

    [Fact]
    public async Task TheKitsTrainings_WatchTheCellsToken_ThoughTheyAreNotGivenIt()
    {
        const string Watched = "DeepFM.Training.AmbientCancellation.Token = DeepFM.Notebooks.Cell.Cancellation";
        const string Given = "DeepFM.Notebooks.Cell.Cancellation.CanBeCanceled";
        string equal = Watched.Replace(" = ", " == ", StringComparison.Ordinal);
        await host.ValueAsync("#r \"DeepFM.Core\"");
        Assert.Equal("True", await host.ValueAsync($"await Task.Run(() => {Given} && {equal})"));
        Assert.Equal("True", await host.ValueAsync($"#!fsharp\n#r @\"{typeof(TrainingRun).Assembly.Location}\"\n{Given} && {Watched}"));
    }

    [Fact]
    public async Task ACellThatDefinesSomething_AndIsWoken_LeavesThat_AndTheNextOneDefines()
    {
        CellResult woken = await host.InterruptAsync("int kept = 1; Console.Write(\"on\"); System.Threading.Thread.Sleep(-1);",
            patience: Patience.Wakes);
        Assert.Equal("Interrupted", woken.ErrorName);

        Assert.Null(await host.ValueAsync("int found = 2;"));
        Assert.Equal("2", await host.ValueAsync("found"));
        Assert.Equal("1", await host.ValueAsync("kept"));
        Assert.Null(await host.ValueAsync("int more = found + 1;"));
        Assert.Equal("5", await host.ValueAsync("found + more"));
    }

    [Theory]
    [InlineData("await Task.Run(() => System.Threading.SpinWait.SpinUntil(released));")]
    [InlineData("Enumerable.Repeat(0, int.MaxValue).All(_ => !released());")]          // computes in a library
    public async Task ACellThatCannotStop_IsLeftAlone_AndSilent(string code)
    {
        RecordedOutput output = new();
        CellResult result = await host.InterruptAsync($$"""
            Func<bool> released = () => System.IO.File.Exists(@"{{go}}");
            Console.Write("on");
            try
            {
                {{code}}
                Console.Write("off");
            }
            finally { System.IO.File.WriteAllText(@"{{gone}}", ""); }
            """, output, Patience.Leaves);

        Assert.Equal("Interrupted", result.ErrorName);
        Assert.StartsWith("The cell was interrupted, but does not stop", result.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("3", await host.ValueAsync("1 + 2"));
        await File.WriteAllTextAsync(go, "", TestContext.Current.CancellationToken);
        await Deadline.UntilAsync(() => File.Exists(gone));
        Assert.Equal("on", output.Out);
    }

    [Theory]
    [InlineData("await gate.Task;\nlate++;")]
    [InlineData("var got = await gate.Task; late++; got")]
    [InlineData("try { if (late == 0) { await gate.Task; late++; } } finally { Console.Write(\"\"); }")]
    [InlineData("async Task Wait() { await gate.Task; late++; }\nawait Wait();")]
    public async Task ACellThatWaits_AndIsGivenUp_GoesNoFurther(string code)
    {
        await host.ValueAsync("var gate = new TaskCompletionSource<int>(); int late = 0;");
        Assert.Equal("Interrupted", (await host.InterruptAsync($"Console.Write(\"on\");\n{code}", patience: Patience.Leaves)).ErrorName);
        Assert.Equal("0", await host.ValueAsync("gate.SetResult(1); late"));     // what waits for the gate goes on in this call
    }

    [Fact]
    public async Task ACellThatIsGivenUp_StillCleansUp()
    {
        await host.ValueAsync("var gate = new TaskCompletionSource<int>(); int cleaned = 0;");
        Assert.Equal("Interrupted", (await host.InterruptAsync(
            "Console.Write(\"on\");\ntry { await gate.Task; cleaned = -1; } finally { await Task.CompletedTask; cleaned++; }",
            patience: Patience.Leaves)).ErrorName);
        Assert.Equal("1", await host.ValueAsync("gate.SetResult(1); cleaned"));
    }

    [Fact]
    public async Task AwaitsKeepTheirValuesLinesAndComments()
    {
        Assert.Equal("7", await host.ValueAsync("var three = await Task.FromResult(3); // a comment\nint four = 4;\nthree + await Task.FromResult(four)"));
        CellResult thrown = await host.RunAsync("await Task.Yield(); await Task.Yield();\nif (true) { await Task.Yield();\nthrow new Exception(\"x\"); }");
        Assert.StartsWith("   at cell ", thrown.Traceback![1], StringComparison.Ordinal);
        Assert.Contains(", line 3", thrown.Traceback![1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACallbackThatFails_WhileItsCellIsStopped_IsTold()
    {
        RecordedOutput output = new();
        Assert.Equal("Interrupted", (await host.InterruptAsync("""
            DeepFM.Notebooks.Cell.Cancellation.Register(() => throw new InvalidOperationException("broken"));
            Console.Write("on");
            System.Threading.Thread.Sleep(-1);
            """, output, Patience.Wakes)).ErrorName);
        Assert.Equal("An error while the cell was stopped: broken\n", output.Error);
    }

    [Fact]
    public async Task AnExceptionInABackgroundTask_LeavesTheSessionAlone()
    {
        await host.RunAsync("_ = Task.Run(() => throw new InvalidOperationException(\"lost\"));");
        Assert.Equal("2", await host.ValueAsync("await Task.Delay(20); GC.Collect(); 1 + 1"));
    }

    async Task AssertStops(string code, CellPatience patience)
    {
        CellResult result = await host.InterruptAsync($"Console.Write(\"on\");\n{code}", patience: patience);

        Assert.Equal((false, "Interrupted"), (result.Succeeded, result.ErrorName));
        Assert.Equal("The cell was interrupted.", result.ErrorMessage);
        Assert.Equal("2", await host.ValueAsync("1 + 1"));
    }
}
