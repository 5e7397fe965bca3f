using System.Text;
using System.Text.Json.Nodes;
using DeepFM.Core.Tests.Data;
using DeepFM.Core.Tests.Training;
using DeepFM.Tests;
using DeepFM.Training;

namespace DeepFM.Core.Tests.Robustness;

/// <summary>Every file that the core reads, damaged in a thousand ways: it is read, or a message says what is wrong.</summary>
public sealed class DamagedFileTests : IDisposable
{
    const string Columns = "y,t,a,b,x,g,v\n";

    const string SchemaText =
        """
        { "name": "all", "source": { "format": "csv", "header": true, "missing": ["?"], "trim": true },
          "label": { "column": "y", "positive": ["1"], "negative": ["0"] }, "timestamp": { "column": "t", "format": "unixSeconds" },
          "fields": [ { "kind": "categorical", "columns": ["a", "b"], "minCount": 1 }, { "kind": "quantile", "column": "x", "buckets": 3 },
            { "kind": "multiValued", "column": "g", "separator": "|", "weightSeparator": ":", "pooling": "sum" },
            { "kind": "time", "part": "hour" }, { "kind": "value", "column": "v", "transform": "log1p" } ] }
        """;

    const string JoinedSchemaText =
        """
        { "name": "joined", "source": { "format": "tsv", "columns": ["y", "c1..c2", "u"], "separator": ";", "quote": "'", "encoding": "latin1",
            "comment": "#", "skipLines": 1 },
          "label": { "column": "y", "threshold": 4 }, "joins": [ { "file": "u.csv", "on": "u", "key": "id",
            "source": { "format": "csv", "columns": ["id", "age"] } } ],
          "fields": [ { "kind": "logSquared", "column": "age" }, { "kind": "multiValued", "name": "flags", "flagColumns": ["c1", "c2"] } ] }
        """;

    const string PairSchemaText =
        """
        { "name": "pairs", "source": { "format": "libffm", "columns": ["u", "i"] }, "label": { "positive": "1", "negative": "-1" },
          "fields": [ { "kind": "categorical", "columns": ["u", "i"] } ] }
        """;

    readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory, InlineData(SchemaText), InlineData(JoinedSchemaText), InlineData(PairSchemaText)]
    public void Schema(string text) => Damaged.AssertReadOrRefused(2000, text, json => DeepFM.Data.Schema.Parse(json, "s.json"));

    [Fact]
    public void Settings() => Damaged.AssertReadOrRefused(2000,
        (RunSettings.Default("fnn") with { Pretraining = new() }).ToJson(), json => ReadSettings(json).CreateModel());

    [Fact]
    public void Report()
    {
        string path = folder["report.json"];
        Damaged.AssertReadOrRefused(2000, RunReportTests.Example.ToJson(), json =>
        {
            File.WriteAllText(path, json);
            RunReport report = RunReport.Read(path);
            report.ToJson();
            _ = report.TotalTrainSeconds + report.SamplesPerSecond;
        });
    }

    [Fact]
    public void Rows() => Damaged.AssertReadOrRefused(500, mutator => mutator.Bytes(Encoding.UTF8.GetBytes(RowText())), bytes =>
    {
        File.WriteAllBytes(folder["rows.csv"], bytes);
        using DataSplits data = Small.Load(DeepFM.Data.Schema.Parse(SchemaText), folder["rows.csv"]);
    });

    [Fact]
    public void FeatureMap_AndWhatItReads()
    {
        using DataSplits data = Small.Load(DeepFM.Data.Schema.Parse(SchemaText), folder.Write("train.csv", RowText()));
        data.Features.Save(folder["good.json"]);
        Damaged.AssertReadOrRefused(1000, File.ReadAllText(folder["good.json"]), json =>
        {
            File.WriteAllText(folder["features.json"], json);
            FeatureMap features = FeatureMap.Load(folder["features.json"]);
            for (int id = 0; id < Math.Min(features.FeatureCount, 100); id++) { features.Describe(id); }
            foreach (EncodedData rows in features.Read([folder["train.csv"]], readLabels: false, threads: 1)) { rows.Dispose(); }
            features.Save(folder["again.json"]);
        });
    }

    [Theory, InlineData("\"mean\":"), InlineData("\"squares\":"), InlineData("\"bounds\":[")]
    public void ANumberOfAFeatureMap_ThatIsTooLarge_IsNotInfinity(string before)
    {
        using DataSplits data = Small.Load(DeepFM.Data.Schema.Parse(SchemaText), folder.Write("train.csv", RowText()));
        data.Features.Save(folder["good.json"]);
        string good = File.ReadAllText(folder["good.json"]);
        int start = good.IndexOf(before, StringComparison.Ordinal) + before.Length, end = good.IndexOfAny([',', '}', ']'], start);
        File.WriteAllText(folder["features.json"], $"{good[..start]}1e400{good[end..]}");
        Assert.Contains("this is not a whole feature map: a number is too large.",
            Assert.Throws<UserErrorException>(() => DeepFM.Data.FeatureMap.Load(folder["features.json"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EncodedRows()
    {
        using (EncodedData data = TestData.Random(5, rows: 20, seed: 1)) { data.Save(folder["good"]); }
        byte[] good = File.ReadAllBytes(folder["good"]);
        Damaged.AssertReadOrRefused(1000, mutator => Tensors(mutator, good), bytes =>
        {
            File.WriteAllBytes(folder["damaged"], bytes);
            using EncodedData data = EncodedData.Open(folder["damaged"]);
        });
    }

    [Theory]
    [InlineData("config.json", false), InlineData("features.json", false), InlineData("weights.safetensors", false), InlineData("manifest.json", true)]
    [InlineData("config.json", true), InlineData("features.json", true), InlineData("weights.safetensors", true)]
    public void Model(string name, bool bound)
    {
        using DataSplits data = Small.Load(DeepFM.Data.Schema.Parse(SchemaText), folder.Write("train.csv", RowText()));
        TrainingRun.Execute(RunSettings.Default("deepfm").With(["epochs=1", "embeddingSize=2", "hiddenWidths=3"]), data, seed: 1, threads: 1,
            folder["run"], RunOutputs.Model);
        string path = Path.Combine(folder["run"], "model", name);
        if (!bound) { File.Delete(Path.Combine(folder["run"], "model", "manifest.json")); }     // as models of the first form
        byte[] good = File.ReadAllBytes(path);
        byte[] Damage(Mutator mutator) => name.EndsWith(".json", StringComparison.Ordinal)
            ? Encoding.UTF8.GetBytes(mutator.Json(Encoding.UTF8.GetString(good)))
            : Tensors(mutator, good);
        Damaged.AssertReadOrRefused(300, Damage, bytes =>
        {
            File.WriteAllBytes(path, bytes);
            using SavedModel model = SavedModel.Load(Path.Combine(folder["run"], "model"), threads: 1);
        });
    }

    [Theory]
    [InlineData("""{ "model": null }""", "line 1, model: it is null, but must have a value.")]
    [InlineData("""{ "model": "lr", "options": null }""", "line 1, options: it is null, but must have a value.")]
    [InlineData("""{ "model": "lr", "options": { "hiddenWidths": null } }""", "line 1, options.hiddenWidths: it is null, but must have a value.")]
    [InlineData("""{ "model": "lr", "options": { "hiddenWidths": [4, null] } }""", "options.hiddenWidths[1]: it is null, but must have a value.")]
    [InlineData("""{ "model": "lr", "options": [] }""", "line 1, options: it is not an object.")]
    [InlineData("""{ "model": "lr", "options": { "activation": "cube" } }""", "line 1, options.activation: it is not one of ")]
    [InlineData("""{ "model": "lr", "training": { "epochs": 2.5 } }""", "line 1, training.epochs: it is not a whole number of its range.")]
    [InlineData("""{ "model": "lr", "training": { "learningRate": 1e400 } }""", "line 1, training.learningRate: it is not a number.")]
    [InlineData("""{ "model": "lr", "model": "fm" }""", "'model' is there twice.")]
    [InlineData("""{ "model": "\ud83d" }""", "model: it holds half of a surrogate pair")]
    [InlineData("{ \"model\": \"lr\",\n\"optons\": {} }", "line 2, optons: unknown property 'optons'.")]
    [InlineData("""{ "options": {} }""", "line 1: 'model' is missing.")]
    [InlineData("{ \"model\":\n\"lr\"", "line 2, byte 5: this is not JSON.")]
    [InlineData("null", "holds null in place of an object.")]
    public void WhatIsWrong_IsSaidWithItsPlace(string json, string message) => Assert.Contains(message,
        Assert.Throws<UserErrorException>(() => ReadSettings(json)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("rows")]            // of a split: a parameter of its record
    [InlineData("processor")]
    [InlineData("bestEpoch")]
    public void AReportWithoutAFigure_IsNotReadAsOneOfZero(string name)
    {
        string path = folder["report.json"];
        JsonNode report = JsonNode.Parse(RunReportTests.Example.ToJson())!;
        (name switch { "rows" => report["data"]!["train"], "processor" => report["machine"], _ => report["training"] })!.AsObject().Remove(name);
        File.WriteAllText(path, report.ToJsonString());
        Assert.Contains($"'{name}' is missing.", Assert.Throws<UserErrorException>(() => RunReport.Read(path)).Message, StringComparison.Ordinal);
    }

    RunSettings ReadSettings(string json)
    {
        string path = folder["config.json"];
        File.WriteAllText(path, json);
        return JsonFiles.Read<RunSettings>(path);
    }

    static string RowText() => Columns + string.Concat(Enumerable.Range(0, 24).Select(i =>
        $"{i % 2},{1_500_000_000 + 4000 * i},a{i % 3},b{i % 7},{1.5 * i},g{i % 3}:0.5|g{i % 2}:{i},{i}\n"));

    // The header of a safetensors file, or any bytes of it.
    static byte[] Tensors(Mutator mutator, byte[] file)
    {
        int length = (int)BitConverter.ToInt64(file, 0);
        if (mutator.OneIn(3)) { return mutator.Bytes(file); }
        byte[] header = Encoding.UTF8.GetBytes(mutator.Json(Encoding.UTF8.GetString(file, 8, length)));
        return [.. BitConverter.GetBytes((long)header.Length), .. header, .. file[(8 + length)..]];
    }
}
