using System.Runtime.ExceptionServices;
using DeepFM.Data;
using DeepFM.Research.Plans;
using DeepFM.Training;

namespace DeepFM.Research.Tests.Plans;

public sealed class PlanRunnerTests : IDisposable
{
    static readonly string[] tiny = ["embeddingSize=3", "hiddenWidths=8", "epochs=2", "batchSize=64", "pretrainEpochs=1"];
    readonly TinyData data = new();
    readonly DataSplits rows;

    public PlanRunnerTests() => rows = data.Load();

    public void Dispose()
    {
        rows.Dispose();
        data.Dispose();
    }

    [Fact]
    public void WhatIsDone_IsSkipped_AndWhatIsNotWhole_IsMadeAgain()
    {
        IReadOnlyList<FinishedRun> first = Run("out");
        Assert.All(first, run => Assert.False(run.WasThere));
        File.Delete(Path.Combine(first[1].Directory, TrainingRun.ScoresName));
        File.Delete(Path.Combine(first[2].Directory, TrainingRun.ReportName));
        string left = Path.Combine(first[2].Directory, "report.json.0abcdefg.h12.tmp");
        File.WriteAllText(left, "half of a rep");

        IReadOnlyList<FinishedRun> second = Run("out");

        Assert.Equal([true, false, false, true], second.Select(run => run.WasThere));
        Assert.Equal(first.Select(Result), second.Select(Result));
        Assert.False(File.Exists(left));
    }

    [Theory]
    [InlineData(1, 4), InlineData(2, 2), InlineData(4, 4), InlineData(8, 2)]
    public void JobsAndThreads_DoNotChangeTheResults(int jobs, int threads)
    {
        IReadOnlyList<FinishedRun> expected = Run("one"), actual = Run("many", jobs, threads);
        Assert.Equal(expected.Select(Result), actual.Select(Result));
        Assert.Equal(expected.Select(run => run.Run.Name), actual.Select(run => run.Run.Name));
        Assert.All(expected.Zip(actual), pair => Assert.Equal(Scores(pair.First), Scores(pair.Second)));
    }

    [Fact]
    public void RunsThatMustBeAlone_HaveNoOthersBesideThem_AndAllThreads()
    {
        Watch watch = new();
        PlannedRun[] runs = [.. Plan().Runs.Select((run, i) => run with { Alone = i % 2 == 0 })];
        IReadOnlyList<FinishedRun> finished = new PlanRunner(Store("out"), threads: 2, jobs: 2) { Progress = watch }
            .Run(new(runs), rows, TestContext.Current.CancellationToken);

        Assert.All(finished.Where(run => run.Run.Alone), run => Assert.Equal(2, run.Report.Threads));
        Assert.All(finished.Where(run => !run.Run.Alone), run => Assert.Equal(1, run.Report.Threads));
        string[] alone = [.. runs.Where(run => run.Alone).Select(run => run.Title)];
        Assert.All(watch.Seen, seen => Assert.True(seen.Running.Count <= 1 || !seen.Running.Intersect(alone).Any()));
        PlanProgress last = watch.Seen[^1];
        Assert.Equal((4, 4, 1.0), (last.Done, last.Count, last.Share));
        Assert.Equal(4, watch.Seen.Count(seen => seen.Completed is not null));
    }

    /// <summary>Two that end at once must not both be the second.</summary>
    [Fact]
    public void RunsSideBySide_AreCountedOneByOne()
    {
        Watch watch = new();
        new PlanRunner(Store("out"), threads: 4, jobs: 4) { Progress = watch }.Run(Plan(), rows, TestContext.Current.CancellationToken);
        Assert.Equal([1, 2, 3, 4], watch.Seen.Where(seen => seen.Completed is not null).Select(seen => seen.Done));
    }

    /// <summary>Each by itself would fit, and none has taken its memory when the next one looks.</summary>
    [Fact]
    public void RunsSideBySide_ThatMemoryDoesNotHold_AreRefused()
    {
        PlanRunner With(double memory, int jobs) => new(Store($"out{jobs}"), threads: 2, jobs) { Memory = () => (long)memory };
        double both = With(0, 2).LargestBytes([.. Plan().Runs.Where(run => !run.Alone).Select(run => run.Settings)], rows, 2).Sum();
        Assert.Matches(@"^2 runs side by side need about \d+\.\d MB of memory, but \d+\.\d MB are free\. Give --jobs 1\.$",
            Assert.Throws<UserErrorException>(() => With(both - 1, 2).Run(Plan(), rows, TestContext.Current.CancellationToken)).Message);
        Assert.Equal(4, With(both, 2).Run(Plan(), rows, TestContext.Current.CancellationToken).Count);
        Assert.Equal(4, With(0, 1).Run(Plan(), rows, TestContext.Current.CancellationToken).Count);
    }

