using DeepFM.Notebooks.Execution;
using DeepFM.Notebooks.Tests.Execution;

namespace DeepFM.Notebooks.Tests.Languages;

public sealed class CompletionTests(HostFixture host) : IClassFixture<HostFixture>
{
    static readonly CancellationToken none = CancellationToken.None;

    [Fact]
    public async Task Members_OfAnEarlierCellsVariable_AreCompleted()
    {
        await host.ValueAsync("var rows = new List<string>(); int Length(string text, int more) => text.Length + more;");
        const string Code = "rows.Ad";
        Completions found = await host.Host.CompleteAsync(Code, Code.Length, none);

        Assert.Equal((5, 7), (found.Start, found.End));
        Assert.Contains(new CompletionItem("AddRange", "method"), found.Items);
        Assert.DoesNotContain(found.Items, item => item.Text == "Clear");
        Assert.Contains((await host.Host.CompleteAsync("row", 3, none)).Items, item => item.Text == "rows");
        Assert.Contains((await host.Host.CompleteAsync("rows.Where(r => r.Len", 21, none)).Items, item => item.Text == "Length");
    }

    [Fact]
    public async Task Magics_AreCompleted()
    {
        Completions found = await host.Host.CompleteAsync("#!fs", 4, none);
        Assert.Equal((0, 4), (found.Start, found.End));
        Assert.Equal(["#!fsharp"], found.Items.Select(item => item.Text));
    }

    [Fact]
    public async Task Inspect_ShowsTheSymbol_OrTheSignatures()
    {
        await host.ValueAsync("int Area(int width, int height) => width * height;");
        MimeBundle? symbol = await host.Host.InspectAsync("Area(1, 2)", 2, none);
        Assert.Contains("Area(int width, int height)", symbol!.Data["text/plain"].ToString(), StringComparison.Ordinal);

        MimeBundle? call = await host.Host.InspectAsync("Area(", 5, none);
        Assert.Contains("int width, int height", call!.Data["text/plain"].ToString(), StringComparison.Ordinal);
        Assert.Null(await host.Host.InspectAsync("   ", 1, none));
    }

    [Fact]
    public async Task FSharpParts_AreCompletedByTheirOwnCompiler()
    {
        await host.ValueAsync("#!fsharp\nlet planets = [ \"Venus\"; \"Earth\" ]");
        const string Members = "var csharpOnly = 1;\n#!fsharp\nlet n = 1\n  List.fil";
        Completions found = await host.Host.CompleteAsync(Members, Members.Length, none);
        Assert.Equal((Members.Length - 3, Members.Length), (found.Start, found.End));
        Assert.Contains(found.Items, item => item.Text == "filter");
        Assert.DoesNotContain(found.Items, item => item.Text is "map" or "csharpOnly");

        const string Begun = "#!fsharp\nlet same = plan\n";
        found = await host.Host.CompleteAsync(Begun, Begun.Length - 1, none);
        Assert.Equal((Begun.Length - 5, Begun.Length - 1), (found.Start, found.End));
        Assert.Contains(found.Items, item => item.Text == "planets");

        const string Value = "#!fsharp\nplanets.Len";
        Assert.Contains(new CompletionItem("Length", "property"), (await host.Host.CompleteAsync(Value, Value.Length, none)).Items);
    }

    [Theory]
    [InlineData("#!html\n<p>Con")]
    [InlineData("#!share --from Con")]
    public async Task OtherParts_AreNotCompletedAsCSharp(string code) =>
        Assert.Empty((await host.Host.CompleteAsync(code, code.Length, none)).Items);

    [Fact]
    public async Task Inspect_ShowsTheSymbolOfAnFSharpPart()
    {
        await host.ValueAsync("#!fsharp\nlet twice (number: int) = 2 * number");
        const string Code = "#!fsharp\nlet four = twice 2";
        MimeBundle? found = await host.Host.InspectAsync(Code, Code.Length - 4, none);
        Assert.Contains("twice: number: int -> int", found?.Data["text/plain"].ToString(), StringComparison.Ordinal);
        Assert.Null(await host.Host.InspectAsync("#!fsharp\n   ", 11, none));
    }

    [Theory]
    [InlineData("1 + 1", "complete", "")]
    [InlineData("if (true)\n{", "incomplete", "    ")]
    [InlineData("    foreach (int i in new[] { 1 })\n    {", "incomplete", "        ")]
    [InlineData("int 3x;", "invalid", "")]
    [InlineData("#!fsharp\nlet x = 1\nx + 1", "complete", "")]
    [InlineData("#!fsharp\nlet f x =", "incomplete", "    ")]
    [InlineData("#!fsharp\nfor i in 1 .. 3 do\n    if i > 1 then", "incomplete", "        ")]
    [InlineData("#!fsharp\nlet xs = [ 1", "incomplete", "")]
    [InlineData("#!fsharp\n[1; 2", "incomplete", "")]
    [InlineData("#!fsharp\nlet s = \"\"\"\n)", "incomplete", "")]
    [InlineData("#!fsharp\n(* 1", "incomplete", "")]
    [InlineData("#!fsharp\n)", "invalid", "")]
    [InlineData("#!fsharp\n[|1|] )", "invalid", "")]
    [InlineData("#!fsharp\nlet ) = 1\nlet x = 2", "invalid", "")]
    [InlineData("#!html\n<p>", "complete", "")]
    [InlineData("#!nothing", "invalid", "")]
    public void IsComplete_SaysWhetherToGoOn(string code, string status, string indent) =>
        Assert.Equal(new Completeness(status, indent), host.Host.IsComplete(code));
}
