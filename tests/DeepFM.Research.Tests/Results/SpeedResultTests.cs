using DeepFM.Research.Reporting;
using DeepFM.Research.Results;

namespace DeepFM.Research.Tests.Results;

/// <summary>Files of measurements as tables.</summary>
public sealed class SpeedResultTests : IDisposable
{
    const string Machine = "\"machine\": { \"processor\": \"P\", \"cores\": 2, \"framework\": \".NET\" }";
    readonly string folder = Directory.CreateTempSubdirectory("speed-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void TheNewestFileOfEachMeasurementCounts()
    {
        Write("2026-01-02-abc1234-torch-peer.json", Peer(50, "2026-01-02T00:00:00Z"));
        Write("2026-01-01-fff1234-torch-peer.json", Peer(40, "2026-01-01T00:00:00Z"));
        Write("2026-01-01-fff1234-step-lr.json", $$"""
            { "benchmark": "step", "settings": { "model": "lr", "training": { "batchSize": 4096 } }, "vocabulary": 9, "threads": 2,
              "registerBits": 512, "samplesPerSecond": 7.5, {{Machine}}, "date": "2026-01-01T00:00:00Z" }
            """);
        Write("2026-01-01-fff1234-peak.json", $$"""{ "benchmark": "peak", {{Machine}} }""");
        Write("notes.json", "no JSON at all");
        SpeedResults speed = SpeedResults.Read(folder);

        Assert.Equal(["torch", "theirs", 10.0, "ours", 50.0, 5.0, 4.0, 6.0], Assert.Single(speed.Peers().Rows));
        Assert.Equal(["step-lr", "LR", 4096.0, 9.0, 2.0, 512.0, 7.5, null], Assert.Single(speed.Steps().Rows));
        Figure figure = speed.DrawPeers();
        Assert.Equal([50.0, 10.0], figure.Panels[0].Series.Select(series => Assert.Single(series.Y)!.Value));
        Assert.Equal("P, 2 cores, .NET. Medians.", figure.Caption);
    }

    [Fact]
    public void WrongFolders_AreExplained()
    {
        static string Message(string path) => Assert.Throws<UserErrorException>(() => SpeedResults.Read(path)).Message;
        Assert.Contains("there is no such folder", Message(Path.Combine(folder, "none")), StringComparison.Ordinal);
        Assert.Contains("has no measurements: no file is called DATE-COMMIT-WHAT.json.", Message(folder), StringComparison.Ordinal);
        Write("2026-01-01-fff1234-peak.json", "{\n\"a\": }");
        Assert.Contains("peak.json, line 2, byte 6: this is not JSON.", Message(folder), StringComparison.Ordinal);
    }

    static string Peer(int rate, string date) => $$"""
        { "benchmark": "step",
          "kit": { "name": "ours", "samplesPerSecond": {{rate}} }, "peer": { "name": "theirs", "samplesPerSecond": 10 },
          "ratio": { "median": {{rate / 10}}, "min": {{rate / 10 - 1}}, "max": {{rate / 10 + 1}} }, {{Machine}}, "date": "{{date}}" }
        """;

    void Write(string name, string text) => File.WriteAllText(Path.Combine(folder, name), text);
}
