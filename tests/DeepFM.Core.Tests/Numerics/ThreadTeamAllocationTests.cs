using DeepFM.Numerics;

namespace DeepFM.Core.Tests;

/// <summary>A team that has run once allocates nothing.</summary>
[Collection(nameof(Alone))]
public class ThreadTeamAllocationTests
{
    [Theory, MemberData(nameof(ThreadTeamTests.ThreadCounts), MemberType = typeof(ThreadTeamTests))]
    public void Run_AllocatesNothing_OnTheThreadThatCallsIt(int threads)
    {
        using ThreadTeam team = new(threads);
        long sum = 0;
        Action<int, int> body = (task, _) => Interlocked.Add(ref sum, task);
        for (int run = 0; run < 100; run++) { team.Run(50, body); }

        AssertOneAttemptIsZero(() =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int run = 0; run < 1000; run++) { team.Run(50, body); }
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
    }

    [Fact]
    public void Run_OtherThreadsAllocateNothingEither()
    {
        using ThreadTeam team = new(4);
        long[] allocated = new long[4], before = new long[4];
        Action<int, int> body = (_, thread) => allocated[thread] = GC.GetAllocatedBytesForCurrentThread();
        void Runs() { for (int run = 0; run < 300; run++) { team.Run(200, body); } }
        Runs();
        AssertOneAttemptIsZero(() =>
        {
            Runs();
            allocated.CopyTo(before, 0);
            Runs();
            return before.Zip(allocated).Sum(pair => pair.First == 0 ? 0 : pair.Second - pair.First);   // 0: no task yet
        });
    }

    // A collection that the runtime's own threads cause meanwhile counts the rest of a thread's allocation chunk as allocated.
    static void AssertOneAttemptIsZero(Func<long> allocatedBytes) =>
        Assert.Contains(0, Enumerable.Range(0, 10).Select(_ => allocatedBytes()));
}
