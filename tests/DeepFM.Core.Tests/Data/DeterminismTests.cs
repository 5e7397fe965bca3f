using System.Globalization;

namespace DeepFM.Core.Tests.Data;

/// <summary>The same input gives the same bytes: for any number of threads, any cut into blocks, in memory or on disk.</summary>
public class DeterminismTests
{
    const string Fields = """
        { "kind": "categorical", "column": "x" }, { "kind": "value", "column": "n" },
        { "kind": "quantile", "column": "n", "name": "q", "buckets": 5 },
        { "kind": "logSquared", "column": "n", "name": "l" }, { "kind": "multiValued", "column": "b", "separator": " " },
        { "kind": "time", "part": "hour" }
        """;

    static readonly Schema All = Small.Schema(""" "format": "csv", "columns": ["y", "x", "n", "b", "t"] """, Fields,
        """ "timestamp": { "column": "t" }, """);

    static readonly Gen<string> Line = Gen.Select(Gen.Int[0, 1], Gen.Int[0, 12], Gen.Double[-50, 50], Gen.Int[0, 5].Array[0, 4],
        Gen.Int[1, 100_000])
        .Select((y, x, n, b, t) => string.Create(CultureInfo.InvariantCulture,
            $"{y},{(x == 0 ? "" : $"v{x}")},{(x == 3 ? "" : $"{n:0.##}")},{string.Join(' ', b)},{t * 3600}\n"));

    static readonly Gen<string> Text = Line.Array[20, 200].Select(string.Concat);

    [Fact]
    public void ThreadsAndBlocksDoNotChangeAnything() =>
        Gen.Select(Text, Gen.Int[1, 8], Gen.Int[16, 3_000], Gen.Bool).Sample((text, threads, blockBytes, byTime) =>
        {
            using TempFolder folder = new();
            DataRequest request = new()
            {
                Schema = All,
                TrainFiles = [folder.Write("a.csv", text)],
                Split = Split.Parse((byTime ? "time" : "random") + ":0.5,0.25,0.25"),
                Threads = 1,
                BlockBytes = blockBytes,
            };
            using DataSplits one = DataLoader.Load(request);
            using DataSplits many = DataLoader.Load(request with { Threads = threads, EncodedFolder = folder["encoded"] });

            AssertSame(one, many);
            one.Features.Save(folder["one.json"]);
            many.Features.Save(folder["many.json"]);
            Assert.Equal(File.ReadAllBytes(folder["one.json"]), File.ReadAllBytes(folder["many.json"]));
            one.Train.Save(folder["train.safetensors"]);
            Assert.Equal(File.ReadAllBytes(folder["train.safetensors"]),
                File.ReadAllBytes(Path.Combine(folder["encoded"], "train.safetensors")));
        }, iter: 100);

    /// <summary>The size of a block changes no id; a mean is then summed in another order, so numbers may differ in the last bit.</summary>
    [Fact]
    public void IdsDoNotDependOnTheSizeOfBlocks() => Gen.Select(Text, Gen.Int[16, 3_000]).Sample((text, blockBytes) =>
    {
        using TempFolder folder = new();
        DataRequest request = new() { Schema = All, TrainFiles = [folder.Write("a.csv", text)] };
        using DataSplits whole = DataLoader.Load(request), cut = DataLoader.Load(request with { BlockBytes = blockBytes });
        for (int row = 0; row < whole.Train.RowCount; row++)
        {
            Assert.Equal(whole.Train.Ids(row), cut.Train.Ids(row));
            Assert.Equal(whole.Train.BagIds(row), cut.Train.BagIds(row));
            Assert.Equal(whole.Train.Values(row)[0], cut.Train.Values(row)[0], tolerance: 1e-5);
        }
    }, iter: 40);

    /// <summary>Reading again under the saved map gives what the two passes gave.</summary>
    [Fact]
    public void ASavedMapEncodesAsTheFittedOneDid() => Gen.Select(Text, Gen.Int[16, 3_000]).Sample((text, blockBytes) =>
    {
        using TempFolder folder = new();
        string file = folder.Write("a.csv", text);
        using DataSplits data = Small.Load(All, file);
        data.Features.Save(folder["features.json"]);
        FeatureMap loaded = FeatureMap.Load(folder["features.json"]);

        Assert.Equal(Rows.Dump(data.Train), Rows.DumpAll(loaded.Read([file], readLabels: true, new(Threads: 2, blockBytes), "test")));
        Assert.Equal(data.Features.Fields, loaded.Fields);
        Assert.Equal(data.Features.UntrainedIds, loaded.UntrainedIds);
        Assert.All(Enumerable.Range(0, loaded.FeatureCount), id =>
        {
            Assert.Equal(data.Features.Describe(id), loaded.Describe(id));
            Assert.Equal(data.Features.TrainingCount(id), loaded.TrainingCount(id));
        });
        loaded.Save(folder["again.json"]);
        Assert.Equal(File.ReadAllBytes(folder["features.json"]), File.ReadAllBytes(folder["again.json"]));
    }, iter: 40);

    /// <summary>What a training count says is what the encoded rows have.</summary>
    [Fact]
    public void TrainingCountsAreThoseOfTheEncodedRows() => Text.Sample(text =>
    {
        using TempFolder folder = new();
        using DataSplits data = Small.Load(All, folder.Write("a.csv", text));
        long[] counts = new long[data.Features.FeatureCount];
        for (int row = 0; row < data.Train.RowCount; row++)
        {
            for (int f = 0; f < data.Train.FieldCount; f++)
            {
                if (data.Train.Fields[f].Shape == FieldShape.OneId) { counts[data.Train.Ids(row)[f]]++; }
            }
            foreach (int id in data.Train.BagIds(row)) { counts[id]++; }
        }
        foreach (EncodedField field in data.Features.Fields.Where(field => field.Shape != FieldShape.Value))
        {
            Assert.All(Enumerable.Range(field.FirstId, field.IdCount), id => Assert.Equal(counts[id], data.Features.TrainingCount(id)));
        }
    }, iter: 40);

    [Fact]
    public void TheDigestChangesWithBytesRolesAndSchema_NotWithNames()
    {
        using TempFolder folder = new();
        string a = folder.Write("a.csv", "1,a\n"), sameAsA = folder.Write("b.csv", "1,a\n"), other = folder.Write("c.csv", "0,a\n");
        Schema schema = Small.OfX("\"kind\": \"categorical\""), otherSchema = Small.OfX("\"kind\": \"categorical\", \"minCount\": 3");
        string digest = DigestOf(schema, a, other);
        Assert.Matches("^[0-9a-f]{64}$", digest);
        Assert.Equal(digest, DigestOf(schema, sameAsA, other));
        string[] digests = [digest, DigestOf(otherSchema, a, other), DigestOf(schema, other, a), DigestOf(schema, a, a),
            DigestOf(schema, a)];
        Assert.Equal(5, digests.Distinct().Count());

        static string DigestOf(Schema schema, string train, params string[] test)
        {
            using DataSplits data = DataLoader.Load(new() { Schema = schema, TrainFiles = [train], TestFiles = test });
            return data.Digest;
        }
    }

    /// <summary>A table that is joined to the test rows counts too, where it is not the one of the training rows.</summary>
    [Fact]
    public void TheDigestChangesWithEveryJoinedTable()
    {
        using TempFolder train = new(), test = new();
        Schema schema = Small.Schema(""" "format": "csv", "columns": ["y", "user"] """, """{ "kind": "categorical", "column": "age" }""",
            """ "joins": [ { "file": "users.csv", "on": "user", "source": { "format": "csv", "columns": ["user", "age"] } } ], """);
        DataRequest request = new()
        {
            Schema = schema,
            TrainFiles = [train.Write("a.csv", "1,u\n0,u\n")],
            TestFiles = [test.Write("b.csv", "1,u\n")],
        };
        train.Write("users.csv", "u,20\n");
        string DigestWith(string users)
        {
            test.Write("users.csv", users);
            using DataSplits data = DataLoader.Load(request);
            return data.Digest;
        }

        Assert.NotEqual(DigestWith("u,20\n"), DigestWith("u,30\n"));
    }

    static void AssertSame(DataSplits expected, DataSplits actual)
    {
        Assert.Equal(Rows.Dump(expected.Train), Rows.Dump(actual.Train));
        Assert.Equal(Rows.Dump(expected.Valid!), Rows.Dump(actual.Valid!));
        Assert.Equal(Rows.Dump(expected.Test!), Rows.Dump(actual.Test!));
        Assert.Equal((expected.Digest, expected.SplitDescription), (actual.Digest, actual.SplitDescription));
    }
}
