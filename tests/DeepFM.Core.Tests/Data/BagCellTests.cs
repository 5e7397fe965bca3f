namespace DeepFM.Core.Tests.Data;

/// <summary>What a cell of several entries may hold.</summary>
public class BagCellTests
{
    [Theory]
    [InlineData("\"separator\": \" \", \"padding\": \"0\"", "12 7 0 0 0", "{12:0.5 7:0.5}")]
    [InlineData("\"separator\": \"|\", \"padding\": [\"0\", \"PAD\"]", "PAD|00|0", "{00:1}")]
    [InlineData("\"separator\": \" \", \"weightSeparator\": \":\", \"padding\": \"0\"", "0:5 1:3 0 2:1", "{1:0.75 2:0.25}")]
    [InlineData("\"list\": true, \"padding\": [\"None\", \"0\"]", "[None, 'None', 0, 5]", "{5:1}")]
    public void PaddingDoesNotCount(string options, string cell, string bag) => Assert.Equal([$"1: x={bag}"],
        Small.Encode(Small.OfX($$""" "kind": "multiValued", {{options}}, "minCount": 1 """), $"1,\"{cell}\"\n"));

    [Theory]
    [InlineData("['a', 'b']", "a b"), InlineData("[1, 2]", "1 2"), InlineData("[]", ""), InlineData("", ""), InlineData(" [ ] ", "")]
    [InlineData("(1,)", "1"), InlineData("{'a','b'}", "a b"), InlineData("['a' 'b']", "a b"), InlineData("[1 2  3]", "1 2 3")]
    [InlineData("['', 'a']", "a"), InlineData("['a, ]b']", "a, ]b"), InlineData("[\"it's\"]", "it's")]
    [InlineData("['it\\'s']", "it's"), InlineData("['\\xe9\\u00e9\\U0001d11e']", "éé𝄞"), InlineData("['\\ud834\\udd1e']", "𝄞")]
    [InlineData("['\\\\n']", "\\n"), InlineData("[1.50, -2]", "1.50 -2")]
    public void ReadsListsOfPythonNumPyAndJson(string cell, string ids)
    {
        string bag = string.Join(' ', ids.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => id + ":1"));
        if (ids == "a, ]b") { bag = "a, ]b:1"; }
        Schema schema = Small.OfX(""" "kind": "multiValued", "list": true, "pooling": "sum", "minCount": 1 """);
        Assert.Equal([$"1: x={{{bag}}}"], Small.Encode(schema, $"1,\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\n"));
    }

    [Fact]
    public void BracketsBelongToIds_WhereTheSchemaSaysSo() => Assert.Equal(["1: x={['a':0.5 'b']:0.5}"],
        Small.Encode(Small.OfX(""" "kind": "multiValued", "list": false, "separator": ",", "minCount": 1 """), "1,\"['a', 'b']\"\n"));
}
