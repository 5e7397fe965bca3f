using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Core.Tests.Data;

/// <summary>Rows that come from outside, as arrays or as a file, meet the same check, and the engine refuses the same fields.</summary>
public class EncodedCheckTests
{
    static readonly EncodedField[] Fields =
        [new("a", FieldShape.OneId, 0, 3), new("b", FieldShape.Bag, 3, 4), new("v", FieldShape.Value, 7, 1)];

    /// <summary>Two right rows, of which one number is changed.</summary>
    public static TheoryData<string, int, float, string> Changes => new()
    {
        { "ids", 0, 3, "row 0 has id 3 in 'a', which owns [0, 3)" },
        { "ids", 3, -1, "row 1 has id -1 in 'a', which owns [0, 3)" },
        { "ids", 5, 8, "row 1 has id 8 in 'v', which owns [7, 8)" },
        { "ids", 2, int.MinValue, "row 0 has id -2147483648 in 'v', which owns [7, 8)" },
        { "bag.ids", 2, 7, "row 1 has id 7 in 'b', which owns [3, 7)" },
        { "bag.ids", 0, 2, "row 0 has id 2 in 'b', which owns [3, 7)" },
        { "labels", 1, 2, "row 1 has the label 2; labels are 0 or 1" },
        { "labels", 0, -1, "row 0 has the label -1; labels are 0 or 1" },
        { "labels", 1, 0.5f, "row 1 has the label 0.5; labels are 0 or 1" },
        { "labels", 0, float.NaN, "row 0 has the label NaN; labels are 0 or 1" },
        { "values", 1, float.NaN, "row 1 has the number NaN in 'v'; it must be finite" },
        { "values", 0, float.PositiveInfinity, "row 0 has the number Infinity in 'v'; it must be finite" },
        { "bag.weights", 2, float.NegativeInfinity, "row 1 has the weight -Infinity in 'b'; it must be finite" },
        { "bag.weights", 0, float.NaN, "row 0 has the weight NaN in 'b'; it must be finite" },
    };

