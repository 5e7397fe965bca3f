using System.Text.Json;

namespace DeepFM.Cli.Tests;

public sealed class EvaluateTests : IDisposable
{
    readonly Workspace workspace = new();

    public void Dispose() => workspace.Dispose();

    [Fact]
    public void Groups_AreThoseOfTraining_UnlessOthersAreNamed()
    {
        workspace.Train("run", "--set groupField=user");
        string GroupsBy(string more) => Metrics($"--model-dir @run/model --data @test.csv {more}").GetProperty("groupedAuc").GetRawText();
        Assert.Equal(GroupsBy("--group-field user"), GroupsBy(""));
        Assert.NotEqual(GroupsBy("--group-field item"), GroupsBy(""));
    }

    [Fact]
    public void WhatIsDoubtfulInTheModelsFiles_IsSaid()
    {
        string older = Path.Combine(Documents.Root, "tests", "DeepFM.Core.Tests", "Older");
        string data = $"--model-dir {Path.Combine(older, "model-1")} --data {Path.Combine(older, "rows.csv")}";
        string notice = Metrics(data).GetProperty("notices")[0].GetString()!;
        Assert.Contains("was written before models had a manifest.json", notice, StringComparison.Ordinal);
        Assert.Contains(notice, workspace.Run($"evaluate {data}").Output, StringComparison.Ordinal);
    }

    JsonElement Metrics(string options)
    {
        Outcome outcome = workspace.Run($"evaluate {options} --json");
        Assert.Equal(0, outcome.Code);
        return JsonDocument.Parse(outcome.Output).RootElement;
    }
}
