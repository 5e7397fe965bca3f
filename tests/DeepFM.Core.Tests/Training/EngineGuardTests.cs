using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Core.Tests.Training;

/// <summary>Trap T20: rows whose ids are not the engine's are refused, never read past the table.</summary>
public class EngineGuardTests
{
    static readonly EncodedData data = TestData.Random(5, rows: 13, seed: 1);

    [Fact]
    public void DataOfOtherFields_AreRefused()
    {
        using EncodedData more = TestData.Random(5, rows: 13, seed: 1, idsPerField: 6);
        using Engine engine = Create();
        const string message = "The data's fields or their ids are not those that the engine was built for.";

        Assert.Equal(message, Assert.Throws<ArgumentException>(() => engine.Step(more, [0])).Message);
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => engine.Score(more, 0, new float[1])).Message);
    }

    [Fact]
    public void RowsThatAreNotThere_AreRefused()
    {
        using Engine engine = Create();

        Assert.StartsWith("rows must be in [0, 12].",
            Assert.Throws<ArgumentOutOfRangeException>(() => engine.Step(data, [0, 13])).Message, StringComparison.Ordinal);
        Assert.StartsWith("firstRow must be in [0, 11].",
            Assert.Throws<ArgumentOutOfRangeException>(() => engine.Score(data, 12, new float[2])).Message, StringComparison.Ordinal);
    }

    static Engine Create() => new(new DeepFmModel(TestData.SmallModel).Build(5), data.Fields, new(), seed: 1, threads: 1);
}