    [Fact]
    public void ARunUnderWay_CountsWithWhatItHasDone()
    {
        Watch watch = new();
        new PlanRunner(Store("out"), threads: 1, jobs: 1) { Progress = watch }.Run(Plan(), rows, TestContext.Current.CancellationToken);
        Assert.Equal(watch.Seen.Select(seen => seen.Share).Order(), watch.Seen.Select(seen => seen.Share));
        PlanProgress[] first = [.. watch.Seen.TakeWhile(seen => seen.Done == 0)];
        Assert.Contains(first, seen => seen.Share > 0);
        Assert.Null(watch.Seen[0].SecondsLeft);
    }

    [Fact]
    public void TheTimeLeft_IsKnownFromTheStart_WhenAskedFor()
    {
        Watch watch = new();
        new PlanRunner(Store("out"), threads: 1, jobs: 1) { Progress = watch, EstimatesFirst = true }
            .Run(Plan(), rows, TestContext.Current.CancellationToken);
        Assert.All(watch.Seen, seen => Assert.True(seen.SecondsLeft >= 0));
        Assert.Equal(0, watch.Seen[^1].SecondsLeft);
    }

    /// <summary>The first run of the quick profile: a two-thousandth of the work, in a second, because the process is cold.</summary>
    [Fact]
    public void TheTimeLeft_IsNotThatOfTheFirstRuns_AndLaterThatOfThePlan()
    {
        Assert.Equal(2000, PlanRunner.SecondsLeft(0.0005, (1, 0.0005), expected: null)!.Value, tolerance: 1);
        Assert.InRange(PlanRunner.SecondsLeft(0.0005, (1, 0.0005), expected: 240)!.Value, 240, 260);
        Assert.Equal(240, PlanRunner.SecondsLeft(0, (0, 0), expected: 240)!.Value, tolerance: 1e-9);
        Assert.Equal(100, PlanRunner.SecondsLeft(0.5, (100, 0.5), expected: 400)!.Value, tolerance: 1e-9);
        Assert.Equal(81, PlanRunner.SecondsLeft(0.1, (9, 0.1), expected: 400)!.Value, tolerance: 1e-9);      // a tenth speaks for itself
        Assert.Equal(50, PlanRunner.SecondsLeft(0.5, (10, 0.1), expected: 400)!.Value, tolerance: 1e-9);      // it became faster
        Assert.Equal(0, PlanRunner.SecondsLeft(1, (100, 1), expected: 400));
        Assert.Null(PlanRunner.SecondsLeft(0, (10, 0), expected: null));
    }

