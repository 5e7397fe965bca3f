namespace DeepFM.Core.Tests.Data;

/// <summary>Feature maps of any size are written and read as a stream, whatever texts they hold.</summary>
[Collection(nameof(Alone))]
public class FeatureMapSizeTests
{
    // Texts that lie across the ends of buffers, are longer than one, and are escaped.
    [Fact]
    public void TextsOfAnyLength_ComeBack()
    {
        using TempFolder folder = new();
        string[] texts =
        [
            new string('a', 200_000), new string('é', 70_000), "say \"it\" \\ back", "tab\there",
            .. Enumerable.Range(0, 20_000).Select(i => $"text {i} {new string('x', i % 37)}"),
        ];
        Schema schema = Small.OfX("\"kind\": \"categorical\", \"minCount\": 1",
            """ "format": "csv", "separator": "|", "columns": ["y", "x"] """);
        using DataSplits data = Small.Load(schema,
            folder.Write("a.csv", string.Concat(texts.Select((text, i) => $"{i % 2}|{text}\n"))));
        data.Features.Save(folder["f"]);
        FeatureMap loaded = FeatureMap.Load(folder["f"]);
        Assert.Equal(data.Features.FeatureCount, loaded.FeatureCount);
        for (int id = 0; id < loaded.FeatureCount; id++) { Assert.Equal(data.Features.Describe(id), loaded.Describe(id)); }
        Assert.True(loaded.FeatureCount > texts.Length);
        loaded.Save(folder["again"]);
        Assert.Equal(File.ReadAllBytes(folder["f"]), File.ReadAllBytes(folder["again"]));
    }

    // What stays of an id is its text, where that ends, and its count: some 30 bytes, and as much again while the lists grow. A text of its
    // own, or a document of the whole file, would be four times that.
    [Fact]
    public void ManyIds_AreReadInLittleMoreThanTheirTables()
    {
        using TempFolder folder = new();
        const int ids = 300_000;
        using DataSplits data = Small.Load(Small.OfX("\"kind\": \"categorical\", \"minCount\": 1"),
            folder.Write("a.csv", string.Concat(Enumerable.Range(0, ids).Select(i => $"{i % 2},user{i:D8}\n"))));
        data.Features.Save(folder["f"]);
        FeatureMap.Load(folder["f"]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        FeatureMap.Load(folder["f"]);
        long perId = (GC.GetAllocatedBytesForCurrentThread() - before) / ids;
        Assert.InRange(perId, 1, 100);
    }
}
