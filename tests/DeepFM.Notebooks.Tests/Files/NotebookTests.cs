using System.Text.Json.Nodes;
using DeepFM.Notebooks.Files;

namespace DeepFM.Notebooks.Tests.Files;

public sealed class NotebookTests
{
    const string Text = """
        {
         "cells": [
          {
           "cell_type": "code",
           "execution_count": 3,
           "id": "ab",
           "metadata": {
            "tags": [
             "parameters"
            ],
            "unknown": 1
           },
           "outputs": [],
           "source": [
            "int epochs = 5; float rate = 0.1f; string name = \"ä\";\n",
            "bool quick = true; var list = new[] { 1 };"
           ]
          }
         ],
         "metadata": {
          "kernelspec": {
           "language": "C#",
           "name": ".net-csharp"
          },
          "zeta": {}
         },
         "nbformat": 4,
         "nbformat_minor": 5
        }

        """;

    [Fact]
    public void ReadAndWritten_AFileIsTheSame() => Assert.Equal(Text.ReplaceLineEndings("\n"), Notebook.Parse(Text, "x").ToJson());

    [Fact]
    public void Cells_HaveSourceAndTags()
    {
        NotebookCell cell = Assert.Single(Notebook.Parse(Text, "x").Cells);
        Assert.StartsWith("int epochs = 5;", cell.Source, StringComparison.Ordinal);
        Assert.Equal(["parameters"], cell.Tags);
        cell.Source = "a\nb";
        Assert.Equal("""["a\n","b"]""", cell.Json["source"]!.ToJsonString());
    }

    [Theory]
    [InlineData("{", "x, line 1, byte 2: this is not JSON.")]
    [InlineData(" \n", "x: the file is empty.")]
    [InlineData("""{"cells":[],""", "x, line 1, byte 12: this is not JSON. ")]
    [InlineData("[]", "x: a notebook is an object in braces, but this is a list.")]
    [InlineData("""{"nbformat":4}""", "x: the property 'cells' is missing.")]
    [InlineData("""{"cells":[]}""", "x has no nbformat; only 4 is read.")]
    [InlineData("""{"cells":[],"nbformat":3}""", "x has nbformat 3; only 4 is read.")]
    [InlineData("""{"cells":[],"nbformat":"4"}""", "x: 'nbformat' is \"4\", but must be a whole number in")]
    [InlineData("""{"cells":{},"nbformat":4}""", "x: 'cells' is {}, but must be a list of objects.")]
    [InlineData("""{"cells":[null],"nbformat":4}""", "x: 'cells' is [null], but must be a list of objects.")]
    [InlineData("""{"cells":[],"metadata":[],"nbformat":4}""", "x: 'metadata' is [], but must be an object in braces.")]
    [InlineData("""{"cells":[],"metadata":{"kernelspec":{"language":7}},"nbformat":4}""",
        "x, metadata.kernelspec: 'language' is 7, but must be a text in quotes.")]
    [InlineData("""{"cells":[{"cell_type":1,"source":""}],"nbformat":4}""", "x, cells[0]: 'cell_type' is 1, but must be a text in quotes.")]
    [InlineData("""{"cells":[{"source":""}],"nbformat":4}""", "x, cells[0]: the property 'cell_type' is missing.")]
    [InlineData("""{"cells":[{"cell_type":"Code"}],"nbformat":4}""", "x, cells[0]: 'cell_type' is 'Code'; did you mean 'code'?")]
    [InlineData("""{"cells":[{"cell_type":"code","source":[1]}],"nbformat":4}""",
        "x, cells[0]: 'source' is [1], but must be a text or a list of texts.")]
    [InlineData("""{"cells":[{"cell_type":"code","metadata":{"tags":null}}],"nbformat":4}""",
        "x, cells[0].metadata: 'tags' is null, but must be a text or a list of texts.")]
    [InlineData("""{"cells":[{"cell_type":"code","outputs":[{"data":{"text/html":1}}]}],"nbformat":4}""",
        "x, cells[0].outputs[0].data: 'text/html' is 1, but must be a text or a list of texts.")]
    [InlineData("""{"cells":[{"cell_type":"code","metadata":{"a":1,"a":2}}],"nbformat":4}""", "x, cells[0].metadata: 'a' is there twice.")]
    [InlineData("""{"cells":[{"cell_type":"markdown","source":["a","\ud83d"]}],"nbformat":4}""",
        "x, cells[0].source[1]: it holds half of a surrogate pair")]
    public void WhatIsNoNotebook_IsRefused(string json, string message) =>
        Assert.StartsWith(message, Assert.Throws<UserErrorException>(() => Notebook.Parse(json, "x")).Message, StringComparison.Ordinal);

    [Fact]
    public void Parameters_AreSetBehindTheirCell_AndASecondTimeReplaced()
    {
        Notebook notebook = Notebook.Parse(Text, "x");
        NotebookParameters.Inject(notebook, "x", new Dictionary<string, string>
        {
            ["epochs"] = "1",
            ["rate"] = "0.5",
            ["name"] = "a \"b\"",
            ["quick"] = "False",
            ["list"] = "new[] { 2 }",
        });
        Assert.Equal("epochs = 1;\nrate = 0.5f;\nname = \"a \\\"b\\\"\";\nquick = false;\nlist = new[] { 2 };", notebook.Cells[1].Source);
        NotebookParameters.Inject(notebook, "x", new Dictionary<string, string> { ["epochs"] = "2" });
        Assert.Equal(["int epochs", "epochs = 2"], notebook.Cells.Select(cell => cell.Source[..10]));
    }

    [Theory]
    [InlineData("string? s = null;", "hello", "\"hello\"")]
    [InlineData("string? s = null;", "null", "null")]
    [InlineData("String s;", "a b", "\"a b\"")]
    [InlineData("string s = nameof(s);", "null", "\"null\"")]
    [InlineData("int? s = null;", "2", "2")]
    public void AParameterOfTypeString_IsAText_WhateverItHolds(string declared, string value, string literal)
    {
        string text = Text.Replace("int epochs = 5; float rate = 0.1f; string name = \\\"ä\\\";", declared, StringComparison.Ordinal);
        Notebook notebook = Notebook.Parse(text, "x");
        NotebookParameters.Inject(notebook, "x", new Dictionary<string, string> { ["s"] = value });
        Assert.Equal($"s = {literal};", notebook.Cells[1].Source);
    }

    [Theory]
    [InlineData("epoch", "1",
        "There is no variable of x's parameters cell 'epoch'; did you mean 'epochs'? There are: epochs, rate, name, quick, list.")]
    [InlineData("epochs", "1.5", "--set epochs=1.5 is not allowed: epochs must be a whole number, as in the notebook (epochs = 5).")]
    [InlineData("quick", "maybe", "--set quick=maybe is not allowed: quick must be true or false, as in the notebook (quick = true).")]
    public void WrongParameters_AreExplained(string name, string value, string message) =>
        Assert.Equal(message, Assert.Throws<UserErrorException>(() =>
        NotebookParameters.Inject(Notebook.Parse(Text, "x"), "x", new Dictionary<string, string> { [name] = value })).Message);
}
