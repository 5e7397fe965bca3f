using DeepFM.Notebooks.Execution;
using DeepFM.Notebooks.Tests.Execution;

namespace DeepFM.Notebooks.Tests.Display;

public sealed class ValueViewTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Theory]
    [InlineData("display(1)")]
    [InlineData("#!fsharp\ndisplay(1)")]
    public async Task Display_AsTheLastExpression_ShowsNothingMore(string code)
    {
        RecordedOutput output = new();
        CellResult result = await host.RunAsync(code, output);
        Assert.True(result.Succeeded, string.Join('\n', result.Traceback ?? []));
        Assert.Null(result.Value);
        Assert.Equal("1", Assert.Single(output.Displays).Bundle.Data["text/plain"]);
    }

    [Fact]
    public async Task ATypeOfACell_HasTheNameThatItsUserGaveIt_AndNestedValuesATriangle()
    {
        string html = await Html("class Person { public string Name = \"A\"; public object Friend = null!; }\n"
            + "new Person { Friend = new Person() }");
        Assert.Equal(3, html.Split("<code>Person</code>").Length);
        Assert.Equal(3, html.Split("<summary style=\"display:list-item\">").Length);
        Assert.DoesNotContain("<summary>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Submission#", html, StringComparison.Ordinal);
        Assert.Equal("Submission#1+Person", await host.ValueAsync("\"Submission#1+Person\""));        // a text stays as it is
    }

    [Theory]
    [InlineData("Circle 1.0", "Circle 1.0")]
    [InlineData("Empty", "Empty")]
    [InlineData("Some (Square (1, 2))", "Some (Square (1, 2))")]
    [InlineData("(Ok 3 : Result<int, string>)", "Ok 3")]
    public async Task AUnion_IsShownWithItsCase(string code, string text) => Assert.Equal(text,
        await host.ValueAsync($"#!fsharp\ntype Shape = Circle of float | Square of a: int * b: int | Empty\n{code}"));

    [Fact]
    public async Task AUnion_InsideAnotherValue_HasItsCase_AndAUsersFormatterComesFirst()
    {
        Assert.Contains("Side: Left 2", await host.ValueAsync(
            "#!fsharp\ntype Side = Left of int | Right of int\ntype Box = { Side: Side }\n{ Side = Left 2 }"), StringComparison.Ordinal);
        Assert.Equal("mine", await host.ValueAsync("""
            #!fsharp
            type Own = Own of int
            Microsoft.DotNet.Interactive.Formatting.Formatter.Register<Own>((fun (_: Own) -> "mine"), "text/plain")
            Own 1
            """));
    }

    [Fact]
    public async Task AnArrayOfTwoDimensions_HasRows()
    {
        const string Code = "new int[,] { { 1, 2, 3 }, { 4, 5, 6 } }";
        Assert.Equal("[ [ 1, 2, 3 ],\n  [ 4, 5, 6 ] ]", await host.ValueAsync(Code));
        string html = await Html(Code);
        Assert.Contains("<tr><th>1</th><td>4</td><td>5</td><td>6</td></tr>", html, StringComparison.Ordinal);
        Assert.Equal("[ [ [ 0, 0 ] ],\n  [ [ 0, 0 ] ] ]", await host.ValueAsync("new int[2, 1, 2]"));
        Assert.Equal(Microsoft.DotNet.Interactive.Formatting.Formatter.ListExpansionLimit + 2, (await Html("new int[1000, 2]")).Split("<tr><th>").Length - 1);
    }

    [Theory]
    [InlineData("async Task<int> Forgotten() { await Task.Delay(-1); return 1; }\nForgotten()", "WaitingForActivation")]
    [InlineData("Task.FromResult(new int[100_000])", "RanToCompletion")]
    [InlineData("Task.CompletedTask", "RanToCompletion")]
    [InlineData("ValueTask.CompletedTask", "RanToCompletion")]
    public async Task ATask_ThatWasNotAwaited_IsALineThatSaysSo(string code, string status)
    {
        string text = $"(a task that was not awaited; its status is {status})";
        Assert.Equal(text, await host.ValueAsync(code));
        Assert.Equal($"<span>{text}</span>", await Html(code));
    }

    async Task<string> Html(string code)
    {
        CellResult result = await host.RunAsync(code);
        Assert.True(result.Succeeded, string.Join('\n', result.Traceback ?? []));
        return result.Value!.Data["text/html"].ToString()!;
    }
}
