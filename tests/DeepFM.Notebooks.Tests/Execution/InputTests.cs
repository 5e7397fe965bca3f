using DeepFM.Notebooks.Execution;

namespace DeepFM.Notebooks.Tests.Execution;

/// <summary>Cells that read. The console has one reader for the whole process.</summary>
[Collection(nameof(Alone))]
public sealed class InputTests(HostFixture host) : IClassFixture<HostFixture>
{
    [Fact]
    public async Task Input_IsAskedOfTheUser()
    {
        RecordedOutput output = new();
        output.Lines.Enqueue("Ada");
        output.Lines.Enqueue("secret");
        CellResult result = await host.RunAsync(
            "Console.Write(\"Name? \"); Console.ReadLine() + \" \" + await GetPasswordAsync(\"Word?\")", output);

        Assert.Equal("Ada secret", result.Value!.Data["text/plain"]);
        Assert.Equal([("", false), ("Word?", true)], output.Asked);
        Assert.Equal("Name? ", output.Out);
    }

    [Fact]
    public async Task Input_IsStillAsked_AfterACellSetTheConsolesEncodings()
    {
        await host.RunAsync("Console.InputEncoding = Console.OutputEncoding = new UTF8Encoding(false);");
        RecordedOutput output = new();
        output.Lines.Enqueue("Ada");
        CellResult result = await host.RunAsync("Console.Write(\"Name? \"); Console.ReadLine()", output);

        Assert.Equal("Ada", result.Value?.Data["text/plain"]);
        Assert.Equal("Name? ", output.Out);
    }

    [Fact]
    public async Task AReader_ThatACellSets_Stays()
    {
        try
        {
            await host.RunAsync("var before = Console.In; Console.SetIn(new System.IO.StringReader(\"from a text\"));");
            Assert.Equal("from a text", await host.ValueAsync("Console.ReadLine()"));
        }
        finally { await host.RunAsync("Console.SetIn(before);"); }
    }
}
