using DeepFM.Data;
using DeepFM.Models;
using DeepFM.Training;

namespace DeepFM.Core.Tests;

/// <summary>Once it is warm, an engine allocates nothing: the collector never stops a training.</summary>
[Collection(nameof(Alone))]
public class EngineAllocationTests
{
    const int F = 7, Batch = 300;

    public static MatrixTheoryData<bool, int> Cases => new([false, true], [1, 2]);

    [Theory, MemberData(nameof(Cases))]
    public void Step_AllocatesNothing(bool batchNorm, int threads)
    {
        using EncodedData data = Rows();
        using Engine engine = Create(data, batchNorm, threads);
        int[] rows = [.. Enumerable.Range(0, Batch)];
        AssertAllocatesNothing(() => engine.Step(data, rows));
    }

    [Fact]
    public void Step_OfAllRows_WithALimitOnTheNorm_AllocatesNothing()
    {
        using EncodedData data = Rows();
        TrainingOptions options = new()
        {
            BatchSize = Batch,
            UpdateRows = TableRows.All,
            L2Rows = TableRows.All,
            EmbeddingL2 = 0.01f,
            ClipNorm = 0.1f,
        };
        using Engine engine = new(new DeepFmModel(TestData.SmallModel).Build(F), data.Fields, options, seed: 1, threads: 2);
        int[] rows = [.. Enumerable.Range(0, Batch)];
        AssertAllocatesNothing(() => engine.Step(data, rows));
    }

    [Theory, MemberData(nameof(Cases))]
    public void Score_AllocatesNothing(bool batchNorm, int threads)
    {
        using EncodedData data = Rows();
        using Engine engine = Create(data, batchNorm, threads);
        float[] logits = new float[2 * Batch + 7];
        AssertAllocatesNothing(() => engine.Score(data, 3, logits));
    }

    static void AssertAllocatesNothing(Action act)
    {
        for (int i = 0; i < 200; i++) { act(); }            // buffers grow, and the compiler has its last word
        // A timer or the compiler's own thread may allocate meanwhile: the least of five attempts is the engine's.
        long ofThread = long.MaxValue, ofProcess = long.MaxValue;
        for (int attempt = 0; attempt < 5 && (ofThread != 0 || ofProcess != 0); attempt++)
        {
            long thread = GC.GetAllocatedBytesForCurrentThread(), process = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < 20; i++) { act(); }
            ofProcess = Math.Min(ofProcess, GC.GetTotalAllocatedBytes(precise: true) - process);
            ofThread = Math.Min(ofThread, GC.GetAllocatedBytesForCurrentThread() - thread);
        }
        Assert.Equal(0, ofThread);
        Assert.Equal(0, ofProcess);
    }

    static Engine Create(EncodedData data, bool batchNorm, int threads)
    {
        ModelOptions options = TestData.SmallModel with { BatchNorm = batchNorm, DropRate = 0.5f };
        return new(new DeepFmModel(options).Build(F), data.Fields, new() { BatchSize = Batch }, seed: 1, threads);
    }

    static EncodedData Rows()
    {
        const int rows = 3 * Batch, ids = 29;
        EncodedField[] fields =
            [.. Enumerable.Range(0, F).Select(f => new EncodedField($"field{f}", FieldShape.OneId, f * ids, ids))];
        return EncodedData.FromArrays(fields, Draw.Labels(rows, seed: 1),
            [.. Draw.Ints(rows * F, ids, seed: 2).Select((id, at) => at % F * ids + id)]);
    }
}
