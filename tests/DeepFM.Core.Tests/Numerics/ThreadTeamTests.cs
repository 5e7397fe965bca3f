using DeepFM.Numerics;

namespace DeepFM.Core.Tests;

public class ThreadTeamTests
{
    public static TheoryData<int> ThreadCounts => [1, 2, 3, 8];

    [Theory, MemberData(nameof(ThreadCounts))]
    public void Run_DoesEveryTaskOnce(int threads)
    {
        using ThreadTeam team = new(threads);
        Assert.Equal(threads, team.Count);
        int[] done = new int[1000];
        int strangers = 0;
        void Body(int task, int thread)
        {
            Interlocked.Increment(ref done[task]);
            if (thread < 0 || thread >= threads) { Interlocked.Increment(ref strangers); }
        }
        for (int run = 0; run < 3000; run++)
        {
            int tasks = run % 100 == 0 ? 1000 : run % 11;
            Array.Clear(done);
            team.Run(tasks, Body);
            Assert.Equal(tasks, done.Sum());
            Assert.All(done[..tasks], times => Assert.Equal(1, times));
        }
        Assert.Equal(0, strangers);
    }

    // Threads that park between runs must wake for the next one.
    [Theory, MemberData(nameof(ThreadCounts))]
    public void Run_WakesThreadsThatHaveParked(int threads)
    {
        using ThreadTeam team = new(threads);
        for (int run = 0; run < 20; run++)
        {
            Thread.Sleep(run % 4 * 5);
            int done = 0;
            team.Run(64, (_, _) => Interlocked.Increment(ref done));
            Assert.Equal(64, done);
        }
    }

    [Theory, MemberData(nameof(ThreadCounts))]
    public void Run_NoThreadNumberIsUsedTwiceAtOnce(int threads)
    {
        using ThreadTeam team = new(threads);
        int[] inside = new int[threads];
        int clashes = 0;
        for (int run = 0; run < 200; run++)
        {
            team.Run(32, (_, thread) =>
            {
                if (Interlocked.Increment(ref inside[thread]) != 1) { Interlocked.Increment(ref clashes); }
                Thread.SpinWait(20);
                Interlocked.Decrement(ref inside[thread]);
            });
        }
        Assert.Equal(0, clashes);
    }

    [Theory, MemberData(nameof(ThreadCounts))]
    public void Run_AnExceptionOfAnyTask_ReachesTheCaller_AndTheTeamGoesOn(int threads)
    {
        using ThreadTeam team = new(threads);
        for (int run = 0; run < 300; run++)
        {
            int failing = run % 16;
            Exception thrown = Assert.ThrowsAny<Exception>(() => team.Run(16, (task, _) =>
            {
                if (task == failing) { throw new InvalidOperationException($"task {task}"); }
            }));
            Assert.Equal($"task {failing}",
                (thrown is AggregateException several ? several.InnerException! : thrown).Message);

            int done = 0;
            team.Run(16, (_, _) => Interlocked.Increment(ref done));
            Assert.Equal(16, done);
        }
    }

    [Fact]
    public void Run_ExceptionsOfTheCallerAndOfTheOthers_ReachTheCaller()
    {
        using ThreadTeam team = new(2);
        using Barrier both = new(2);
        foreach (int guilty in new[] { 0, 1 })
        {
            Exception thrown = Assert.ThrowsAny<Exception>(() => team.Run(2, (_, thread) =>
            {
                both.SignalAndWait(TestContext.Current.CancellationToken);      // each thread has one of the two tasks
                if (thread == guilty) { throw new InvalidOperationException($"thread {thread}"); }
            }));
            Assert.Equal(guilty == 0 ? typeof(InvalidOperationException) : typeof(AggregateException),
                thrown.GetType());
            Assert.Contains($"thread {guilty}", thrown.Message, StringComparison.Ordinal);
        }
        Assert.ThrowsAny<Exception>(() => team.Run(2, (_, _) => throw new InvalidOperationException("all")));
        int done = 0;
        team.Run(100, (_, _) => Interlocked.Increment(ref done));
        Assert.Equal(100, done);
    }

    [Fact]
    public void Dispose_EndsATeamThatNeverRan_AndMayComeTwice()
    {
        ThreadTeam team = new(5);
        team.Dispose();
        team.Dispose();
    }

    [Theory, MemberData(nameof(ThreadCounts))]
    public void Run_AfterDispose_IsRefused_WhateverTheNumberOfTasks(int threads)
    {
        ThreadTeam team = new(threads);
        team.Dispose();
        for (int tasks = 0; tasks < 3; tasks++)
        {
            Assert.Throws<ObjectDisposedException>(() => team.Run(tasks, (_, _) => Assert.Fail("A task ran.")));
        }
    }

    [Theory, MemberData(nameof(ThreadCounts))]
    public void Dispose_WhileARunIsUnderWay_LetsItEnd(int threads)
    {
        for (int round = 0; round < 50; round++)
        {
            ThreadTeam team = new(threads);
            int done = 0;
            team.Run(64, (task, _) =>
            {
                if (task == round) { team.Dispose(); }
                Interlocked.Increment(ref done);
            });
            Assert.Equal(64, done);
            Assert.Throws<ObjectDisposedException>(() => team.Run(1, (_, _) => { }));
        }
    }

    // A notebook interrupts the thread that runs a cell, wherever that is: between the start of the others and the wait for them too.
    [Fact]
    public void Run_InterruptedAnywhere_LeavesNoTaskBehind()
    {
        using ThreadTeam team = new(3);
        int inside = 0, left = 0, undone = 0, heard = 0;
        Thread caller = new(() =>
        {
            for (int run = 0; run < 1000; run++)
            {
                int done = 0;
                bool ended = false;
                try
                {
                    // Long enough for the others to park now and then, so that they must be woken.
                    if (run % 50 == 0) { Thread.Sleep(1); }
                    team.Run(7, (_, _) =>
                    {
                        Interlocked.Increment(ref inside);
                        Thread.SpinWait(10);
                        Interlocked.Increment(ref done);
                        Interlocked.Decrement(ref inside);
                    });
                    ended = true;
                }
                catch (ThreadInterruptedException) { heard++; }
                if (Volatile.Read(ref inside) != 0) { left++; }
                if (ended && done != 7) { undone++; }
            }
        });
        caller.Start();
        while (!caller.Join(0))
        {
            caller.Interrupt();
            Thread.SpinWait(100);
        }
        Assert.Equal((0, 0), (left, undone));
        Assert.True(heard > 0, "No interrupt was heard of.");
    }

    [Theory, InlineData(0), InlineData(1025)]
    public void RefusesOtherCounts(int threads)
    {
        ArgumentOutOfRangeException wrong = Assert.Throws<ArgumentOutOfRangeException>(() => new ThreadTeam(threads));
        Assert.StartsWith("threads must be in [1, 1024].", wrong.Message, StringComparison.Ordinal);
    }
}
