using System.Text.Json.Nodes;
using DeepFM.Notebooks.Display;
using DeepFM.Notebooks.Execution;
using DeepFM.Notebooks.Files;

namespace DeepFM.Notebooks.Tests.Files;

public sealed class RecordedOutputsTests
{
    // Else a chart that replaces another has the other's size.
    [Fact]
    public void WhatIsReplaced_HasTheMetadataOfWhatReplacesIt()
    {
        RecordedOutputs output = new(new());
        MimeBundle Bundle(int width) => new(new Dictionary<string, object> { ["text/plain"] = $"{width}" }, new Dictionary<string, object> { ["width"] = width });
        output.Display(Bundle(1), "id");
        output.UpdateDisplay(Bundle(2), "id");
        JsonObject shown = Assert.Single(output.Finish(new(true, null), 1));
        Assert.Equal(("2", 2), ((string?)shown["data"]!["text/plain"]![0], (int)shown["metadata"]!["width"]!));
    }

    [Fact]
    public void ClearedLater_ItStaysUntilTheNextComes_AndClearedNow_ItIsGone()
    {
        RecordedOutputs waiting = new(new()), replaced = new(new()), cleared = new(new());
        foreach (RecordedOutputs output in new[] { waiting, replaced, cleared })
        {
            output.Stream("stdout", "before");
            output.Clear(wait: output != cleared);
        }
        replaced.Stream("stdout", "after");
        Assert.Equal(["before", "after"], new[] { waiting, replaced }.Select(output =>
            (string?)Assert.Single(output.Finish(new(true, null), 1))["text"]![0]));
        Assert.Empty(cleared.Finish(new(true, null), 1));
    }

    [Fact]
    public void Cells_ThatShowAtTheSameTime_LoseNothing_AndEachPlaceIsReplaced()
    {
        const int Cells = 4, Displays = 5_000;
        RecordedDisplays displays = new();
        RecordedOutputs[] outputs = [.. Enumerable.Range(0, Cells).Select(_ => new RecordedOutputs(displays))];
        Thread[] threads = [.. outputs.Select((output, cell) => new Thread(() =>
        {
            for (int i = 0; i < Displays; i++)
            {
                output.Display(Bundles.Of(Bundles.PlainText, "before"), $"{cell}/{i}");
                output.Display(Bundles.Of(Bundles.PlainText, "before"), $"{i}");
            }
        }))];
        foreach (Thread thread in threads) { thread.Start(); }
        foreach (Thread thread in threads) { thread.Join(); }
        for (int i = 0; i < Displays; i++)
        {
            outputs[0].UpdateDisplay(Bundles.Of(Bundles.PlainText, "after"), $"{i}");
            for (int cell = 0; cell < Cells; cell++) { outputs[0].UpdateDisplay(Bundles.Of(Bundles.PlainText, "after"), $"{cell}/{i}"); }
        }

        Assert.All(outputs, output =>
        {
            IReadOnlyList<JsonObject> shown = output.Finish(new(true, null), 1);
            Assert.Equal(2 * Displays, shown.Count);
            Assert.All(shown, one => Assert.Equal("after", (string?)one["data"]!["text/plain"]![0]));
        });
    }
}
