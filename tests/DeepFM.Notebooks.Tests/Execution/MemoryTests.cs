using DeepFM.Notebooks.Execution;

namespace DeepFM.Notebooks.Tests.Execution;

/// <summary>What cells leave in memory.</summary>
[Collection(nameof(Alone))]
public sealed class MemoryTests
{
    [Fact]
    public async Task ManyCells_NeedLittleMemory()
    {
        const int Cells = 300;
        const long LimitBytes = 50 << 10;               // a cell: 1,000 of them stay below 50 MB
        await using CellHost own = new();
        RecordedOutput output = new();
        async Task Run(int from)
        {
            for (int i = from; i < from + Cells; i++)
            {
                Assert.True((await own.RunAsync(i % 3 == 0 ? $"var x{i} = {i};" : "1 + 1", output, CancellationToken.None)).Succeeded);
            }
        }
        await Run(0);
        long before = Heap.Settled();
        await Run(Cells);
        Heap.AssertBelow(before + Cells * LimitBytes);
    }
}