    [Theory, MemberData(nameof(Changes))]
    public void ANumberThatCannotBe_IsRefused_InArraysAndInAFile(string tensor, int index, float number, string fault)
    {
        Tensors wrong = Tensors.Right();
        wrong.Set(tensor, index, number);
        Assert.Equal($"These are no encoded rows: {fault}.", Assert.Throws<ArgumentException>(() => wrong.FromArrays(Fields)).Message);
        using TempFolder folder = new();
        wrong.Save(folder["e"], Fields);
        Assert.EndsWith($"e: this is not an encoded data set of this kit: {fault}. Encode the data again.",
            Assert.Throws<UserErrorException>(() => EncodedData.Open(folder["e"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CountsThatDoNotFillTheBags_AreRefused_InArraysAndInAFile()
    {
        Tensors negative = Tensors.Right(), more = Tensors.Right(), less = Tensors.Right();
        negative.Set("ids", 4, -1);
        more.Set("ids", 4, 2);
        less.Set("ids", 4, 0);
        Assert.Contains("its bags have 2 entries, but there are 3", FaultOf(negative), StringComparison.Ordinal);
        Assert.Contains("its bags have 4 entries, but there are 3", FaultOf(more), StringComparison.Ordinal);
        Assert.Contains("its bags have 2 entries, but there are 3", FaultOf(less), StringComparison.Ordinal);
        Assert.Contains("row 1 has -1 entries of 'b'", FaultOfFile(negative), StringComparison.Ordinal);
        Assert.Contains("row 1 has 2 entries of 'b'", FaultOfFile(more), StringComparison.Ordinal);
        Assert.Contains("row 1 has 1 bag entries that no field owns", FaultOfFile(less), StringComparison.Ordinal);

        Tensors falling = Tensors.Right(), long1 = Tensors.Right(), first = Tensors.Right();
        falling.Starts[1] = 4;
        long1.Starts[2] = 4;
        first.Starts[0] = 1;
        Assert.Contains("the bags of row 0 lie outside bag.ids", FaultOfFile(falling), StringComparison.Ordinal);
        Assert.Contains("its bags have 4 entries, but there are 3", FaultOfFile(long1), StringComparison.Ordinal);
        Assert.Contains("its bags have 2 entries, but there are 3", FaultOfFile(first), StringComparison.Ordinal);

        string FaultOf(Tensors wrong) => Assert.Throws<ArgumentException>(() => wrong.FromArrays(Fields)).Message;
    }

    public static TheoryData<EncodedField[], string> WrongFields => new()
    {
        { [new("a", FieldShape.OneId, 0, 3), new("b", FieldShape.OneId, 2, 3)], "the ids of 'b' begin at 2, but those before it end at 3" },
        { [new("a", FieldShape.OneId, 0, 3), new("b", FieldShape.OneId, 4, 3)], "the ids of 'b' begin at 4, but those before it end at 3" },
        { [new("a", FieldShape.OneId, 1, 3)], "the ids of 'a' begin at 1, but those before it end at 0" },
        { [new("a", FieldShape.OneId, 0, 0)], "field 'a' owns 0 ids; each field owns 1 at least" },
        { [new("a", FieldShape.OneId, 0, -5)], "field 'a' owns -5 ids; each field owns 1 at least" },
        { [new("a", FieldShape.OneId, 0, int.MaxValue), new("b", FieldShape.OneId, int.MaxValue, 1)],
            "its fields own more than 2147483647 ids together" },
        { [new("a", FieldShape.OneId, 0, 3), new("a", FieldShape.OneId, 3, 3)], "two fields are named 'a'" },
        { [new("a", (FieldShape)7, 0, 3)], "field 'a' has the shape 7, which there is not" },
        { [], "there are no fields" },
    };

    [Theory, MemberData(nameof(WrongFields))]
    public void FieldsWhoseIdsDoNotAdjoin_AreRefused_InArraysInAFileAndByTheEngine(EncodedField[] fields, string fault)
    {
        Assert.Equal($"These are no encoded rows: {fault}.",
            Assert.Throws<ArgumentException>(() => EncodedData.FromArrays(fields, [], [])).Message);
        Assert.Equal($"These are no fields of encoded data: {fault}.", Assert.Throws<ArgumentException>(() => Engine.ForScoring(
            new LrModel(new()).Build(Math.Max(fields.Length, 1)), fields, new(), threads: 1)).Message);
        using TempFolder folder = new();
        using (SafeTensorsWriter writer = new(folder["e"], EncodedData.TensorsOf(fields, 0, 0), EncodedData.MetadataOf(fields)))
        {
            writer.Commit();
        }
        Assert.EndsWith($": {fault}. Encode the data again.",
            Assert.Throws<UserErrorException>(() => EncodedData.Open(folder["e"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RowsThatAreNotThere_AreRefused()
    {
        using EncodedData data = Tensors.Right().FromArrays(Fields);
        foreach (int row in new[] { -1, 2, int.MaxValue })
        {
            foreach (Action read in new Action[]
            {
                () => data.Ids(row), () => data.Values(row), () => data.BagIds(row), () => data.BagWeights(row),
            })
            {
                Assert.StartsWith("row must be in [0, 1].", Assert.Throws<ArgumentOutOfRangeException>(read).Message, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>The fields that were checked are those that are kept.</summary>
    [Fact]
    public void AListOfFieldsThatChangesLater_ChangesNothing()
    {
        EncodedField[] fields = [.. Fields];
        using EncodedData data = Tensors.Right().FromArrays(fields);
        fields[0] = fields[0] with { IdCount = 1 };
        Assert.Equal(Fields, data.Fields);
    }

    static string FaultOfFile(Tensors wrong)
    {
        using TempFolder folder = new();
        wrong.Save(folder["e"], Fields);
        return Assert.Throws<UserErrorException>(() => EncodedData.Open(folder["e"])).Message;
    }

    sealed record Tensors(float[] Labels, int[] Ids, float[] Values, long[] Starts, int[] BagIds, float[] BagWeights)
    {
        public static Tensors Right() =>
            new([1, 0], [2, 2, 7, 0, 1, 7], [0.5f, -1], [0, 2, 3], [3, 6, 4], [0.5f, 0.5f, 1]);

        public void Set(string tensor, int index, float number)
        {
            switch (tensor)
            {
                case "ids": Ids[index] = (int)number; break;
                case "bag.ids": BagIds[index] = (int)number; break;
                case "labels": Labels[index] = number; break;
                case "values": Values[index] = number; break;
                case "bag.weights": BagWeights[index] = number; break;
                default: throw new ArgumentException(tensor);
            }
        }

        public EncodedData FromArrays(EncodedField[] fields) => EncodedData.FromArrays(fields, Labels, Ids, Values, BagIds, BagWeights);

        public void Save(string path, EncodedField[] fields)
        {
            using SafeTensorsWriter writer =
                new(path, EncodedData.TensorsOf(fields, Labels.Length, BagIds.Length), EncodedData.MetadataOf(fields));
            writer.Write<long>("bag.starts", Starts);
            writer.Write<int>("ids", Ids);
            writer.Write<float>("labels", Labels);
            writer.Write<float>("values", Values);
            writer.Write<int>("bag.ids", BagIds);
            writer.Write<float>("bag.weights", BagWeights);
            writer.Commit();
        }
    }
}
