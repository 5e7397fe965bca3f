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

    [Theory]
    [InlineData("1 + 1", "complete", "")]
    [InlineData("if (true)\n{", "incomplete", "    ")]
    [InlineData("    foreach (int i in new[] { 1 })\n    {", "incomplete", "        ")]
    [InlineData("int 3x;", "invalid", "")]
    [InlineData("#!fsharp\nlet x =", "complete", "")]
    [InlineData("#!nothing", "invalid", "")]
    public void IsComplete_SaysWhetherToGoOn(string code, string status, string indent) =>
        Assert.Equal(new Completeness(status, indent), host.Host.IsComplete(code));
}
