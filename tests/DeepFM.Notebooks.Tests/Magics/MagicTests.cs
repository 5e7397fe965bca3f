using DeepFM.Notebooks.Execution;
using DeepFM.Notebooks.Tests.Execution;

namespace DeepFM.Notebooks.Tests.Magics;

public sealed class MagicTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Theory]
    [InlineData("html", "<b>x</b>", "text/html", "<b>x</b>")]
    [InlineData("markdown", "**x**", "text/markdown", "**x**")]
    [InlineData("mermaid", "graph TD; A-->B", "text/vnd.mermaid", "graph TD; A-->B")]
    [InlineData("javascript", "alert(1)", "text/html", "<script type=\"text/javascript\">alert(1)</script>")]
    public async Task PartsForThePage_AreShown(string magic, string source, string mime, string content)
    {
        RecordedOutput output = new();
        await host.RunAsync($"#!{magic}\n{source}", output);
        MimeBundle shown = Assert.Single(output.Displays).Bundle;
        Assert.Equal((content, source), (shown.Data[mime], shown.Data["text/plain"]));
    }

    [Fact]
    public async Task SeveralParts_AreRunInOrder_WithTheLinesOfTheCell()
    {
        RecordedOutput output = new();
        CellResult result = await host.RunAsync("#!html\n<i>1</i>\n#!csharp\n1 + 1\n#!markdown\n*3*\n#!csharp\nmissing", output);
        Assert.Equal("(8,1): error CS0103: The name 'missing' does not exist in the current context", result.ErrorMessage);
        Assert.Equal(["<i>1</i>", "2", "*3*"], output.Displays.Select(shown => shown.Bundle.Data["text/plain"].ToString()));
    }

    [Theory]
    [InlineData("\"\"\"\n#!/bin/sh\necho 1\n\"\"\".Length", "16")]
    [InlineData("$\"\"\"\n{1}\n#!fsharp\n\"\"\".Length", "10")]
    [InlineData("@\"\n#!time\".Length", "7")]
    [InlineData("/*\n#!nothing\n*/ 3", "3")]
    [InlineData("var s = \"\"\"\n#!a\n\"\"\";\n#!html\n#!csharp\ns", "#!a")]
    [InlineData("#!fsharp\n(\"\"\"\n#!csharp\n\"\"\").Length", "10")]
    [InlineData("#!fsharp\n\"\n#!a\".Length", "4")]
    [InlineData("#!fsharp\n(*\n#!html\n*)\n3", "3")]
    public async Task ALineInsideAStringOrAComment_IsNoCommand(string cell, string value) =>
        Assert.Equal(value, await host.ValueAsync(cell));

    [Theory]
    [InlineData("#!who --long", "(1,1): #!who: it takes nothing behind it, but '--long' is given.")]
    [InlineData("#!time 3", "(1,1): #!time: it takes nothing behind it, but '3' is given.")]
    [InlineData("#!share --from fsharp nobody", "(1,1): #!share: There is no fsharp variable 'nobody'. There are none.")]
    public async Task WhatACommandDoesNotTake_IsSaid(string cell, string message)
    {
        await using CellHost own = new();
        CellResult result = await own.RunAsync(cell, new RecordedOutput(), TestContext.Current.CancellationToken);
        Assert.Equal(("MagicError", message), (result.ErrorName, result.ErrorMessage));
    }

    [Fact]
    public async Task Whos_NamesTypesAsAProgrammerDoes_AndCountsItems()
    {
        RecordedOutput output = new();
        await using CellHost own = new();
        await own.RunAsync("record P(int A); P[] both = [new(1), new(2)]; var numbers = new List<int> { 1, 2, 3 };\n#!whos", output,
            TestContext.Current.CancellationToken);
        string[] lines = [.. output.Displays[0].Bundle.Data["text/plain"].ToString()!.Split('\n').Select(line =>
            string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];
        Assert.Equal(["Variable Type Value Language", "both P[] 2 items csharp",
            "numbers System.Collections.Generic.List<System.Int32> 3 items csharp"], lines);
    }

    [Fact]
    public async Task AnUnknownMagic_ListsTheKnown_TheNearestFirst_AndRunsNothing()
    {
        RecordedOutput output = new();
        CellResult result = await host.RunAsync("Console.Write(\"ran\");\n#!fsharpp\nlet x = 1", output);

        Assert.Equal("UnknownMagic", result.ErrorName);
        Assert.StartsWith("(2,1): There is no magic command '#!fsharpp'; did you mean '#!fsharp'? There are: #!fsharp, ",
            result.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("#!whos", result.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("", output.Out);
    }

    [Fact]
    public async Task Variables_AreListed()
    {
        RecordedOutput output = new();
        await host.RunAsync("int alpha = 3;\nstring beta = \"text\";");
        await host.RunAsync("#!who", output);
        await host.RunAsync("#!whos", output);

        Assert.Contains("alpha beta", output.Displays[0].Bundle.Data["text/plain"].ToString(), StringComparison.Ordinal);
        Assert.Matches(@"alpha +System\.Int32 +3 +csharp", output.Displays[1].Bundle.Data["text/plain"].ToString());
        Assert.Contains("<td style=\"text-align:left\">beta</td>", output.Displays[1].Bundle.Data["text/html"].ToString(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("12", "12, Int32")]
    [InlineData("1.5", "1.5, Double")]
    [InlineData("true", "True, Boolean")]
    [InlineData("\"two words\"", "two words, String")]
    [InlineData("@csharp:origin", "7, Int32")]
    public async Task Set_MakesAVariable(string value, string expected)
    {
        await host.ValueAsync("int origin = 7;");
        Assert.Equal(expected, await host.ValueAsync($"#!set --name made --value {value}\n$\"{{made}}, {{made.GetType().Name}}\""));
    }

    [Theory]
    [InlineData("#!set --value 1", "(1,1): #!set: --name is missing; write #!set --name x --value @fsharp:y.")]
    [InlineData("#!set --name x --valeu 1",
        "(1,1): #!set: There is no option '--valeu'; did you mean '--value'? There are: --name, --value.")]
    [InlineData("#!set --name x --value @y", "(1,1): #!set: '@y' names no variable; write @language:name, such as @fsharp:y.")]
    [InlineData("#!share --from python x", "(1,1): #!share: there is no language 'python' with variables. There are: csharp, fsharp.")]
    [InlineData("#!set --name \"a b\" --value 1", "'a b' is no name for a C# variable.")]
    public async Task WrongUse_IsSaid(string cell, string message) => Assert.Equal(message, (await host.RunAsync(cell)).ErrorMessage);

    [Fact]
    public async Task Time_About_AndTheList_AreShown()
    {
        RecordedOutput output = new();
        CellResult result = await host.RunAsync("#!time\n#!about\n#!lsmagic\n1 + 1", output);

        Assert.Equal("2", result.Value!.Data["text/plain"]);
        string[] shown = [.. output.Displays.Select(display => display.Bundle.Data["text/plain"].ToString()!)];
        Assert.Contains("DeepFM.Notebooks", shown[0], StringComparison.Ordinal);
        Assert.Contains("#!share", shown[1], StringComparison.Ordinal);
        Assert.Matches(@"^Wall time: \d+\.\d ms$", shown[2]);
    }
}
