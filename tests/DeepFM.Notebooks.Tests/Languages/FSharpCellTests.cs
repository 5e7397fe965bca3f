using DeepFM.Notebooks.Execution;
using DeepFM.Notebooks.Languages.FSharp;
using DeepFM.Notebooks.Tests.Execution;

namespace DeepFM.Notebooks.Tests.Languages;

/// <summary>One session for all: it starts slowly.</summary>
public sealed class FSharpCellTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Fact]
    public async Task TheLastExpression_IsTheValue_AndDefinitionsLast()
    {
        Assert.Equal("[ 1, 4, 9 ]", await host.ValueAsync("#!fsharp\nlet squares = [ for i in 1 .. 3 -> i * i ]\nsquares"));
        Assert.Equal("14", await host.ValueAsync("#!fsharp\nList.sum squares"));
        Assert.Null(await host.ValueAsync("#!fsharp\nlet quiet = 1"));
    }

    [Fact]
    public async Task Formatters_AreAtHand()
    {
        await host.RunAsync("#!fsharp\ntype Money = { Euros: int }\nFormatter.Register<Money>((fun m -> $\"{m.Euros} EUR\"), \"text/plain\")");
        Assert.Equal("3 EUR", await host.ValueAsync("#!fsharp\n{ Euros = 3 }"));
    }

    [Fact]
    public async Task Output_IsCaptured_AndDisplayWorks()
    {
        RecordedOutput output = new();
        CellResult result = await host.RunAsync("#!fsharp\nprintfn \"from F#\"\n(HTML \"<b>x</b>\").Display() |> ignore", output);

        Assert.True(result.Succeeded, string.Join('\n', result.Traceback ?? []));
        Assert.Equal("from F#\n", output.Out);
        Assert.Equal("<b>x</b>", Assert.Single(output.Displays).Bundle.Data["text/html"]);
    }

    [Fact]
    public async Task Errors_NameLineAndColumnOfTheCell()
    {
        CellResult wrong = await host.RunAsync("#!fsharp\nlet fine = 1\nlet sum = fine + missing");
        Assert.Equal("CompilationError", wrong.ErrorName);
        Assert.StartsWith("(3,18): error FS0039: The value or constructor 'missing' is not defined.", wrong.ErrorMessage,
            StringComparison.Ordinal);
        Assert.Equal("    let sum = fine + missing", wrong.Traceback!.Single(line => line.StartsWith("    let", StringComparison.Ordinal)));

        CellResult thrown = await host.RunAsync("#!fsharp\nlet f x = 1 / x\nf 0");
        Assert.Equal("System.DivideByZeroException", thrown.ErrorName);
    }

    [Fact]
    public async Task Values_PassBetweenTheLanguages()
    {
        await host.ValueAsync("#!fsharp\nlet numbers = [ 1.5; 2.5 ]\nlet name = \"Ada\"");
        Assert.Equal("4", await host.ValueAsync("#!share --from fsharp numbers\nnumbers.Sum()"));
        Assert.Equal("AdaAda", await host.ValueAsync("#!set --name twice --value @fsharp:name\ntwice + twice"));
        await host.ValueAsync("var list = new List<int> { 3, 4 };");
        Assert.Equal("7", await host.ValueAsync("#!fsharp\n#!share --from csharp list --as fromCSharp\nSeq.sum fromCSharp"));
        Assert.Equal("9", await host.ValueAsync("#!csharp\nint nine = 9;\n#!fsharp\n#!share --from csharp nine\nnine"));

        CellResult missing = await host.RunAsync("#!share --from fsharp nam");
        Assert.StartsWith("(1,1): #!share: There is no fsharp variable 'nam'; did you mean 'name'?", missing.ErrorMessage,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnInterrupt_WhileTheSessionIsMade_LeavesItToTheNextCell()
    {
        await using CellHost own = new();
        using CancellationTokenSource interrupt = new();
        RecordedOutput output = new();
        Task<CellResult> first = own.RunAsync("#!csharp\nConsole.Write(\"on\");\n#!fsharp\nlet never = 1", output, interrupt.Token);
        while (output.Out != "on" && !first.IsCompleted) { await Task.Delay(5, TestContext.Current.CancellationToken); }
        await interrupt.CancelAsync();

        CellResult stopped = await first;
        Assert.Equal(("Interrupted", "The cell was interrupted."), (stopped.ErrorName, stopped.ErrorMessage));
        CellResult next = await own.RunAsync("#!fsharp\n1 + 1", output, CancellationToken.None);
        Assert.Equal("2", next.Value?.Data["text/plain"]);
    }

    [Fact]
    public async Task AnInterruptedCompiler_IsNoCompilationError()
    {
        await using FSharpSession session = new();
        await session.SessionAsync();
        CellContext cell = new(1, "let x = 1", new RecordedOutput(), new(), new CancellationToken(canceled: true));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await session.RunAsync(cell.Code, cell));
    }
}
