namespace DeepFM.Cli.Tests;

[Collection(nameof(Alone))]
public sealed class NotebookTests : IDisposable
{
    readonly Workspace workspace = new();

    public void Dispose() => workspace.Dispose();

    [Fact]
    public void Run_WritesACopy_AndAFailingCellEndsWithCode1()
    {
        workspace.Write("good.ipynb", Notebook("int n = 1;", "n + 1"));
        Outcome good = workspace.Run("notebook run @good.ipynb --out @out --set n=41");
        Assert.Equal((0, $"Written: {workspace["out/good.ipynb"]}\n"), (good.Code, good.Output.ReplaceLineEndings("\n")));
        Assert.Contains("good.ipynb: cell 3 of 3, ", good.Error, StringComparison.Ordinal);
        Assert.Contains("\"42\"", File.ReadAllText(workspace["out/good.ipynb"]), StringComparison.Ordinal);

        workspace.Write("bad.ipynb", Notebook("1", "missing"));
        Outcome bad = workspace.Run("notebook run @bad.ipynb --out @out");
        Assert.Equal(1, bad.Code);
        Assert.Contains("bad.ipynb, cell 2 of 2 failed:\n    missing\n(1,1): error CS0103:", bad.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("notebook run @none.ipynb", "there is no such file.")]
    [InlineData("notebook run @schema.json", "schema.json has no nbformat; ")]
    [InlineData("notebook run @schema.json --timeout soon", "--timeout soon is not allowed: it must be a number of seconds.")]
    [InlineData("notebook run @schema.json --set epochs", "--set epochs is not allowed; write key=value, such as epochs=1.")]
    public void WrongUse_EndsWithCode2(string line, string message)
    {
        Outcome outcome = workspace.Run(line);
        Assert.Equal(2, outcome.Code);
        Assert.Contains(message, outcome.Error, StringComparison.Ordinal);
    }

    static string Notebook(string first, string second) => $$"""
        {
         "cells": [
          { "cell_type": "code", "metadata": { "tags": ["parameters"] }, "outputs": [], "source": "{{first}}" },
          { "cell_type": "code", "metadata": {}, "outputs": [], "source": "{{second}}" }
         ],
         "metadata": {},
         "nbformat": 4,
         "nbformat_minor": 4
        }
        """;
}