    [Fact]
    public void RunsOfOtherData_AreInTheWay_UntilReplaced()
    {
        Run("out");
        RunStore other = new(data["out"], "another digest", rows.SplitDescription);
        UserErrorException wrong = Assert.Throws<UserErrorException>(() => other.Find(Plan().Runs[0]));
        Assert.Equal($"{Path.Combine(data["out"], "runs", Plan().Runs[0].Name, "report.json")} is a run with other data. "
            + "Choose another --out, or give --force to replace it.", wrong.Message);
        Assert.Null(new RunStore(data["out"], "another digest", rows.SplitDescription) { Replace = true }.Find(Plan().Runs[0]));
        Assert.Contains("other rows (split: given files)", Assert.Throws<UserErrorException>(
            () => new RunStore(data["out"], rows.Digest, "random").Find(Plan().Runs[0])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ARunOfAnotherSeed_IsInTheWay()
    {
        Run("out");
        PlannedRun run = Plan().Runs[0];
        Change(run, report => report with { Seed = 9 });
        Assert.EndsWith("is a run with other seed (9). Choose another --out, or give --force to replace it.",
            Assert.Throws<UserErrorException>(() => Store("out").Find(run)).Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(TrainingRun.ReportName), InlineData(TrainingRun.ScoresName)]
    public void ADamagedRun_IsNamed_AndForceMakesItAgain(string name)
    {
        FinishedRun run = Run("out")[0];
        string path = Path.Combine(run.Directory, name);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..20]);

        UserErrorException damaged = Assert.Throws<UserErrorException>(() => Run("out"));
        Assert.StartsWith(path, damaged.Message, StringComparison.Ordinal);
        Assert.EndsWith($" Delete {run.Directory} or give --force, and the run is made again.", damaged.Message, StringComparison.Ordinal);
        Assert.Null(new RunStore(data["out"], rows.Digest, rows.SplitDescription) { Replace = true }.Find(run.Run));
    }

    /// <summary>A time with one thread, or of an older build, is no measure for one with two.</summary>
    [Fact]
    public void Times_AreKept_UnlessSomeWouldBeOfOtherCircumstances()
    {
        ExperimentPlan timed = new(ExperimentPlan.Cross([Settings("lr"), Settings("fm")], [1], "figure6", alone: true));
        IReadOnlyList<FinishedRun> Timed(int threads) =>
            new PlanRunner(Store("out"), threads, jobs: 1).Run(timed, rows, TestContext.Current.CancellationToken);
        Timed(threads: 1);
        Assert.All(Timed(threads: 2), run => Assert.True(run.WasThere));                // all alike: nothing to do

        File.Delete(Path.Combine(Store("out").DirectoryOf(timed.Runs[1]), TrainingRun.ReportName));
        Assert.Equal([(2, false), (2, false)], Timed(threads: 2).Select(run => (run.Report.Threads, run.WasThere)));

        string path = Path.Combine(Store("out").DirectoryOf(timed.Runs[0]), TrainingRun.ReportName);
        RunReport report = RunReport.Read(path);
        (report with { Machine = report.Machine with { Commit = "another" } }).Write(path);
        Assert.Equal([false, true], Timed(threads: 2).Select(run => run.WasThere));
    }

    /// <summary>A time of another processor, number of cores, framework or register width is none of this machine.</summary>
    [Theory]
    [InlineData("processor"), InlineData("cores"), InlineData("bits"), InlineData("framework"), InlineData("commit"), InlineData("threads")]
    public void Times_OfAnyOtherCircumstance_AreMadeAgain_OnceOneIsMissing(string what)
    {
        ExperimentPlan timed = new(ExperimentPlan.Cross([Settings("lr"), Settings("fm")], [1], "figure6", alone: true));
        new PlanRunner(Store("out"), threads: 1, jobs: 1).Run(timed, rows, TestContext.Current.CancellationToken);
        Change(timed.Runs[0], report => what switch
        {
            "processor" => report with { Machine = report.Machine with { Processor = "another" } },
            "cores" => report with { Machine = report.Machine with { Cores = 99 } },
            "bits" => report with { Machine = report.Machine with { VectorBits = 64 } },
            "framework" => report with { Machine = report.Machine with { Framework = "another" } },
            "commit" => report with { Machine = report.Machine with { Commit = "another" } },
            _ => report with { Threads = 7 },
        });
        FoundRuns found = Store("out").Find(timed, threads: 1);

        Assert.Equal([true, false], found.Runs.Select(run => run is null));
        Assert.Equal(what == "bits"
            ? $"1 run that is there is made again with {Arithmetic.Current}, so that the figures of a table compare: it has numerics version "
                + $"{Arithmetic.CurrentVersion}, 64-bit vectors on a processor with {MachineReport.Current.WidestVectorBits}-bit ones."
            : "1 run that is there is made again, so that times compare: another machine, build or number of threads made it.",
            Assert.Single(found.Notices));
    }

    /// <summary>No table mixes builds or register widths; a plan that is whole and alike stays, whoever made it.</summary>
    [Theory, InlineData("version"), InlineData("none"), InlineData("bits"), InlineData("widest")]
    public void RunsOfOtherArithmetic_AreMadeAgain_UnlessAllAreAlike(string what)
    {
        Run("out");
        RunReport Other(RunReport report) => what switch
        {
            "version" => report with { NumericsVersion = Arithmetic.CurrentVersion + 1 },
            "none" => report with { NumericsVersion = null },
            "bits" => report with { Machine = report.Machine with { VectorBits = 64 } },
            _ => report with { Machine = report.Machine with { WidestVectorBits = 2048 } },
        };
        foreach (PlannedRun run in Plan().Runs) { Change(run, Other); }
        Assert.All(Run("out"), run => Assert.True(run.WasThere));
        Assert.Empty(Store("out").Find(Plan(), threads: 1).Notices);

        File.Delete(Path.Combine(Store("out").DirectoryOf(Plan().Runs[3]), TrainingRun.ReportName));
        Assert.StartsWith($"3 runs that are there are made again with {Arithmetic.Current}, so that the figures of a table compare: they have ",
            Assert.Single(Store("out").Find(Plan(), threads: 1).Notices), StringComparison.Ordinal);
        Watch watch = new();
        IReadOnlyList<FinishedRun> made = new PlanRunner(Store("out"), 1, 1) { Progress = watch }
            .Run(Plan(), rows, TestContext.Current.CancellationToken);
        Assert.All(made, run => Assert.Equal((false, Arithmetic.Current), (run.WasThere, run.Report.Arithmetic)));
        Assert.Single(watch.Seen[0].Notices!);

        Change(Plan().Runs[1], Other);
        Assert.Equal([true, false, true, true], Run("out").Select(run => run.WasThere));
        Change(Plan().Runs[2], Other);
        Assert.Equal(4, Store("out").FindAll(Plan()).Count);
    }

    /// <summary>Without a version, the commit is all that tells two kits apart.</summary>
    [Fact]
    public void RunsFromBeforeTheVersion_AreAlikeByTheirCommit()
    {
        Run("out");
        foreach (PlannedRun run in Plan().Runs)
        {
            Change(run, report => report with { NumericsVersion = null, Machine = report.Machine with { Commit = $"commit of seed {run.Seed}" } });
        }
        Assert.All(Store("out").Find(Plan(), threads: 1).Runs, Assert.Null);
    }

    /// <summary>A run of other arithmetic that is made again is timed anew, and then so are those that it is compared with.</summary>
    [Fact]
    public void WhatIsMadeAgain_MayBeTheReasonForMore()
    {
        PlannedRun[] runs = [new(Settings("lr"), 1, ["figure6"], Alone: true), new(Settings("fm"), 1, ["figure6"], Alone: true), new(Settings("lr"), 2, ["table2"])];
        ExperimentPlan plan = new(runs);
        new PlanRunner(Store("out"), threads: 1, jobs: 1).Run(plan, rows, TestContext.Current.CancellationToken);
        foreach (PlannedRun run in runs) { Change(run, report => report with { NumericsVersion = 99 }); }
        Change(runs[1], report => report with { Threads = 5 });

        Assert.All(Store("out").Find(plan, threads: 1).Runs, Assert.Null);
    }

    [Theory]
    [InlineData(1), InlineData(2)]
    public void ARunThatDiverges_IsNamed_AndThoseBeforeItStay(int jobs)
    {
        PlannedRun good = Plan().Runs[0];
        PlannedRun bad = new(Settings("fm").With("learningRate=100").With("optimizer=sgd").With("epochs=50").With("patience=0"), 1,
            ["figure7"]);
        TrainingFailedException failed = Assert.Throws<TrainingFailedException>(
            () => new PlanRunner(Store("out"), threads: 2, jobs).Run(new([good, bad]), rows, TestContext.Current.CancellationToken));
        Assert.StartsWith($"FM, seed 1 (figure7), {bad.Name}: ", failed.Message, StringComparison.Ordinal);
        if (jobs == 1) { Assert.NotNull(Store("out").Find(good)); }
        Assert.Null(Store("out").Find(bad));
    }

    /// <summary>What a full disk looks like to the runner: writing a run fails.</summary>
    [Fact]
    public void ARunThatCannotBeWritten_LeavesTheOthers()
    {
        ExperimentPlan plan = Plan();
        string runs = Directory.CreateDirectory(Path.Combine(data["out"], "runs")).FullName;
        File.WriteAllText(Path.Combine(runs, plan.Runs[2].Name), "a file where the run's directory should be");
        Assert.ThrowsAny<IOException>(() => Run("out"));
        Assert.Equal([true, true, false, false], plan.Runs.Select(run => Store("out").Find(run) is not null));
    }

    [Fact]
    public void Cancelling_KeepsWhatIsDone()
    {
        using CancellationTokenSource stop = new();
        Watch watch = new() { After = seen => { if (seen.Completed is not null) { stop.Cancel(); } } };
        Assert.ThrowsAny<OperationCanceledException>(() => new PlanRunner(Store("out"), 1, 1) { Progress = watch }
            .Run(Plan(), rows, stop.Token));
        Assert.Equal([true, false, false, false], Plan().Runs.Select(run => Store("out").Find(run) is not null));
    }

    /// <summary>The workers read the caller's data, which the caller frees once it is left.</summary>
    [Fact]
    public void ACallerThatIsInterrupted_LeavesAfterItsWorkers()
    {
        // Runs that would not end by themselves: they stop because the caller was interrupted, whenever it notices.
        ExperimentPlan plan = new(ExperimentPlan.Cross([Settings("lr").With("epochs=100000").With("patience=0")], [1, 2], "table2"));
        using ManualResetEventSlim busy = new(), noticed = new(), go = new();
        Watch watch = new()
        {
            After = seen =>
            {
                if (seen.Running.Count == 0) { return; }
                busy.Set();
                go.Wait();
            },
        };
        Exception? thrown = null;
        Thread caller = new(() => thrown = Record.Exception(
            () => new PlanRunner(Store("out"), threads: 2, jobs: 2) { Progress = watch }.Run(plan, rows)))
        { IsBackground = true };
        void Notice(object? sender, FirstChanceExceptionEventArgs first)
        {
            if (Thread.CurrentThread == caller && first.Exception is ThreadInterruptedException) { noticed.Set(); }
        }
        AppDomain.CurrentDomain.FirstChanceException += Notice;
        try
        {
            caller.Start();
            busy.Wait(TestContext.Current.CancellationToken);
            for (int times = 0; times < 3; times++)             // more often than there are workers to wait for
            {
                caller.Interrupt();
                noticed.Wait(TestContext.Current.CancellationToken);
                noticed.Reset();
                while (caller.IsAlive && !caller.ThreadState.HasFlag(ThreadState.WaitSleepJoin)) { Thread.Yield(); }
                Assert.True(caller.IsAlive);                    // it waits again
            }
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= Notice;
            go.Set();
        }
        Assert.True(caller.Join(TimeSpan.FromMinutes(1)));
        Assert.IsType<ThreadInterruptedException>(thrown);
        Assert.All(plan.Runs, run => Assert.Null(Store("out").Find(run)));
    }

    [Fact]
    public void AnEstimate_SaysWhatItIsFrom()
    {
        IReadOnlyList<FinishedRun> done = Run("out");
        DataShape shape = new(3, 300, 100);
        PlannedRun[] missing = [done[0].Run with { Seed = 7 }];
        TimeEstimate known = TimeEstimate.Of(done, missing, shape, threads: 1, TestContext.Current.CancellationToken);
        Assert.StartsWith("From the times of 4 finished runs", known.Basis, StringComparison.Ordinal);
        Assert.True(known.Seconds > 0);
        // Runs share all threads of the plan, whether side by side or one after the other.
        Assert.Equal(known.Seconds / 4, TimeEstimate.Of(done, missing, shape, threads: 4, TestContext.Current.CancellationToken).Seconds, known.Seconds * 1e-12);
        TimeEstimate probed = TimeEstimate.Of([], missing, shape, threads: 1, TestContext.Current.CancellationToken);
        Assert.StartsWith("From a measurement of half a second", probed.Basis, StringComparison.Ordinal);
        Assert.True(probed.Seconds > 0);
        Assert.Equal(0, TimeEstimate.Of(done, [], shape, 1, TestContext.Current.CancellationToken).Seconds);
        FinishedRun[] untrained = [.. done.Select(run => run with { Report = run.Report with { Training = run.Report.Training with { Epochs = [] } } })];
        Assert.InRange(TimeEstimate.Of(untrained, missing, shape, 1, TestContext.Current.CancellationToken).Seconds, 0, double.MaxValue);
    }

    void Change(PlannedRun run, Func<RunReport, RunReport> change)
    {
        string path = Path.Combine(Store("out").DirectoryOf(run), TrainingRun.ReportName);
        change(RunReport.Read(path)).Write(path);
    }

    static RunSettings Settings(string model) => RunSettings.Default(model).With(tiny);

    static ExperimentPlan Plan() => new(ExperimentPlan.Cross([Settings("lr"), Settings("fnn")], [1, 2], "table2", keepsScores: true));

    RunStore Store(string name) => new(data[name], rows.Digest, rows.SplitDescription);

    IReadOnlyList<FinishedRun> Run(string name, int jobs = 1, int threads = 1) =>
        new PlanRunner(Store(name), threads, jobs).Run(Plan(), rows, TestContext.Current.CancellationToken);

    static (double?, double) Result(FinishedRun run) => (run.Report.Test!.Auc, run.Report.Test.LogLoss);

    static byte[] Scores(FinishedRun run) => File.ReadAllBytes(Path.Combine(run.Directory, TrainingRun.ScoresName));

    sealed class Watch : IProgress<PlanProgress>
    {
        public List<PlanProgress> Seen { get; } = [];

        public Action<PlanProgress> After { get; init; } = _ => { };

        public void Report(PlanProgress value)
        {
            Seen.Add(value);
            After(value);
        }
    }
}
