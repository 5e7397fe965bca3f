namespace DeepFM.Cli.Tests;

public sealed class TextTableTests
{
    // An escape sequence of a file would change the terminal.
    [Fact]
    public void ControlCharactersOfACell_AreWrittenOut_AndColumnsStayEven()
    {
        StringWriter output = new() { NewLine = "\n" };
        TextTable.Print(output, [["id", "count"], ["\e[31mred", "1"], ["b", "22"]]);
        Assert.DoesNotContain('\e', output.ToString());
        string[] lines = output.ToString().TrimEnd().Split('\n');
        int second = lines[0].IndexOf("count", StringComparison.Ordinal);
        Assert.Equal(["1", "22"], lines[1..].Select(line => line[second..]));
    }
}
