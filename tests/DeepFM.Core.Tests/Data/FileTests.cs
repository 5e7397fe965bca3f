using System.Buffers.Binary;
using System.Text;
using DeepFM.Training;

namespace DeepFM.Core.Tests.Data;

/// <summary>Files that the kit writes: whole or not at all, and refused when they are damaged.</summary>
public class FileTests
{
    static readonly EncodedField[] Fields =
        [new("a", FieldShape.OneId, 0, 3), new("b", FieldShape.Bag, 3, 4), new("v", FieldShape.Value, 7, 1)];

    [Fact]
    public void EncodedData_KeepWhetherEntriesAreFeatures()
    {
        using TempFolder folder = new();
        EncodedField[] fields = [new("a", FieldShape.Bag, 0, 3), new("b", FieldShape.Bag, 3, 4, PairsWithin: true)];
        using EncodedData data = EncodedData.FromArrays(fields, [1], [1, 1], [], [0, 3], [1, 1]);
        data.Save(folder["rows.safetensors"]);
        using EncodedData read = EncodedData.Open(folder["rows.safetensors"]);
        Assert.Equal(fields, read.Fields);
    }

    // A disk in memory, which many take for what must be fast.
    [Fact]
    public void AFolderOfDevShm_IsOneAsAnyOther()
    {
        Assert.SkipUnless(Directory.Exists("/dev/shm"), "Not on this system.");
        string folder = $"/dev/shm/deepfm-{Guid.NewGuid():N}";
        try
        {
            JsonFiles.WriteText($"{folder}/new/a.txt", "first");
            Assert.Throws<IOException>(() => AtomicFile.Write($"{folder}/new/a.txt", file =>
            {
                file.WriteByte(1);
                throw new IOException("no more");
            }));
            Assert.Equal("first", File.ReadAllText($"{folder}/new/a.txt"));
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    // Flushed after each piece, while the next one is written: nothing is lost, and nothing comes twice.
    [Fact]
    public void Writer_LosesNothing_WhileTheDiskIsAtWork()
    {
        using TempFolder folder = new();
        EncodedField[] fields = [new("a", FieldShape.OneId, 0, 1 << 30)];
        const int pieces = 300, rows = 777;
        using (EncodedDataWriter writer = new(folder["rows.safetensors"], fields, bytesToFlush: 1))
        {
            for (int piece = 0; piece < pieces; piece++)
            {
                using EncodedDataBuilder data = new(fields);
                for (int row = 0; row < rows; row++)
                {
                    data.Ids.Add(piece * rows + row);
                    data.EndRow(row % 2, 0);
                }
                writer.Append(data);
            }
            writer.Commit();
        }

        using EncodedData read = EncodedData.Map(folder["rows.safetensors"], check: true);
        Assert.Equal(pieces * rows, read.RowCount);
        for (int row = 0; row < read.RowCount; row++)
        {
            Assert.Equal(row, read.Ids(row)[0]);
            Assert.Equal(row % rows % 2, read.Labels[row]);
        }
    }

    [Fact]
    public void SafeTensors_RoundTrip()
    {
        using TempFolder folder = new();
        using (SafeTensorsWriter writer = new(folder["sub/w.safetensors"],
            [new("w", TensorType.F32, [2, 3]), new("empty", TensorType.I32, [0, 5]), new("n", TensorType.I64, [])],
            new Dictionary<string, string> { ["about"] = "a \"test\"" }))
        {
            writer.Write<float>("w", [1, 2, 3, 4]);
            writer.Write<float>("w", [5, 6]);
            writer.Write<long>("n", [1L << 40]);
            writer.Commit();
        }

        Assert.Equal(["w.safetensors"], folder.Names);
        using SafeTensorsFile file = SafeTensorsFile.Open(folder["sub/w.safetensors"]);
        Assert.Equal(["w", "empty", "n"], file.Tensors.Select(tensor => tensor.Name));
        Assert.Equal([2, 3], file["w"].Shape);
        Assert.Equal("a \"test\"", file.Metadata["about"]);
        float[] w = new float[6];
        long[] n = new long[1];
        file.Read("w", w.AsSpan());
        file.Read("n", n.AsSpan());
        Assert.Equal([1, 2, 3, 4, 5, 6], w);
        Assert.Equal(1L << 40, n[0]);
    }

    /// <summary>The bytes are those of the format's definition, so that other readers agree.</summary>
    [Fact]
    public void SafeTensors_HasTheBytesOfTheFormat()
    {
        using TempFolder folder = new();
        using (SafeTensorsWriter writer = new(folder["w"], [new("w", TensorType.F32, [1])]))
        {
            writer.Write<float>("w", [1]);
            writer.Commit();
        }
        byte[] bytes = File.ReadAllBytes(folder["w"]);
        string header = """{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""";
        Assert.Equal((ulong)56, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        Assert.Equal(header.PadRight(56), Encoding.UTF8.GetString(bytes[8..64]));
        Assert.Equal([0, 0, 0x80, 0x3F], bytes[64..]);
    }

    [Fact]
    public void SafeTensors_SaysWhichTensorIsNotAsExpected()
    {
        using TempFolder folder = new();
        using (SafeTensorsWriter writer = new(folder["w"], [new("w", TensorType.F32, [2, 3])]))
        {
            writer.Write<float>("w", new float[6]);
            writer.Commit();
        }
        using SafeTensorsFile file = SafeTensorsFile.Open(folder["w"]);
        Assert.EndsWith("w: there is no tensor 'v'. The file has: w.", Message(() => _ = file["v"]), StringComparison.Ordinal);
        Assert.EndsWith("w: tensor 'w' has shape [2, 3], but 5 elements are expected.",
            Message(() => file.Read("w", new float[5].AsSpan())), StringComparison.Ordinal);
        Assert.EndsWith("w: tensor 'w' has the type F32, but I32 is expected.", Message(() => file.Read("w", new int[6].AsSpan())),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "tensor 'w' lies at [0, 8), outside the 4 bytes of data")]
    [InlineData("""{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8,
        "tensor 'w' of type F32 and shape [3] cannot have 8 bytes")]
    [InlineData("""{"w":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8,
        "tensor 'w' of type F32 and shape [-2] cannot have 8 bytes")]
    [InlineData("""{"w":{"dtype":"BF9","shape":[2],"data_offsets":[0,8]}}""", 8,
        "tensor 'w' has the type BF9; F32, F64, I32, I64, U8 are read")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "tensor 'w' starts at 4, but the one before ends at 0")]
    [InlineData("""{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8, "its tensors end at 4, but it has 8 bytes of data")]
    [InlineData("""{"w":{"dtype":"F32"}}""", 8, "its header cannot be read")]
    [InlineData("""{"w":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""", 8, "its header cannot be read")]
    [InlineData("""{"w":""", 8, "its header cannot be read")]
    public void SafeTensors_RefusesABrokenHeader(string header, int dataBytes, string problem)
    {
        using TempFolder folder = new();
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        string file = folder.Write("w", [.. length, .. Encoding.UTF8.GetBytes(header), .. new byte[dataBytes]]);
        Assert.Contains($"w: not a whole safetensors file: {problem}", Message(() => SafeTensorsFile.Open(file)), StringComparison.Ordinal);
    }

    [Fact]
    public void SafeTensors_LeavesNothingWhenItIsNotCommitted()
    {
        using TempFolder folder = new();
        folder.Write("w", "old");
        using (SafeTensorsWriter writer = new(folder["w"], [new("w", TensorType.F32, [2])]))
        {
            writer.Write<float>("w", [1]);
            Assert.Equal("'w' has 4 of 8 bytes.", Assert.Throws<InvalidOperationException>(writer.Commit).Message);
            Assert.Throws<InvalidOperationException>(() => writer.Write<float>("w", [1, 2]));
            Assert.Throws<InvalidOperationException>(() => writer.Write<int>("w", [1]));
            Assert.Throws<InvalidOperationException>(() => writer.Write<float>("x", [1]));
        }
        Assert.Equal(["w"], folder.Names);
        Assert.Equal("old", File.ReadAllText(folder["w"]));
    }

    [Fact]
    public void AtomicFile_KeepsTheOldFileWhenWritingFails()
    {
        using TempFolder folder = new();
        folder.Write("f", "old");
        Assert.Throws<IOException>(() => AtomicFile.Write(folder["f"], stream =>
        {
            stream.WriteByte(1);
            throw new IOException();
        }));
        Assert.Equal(["f"], folder.Names);
        Assert.Equal("old", File.ReadAllText(folder["f"]));
    }

    [Fact]
    public void EncodedData_RoundTrips()
    {
        using TempFolder folder = new();
        using EncodedData data = EncodedData.FromArrays(Fields, [1, 0], [2, 2, 7, 0, 1, 7], [0.5f, -1], [3, 6, 4], [0.5f, 0.5f, 1]);
        data.Save(folder["e"]);
        using EncodedData opened = EncodedData.Open(folder["e"]);
        Assert.Equal(Rows.Dump(data), Rows.Dump(opened));
        Assert.Equal(data.Fields, opened.Fields);
    }

    [Theory]
    [InlineData("ids", 0, 3, "row 0 has id 3 in 'a', which owns [0, 3)")]
    [InlineData("ids", 3, -1, "row 1 has id -1 in 'a', which owns [0, 3)")]
    [InlineData("ids", 1, 9, "row 0 has 9 entries of 'b'")]
    [InlineData("ids", 1, 1, "row 0 has 1 bag entries that no field owns")]
    [InlineData("bag.ids", 2, 7, "row 1 has id 7 in 'b', which owns [3, 7)")]
    [InlineData("bag.starts", 2, 99, "the bags of row 0 lie outside bag.ids")]
    public void EncodedData_RefusesIdsOutsideTheirField(string tensor, int index, int value, string problem)
    {
        using TempFolder folder = new();
        using (EncodedData data = EncodedData.FromArrays(Fields, [1, 0], [2, 2, 7, 0, 1, 7], [0.5f, -1], [3, 6, 4],
            [0.5f, 0.5f, 1]))
        {
            data.Save(folder["e"]);
        }
        long offset;
        using (SafeTensorsFile file = SafeTensorsFile.Open(folder["e"])) { offset = file[tensor].Offset; }
        byte[] bytes = File.ReadAllBytes(folder["e"]);
        int at = (int)(8 + BinaryPrimitives.ReadInt64LittleEndian(bytes) + offset) + 4 * index;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), value);
        folder.Write("e", bytes);
        Assert.EndsWith($"e: this is not an encoded data set of this kit: {problem}. Encode the data again.",
            Message(() => EncodedData.Open(folder["e"])), StringComparison.Ordinal);
    }

    [Fact]
    public void FeatureMap_RefusesAFileCutOffAnywhere_AndOneThatDoesNotFitItself()
    {
        using TempFolder folder = new();
        using DataSplits data = Small.Load(Small.OfX("\"kind\": \"categorical\""), folder.Write("a.csv", "1,a\n0,a\n"));
        data.Features.Save(folder["f"]);
        string whole = File.ReadAllText(folder["f"]);
        for (int length = 0; length < whole.Length; length++)
        {
            folder.Write("f", whole[..length]);
            Assert.Contains("f: this is not a whole feature map: ", Message(() => FeatureMap.Load(folder["f"])), StringComparison.Ordinal);
        }
        folder.Write("f", whole.Replace("\"idCount\":2", "\"idCount\":3", StringComparison.Ordinal));
        Assert.Contains("field 0 is written as 'x' with ids [0, 3), but its values make it 'x' with [0, 2).",
            Message(() => FeatureMap.Load(folder["f"])), StringComparison.Ordinal);
        Assert.EndsWith("g: there is no such file. A model folder has one.", Message(() => FeatureMap.Load(folder["g"])),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"squares\":2", "\"squares\":-2", "squares add up to -2, which is below 0")]
    [InlineData("\"bounds\":[1,2]", "\"bounds\":[2,1]", "its bounds do not rise")]
    [InlineData("\"bounds\":[1,2]", "\"bounds\":[1,1]", "its bounds do not rise")]
    public void FeatureMap_RefusesNumbersThatNoRowsGive(string written, string instead, string problem)
    {
        using TempFolder folder = new();
        Schema schema = Small.Schema(""" "format": "csv", "columns": ["y", "x"] """, """
            { "kind": "value", "column": "x" }, { "kind": "quantile", "column": "x", "name": "q", "buckets": 3 }
            """);
        using DataSplits data = Small.Load(schema, folder.Write("a.csv", "1,1\n0,2\n1,3\n"));
        data.Features.Save(folder["f"]);
        string text = File.ReadAllText(folder["f"]);
        Assert.Contains(written, text, StringComparison.Ordinal);
        folder.Write("f", text.Replace(written, instead, StringComparison.Ordinal));
        Assert.EndsWith($"f: this is not a whole feature map: {problem}. Train the model again, or copy its folder again.",
            Message(() => FeatureMap.Load(folder["f"])), StringComparison.Ordinal);
    }

    static string Message(Action wrong) => Assert.Throws<UserErrorException>(wrong).Message;
}
