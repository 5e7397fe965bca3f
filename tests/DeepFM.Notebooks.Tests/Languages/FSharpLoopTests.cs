using DeepFM.Notebooks.Execution;
using DeepFM.Notebooks.Languages.FSharp;
using DeepFM.Notebooks.Tests.Execution;
using FSharp.Compiler.CodeAnalysis;

namespace DeepFM.Notebooks.Tests.Languages;

/// <summary>The checks in F# cells: where they stand, and that nothing else changes.</summary>
public sealed class FSharpLoopTests(HostFixture host) : IClassFixture<HostFixture>
{
    const string Check = "global.DeepFM.Notebooks.Languages.CellLoop.Check()";

    static readonly FSharpChecker checker = FSharpChecker.Create(null, null, null, null, null, null, null, null, null, null, null, null,
        null, null);

    [Theory]
    [InlineData("let x = 1", "let x = 1")]
    [InlineData("while true do x <- x + 1", "while true do !; x <- x + 1")]
    [InlineData("while true do\n    f x\n    g x", "while true do\n    !\n# 2 \"cell 7\"\n    f x\n    g x")]
    [InlineData("for i in xs do\n  match i with\n  | 1 -> ()\n  | _ -> for j in i do f j",
        "for i in xs do\n  !\n# 2 \"cell 7\"\n  match i with\n  | 1 -> ()\n  | _ -> for j in i do !; f j")]
    [InlineData("for i = 1 to 3 do f i", "for i = 1 to 3 do !; f i")]
    [InlineData("[ for i in xs -> [ for j in i -> j ] ]", "[ for i in xs -> (!; [ for j in i -> (!; j) ]) ]")]
    [InlineData("[ for i in xs do yield i ]", "[ for i in xs do !; yield i ]")]
    [InlineData("let rec loop (n: int) : int = loop (n + 1)", "let rec loop (n: int) : int = !; loop (n + 1)")]
    [InlineData("let f () =\n    let rec g n = g n\n    g 1", "let f () =\n    let rec g n = !; g n\n    g 1")]
    [InlineData("let rec value = lazy 1", "let rec value = lazy 1")]
    [InlineData("async { while true do do! Async.Sleep 1 }", "async { while true do !; do! Async.Sleep 1 }")]
    [InlineData("for i in xs do f i\n               g i", "for i in xs do f i\n               g i")]      // would lose its alignment
    [InlineData("while true do (", "while true do (")]
    public void EachBody_BeginsWithACheck(string code, string expected) =>
        Assert.Equal(expected.Replace("!;", $"{Check};", StringComparison.Ordinal).Replace("!\n", $"{Check}\n", StringComparison.Ordinal),
            FSharpLoops.AddChecks(code, "cell 7", checker));

    [Fact]
    public async Task TheLoops_ComputeWhatTheyDidWithoutChecks()
    {
        Assert.Equal("6, [2; 3; 4], 120, [1; 4; 9]", await host.ValueAsync("""
            #!fsharp
            let mutable total = 0
            for i in 1 .. 3 do total <- total + i
            let rec factorial n =
                if n <= 1 then 1
                else n * factorial (n - 1)
            let next = [ for i in 1 .. 3 do
                            let j = i + 1
                            yield j ]
            sprintf "%d, %A, %d, %A" total next (factorial 5) [ for i in 1 .. 3 -> i * i ]
            """));
        // A query takes no statements: it runs without checks.
        Assert.Equal("[ 2, 4 ]", await host.ValueAsync(
            "#!fsharp\nquery { for i in [ 1 .. 4 ] do\n        where (i % 2 = 0)\n        select i } |> Seq.toList"));
    }

    [Fact]
    public async Task Errors_NameLineAndColumnOfTheCell_AndNothingRanBefore()
    {
        RecordedOutput output = new();
        CellResult wrong = await host.RunAsync("#!fsharp\nprintf \"ran\"\nfor i in 1 .. 3 do printf \"%d\" missing", output);
        Assert.StartsWith("(3,32): error FS0039", wrong.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("", output.Out);

        CellResult late = await host.RunAsync("#!fsharp\nfor i in 1 .. 3 do\n    ()\nlet sum = missing", output);
        Assert.StartsWith("(4,11): error FS0039", late.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACellThatThrows_RunsOnce()
    {
        RecordedOutput output = new();
        CellResult thrown = await host.RunAsync(
            "#!fsharp\nfor i in 1 .. 3 do\n    printf \"%d\" i\n    if i = 2 then failwith \"two\"", output);
        Assert.Equal(("System.Exception", "two", "12"), (thrown.ErrorName, thrown.ErrorMessage, output.Out));
    }

    [Theory]
    [InlineData("let mutable i = 0\nwhile true do i <- i + 1")]
    [InlineData("let mutable x = 0.0\nwhile true do\n    x <- x + System.Math.Sin x\n    sprintf \"%f\" x |> ignore")]
    [InlineData("for i in Seq.initInfinite id do i |> ignore")]
    [InlineData("let rec loop n = loop (n + 1)\nloop 0 |> ignore")]
    [InlineData("async { while true do do! Async.Sleep 1 } |> Async.RunSynchronously")]
    [InlineData("while true do System.Threading.Thread.Sleep 1")]
    public async Task AnInterrupt_EndsTheCell_AndTheSessionStays(string code) => await AssertEnds(code, Patience.Asks);

    [Fact]
    public async Task ACellThatSleeps_IsWoken_AndTheSessionStays() => await AssertEnds("System.Threading.Thread.Sleep -1", Patience.Wakes);

    async Task AssertEnds(string code, CellPatience patience)
    {
        await host.ValueAsync("#!fsharp\nlet kept = 20");
        CellResult result = await host.InterruptAsync($"#!fsharp\nprintf \"on\"\n{code}", patience: patience);

        Assert.Equal(("Interrupted", "The cell was interrupted."), (result.ErrorName, result.ErrorMessage));
        Assert.Equal("42", await host.ValueAsync("#!fsharp\nlet more = kept + 22\nmore"));
    }
}
