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

    [Fact]
    public unsafe void AfterAStepThatFailed_EveryCallIsRefused()
    {
        using EncodedData rows = TestData.Random(5, rows: 13, seed: 1);
        using ParameterSnapshot snapshot = Create().Snapshot();
        foreach (Action<Engine> fails in new Action<Engine>[]
        {
            engine => engine.Step(rows, [0, 1, 2, 3]),
            engine => engine.Gradients(rows, [0, 1, 2, 3], new Dictionary<string, float[]>()),
        })
        {
            using Engine engine = Create();
            engine.Step(rows, [4, 5]);
            int count = rows.Rows.AllIds[3];                    // of the bag of row 0
            rows.Rows.AllIds[3] = 100;
            Assert.ThrowsAny<Exception>(() => fails(engine));
            rows.Rows.AllIds[3] = count;
            Assert.All<Action>(
            [
                () => engine.Step(rows, [0]),
                () => engine.Gradients(rows, [0], new Dictionary<string, float[]>()),
                () => engine.Score(rows, 0, new float[1]),
                () => engine.Snapshot(),
                () => engine.Restore(snapshot),
                () => engine.Parameters.Read("linear"),
            ], act => Assert.Equal("A step of this engine failed or was interrupted half-way, so its parameters are those of no step. "
                + "Build a new engine.", Assert.Throws<InvalidOperationException>(act).Message));
        }
    }

    [Fact]
    public void ACallThatWasRefused_ChangesNothing()
    {
        using Engine engine = Create(), like = Create();
        for (int step = 0; step < 3; step++)
        {
            Assert.ThrowsAny<Exception>(() => engine.Step(data, [0, 13]));
            Assert.ThrowsAny<Exception>(() => engine.Step(data, []));
            Assert.ThrowsAny<Exception>(() => engine.Gradients(data, [-1], new Dictionary<string, float[]>()));
            Assert.ThrowsAny<Exception>(() => engine.Score(data, 12, new float[2]));
            Assert.Equal(like.Step(data, [0, 3, 7]), engine.Step(data, [0, 3, 7]));
        }
        Assert.Equal(like.Parameters.Read("embedding"), engine.Parameters.Read("embedding"));
    }

    [Fact]
    public void TwoThreadsAtOnce_AreRefused()
    {
        using EncodedData rows = TestData.Random(5, rows: 4000, seed: 3);
        using Engine engine = new(new DeepFmModel(TestData.SmallModel).Build(5), rows.Fields, new() { BatchSize = 4096 }, seed: 1, threads: 2);
        int[] batch = [.. Enumerable.Range(0, rows.RowCount)];
        int refused = 0;
        Parallel.For(0, 2, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = TestContext.Current.CancellationToken }, _ =>
        {
            for (int step = 0; step < 200_000 && Volatile.Read(ref refused) == 0; step++)
            {
                try { engine.Step(rows, batch); }
                catch (InvalidOperationException wrong) when (wrong.Message.StartsWith("Another thread computes", StringComparison.Ordinal))
                {
                    Interlocked.Increment(ref refused);
                }
            }
        });
        Assert.True(refused > 0, "Both threads got through.");
        engine.Step(rows, batch);
    }

    static Engine Create() => new(new DeepFmModel(TestData.SmallModel).Build(5), data.Fields, new(), seed: 1, threads: 1);
}
